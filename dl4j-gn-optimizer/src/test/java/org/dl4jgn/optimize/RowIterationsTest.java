package org.dl4jgn.optimize;

import static org.dl4jgn.testing.Networks.classes;
import static org.dl4jgn.testing.Networks.dense;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.oneHot;
import static org.dl4jgn.testing.Networks.output;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.linalg.HostMemory;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.problem.PartCurvature;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.RowGram;
import org.dl4jgn.problem.RowSpace;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.PosedNetwork;
import org.dl4jgn.testing.Tolerances;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** SGN's iterations among rows, against the same settings by products with H. */
class RowIterationsTest {

    private static final int B = 20;
    private static final int PART = 10;
    private static final int IN = 20;
    private static final double RHO = 0.02;

    /** A tolerance that is never met leaves the iterations alone, and needs the long residual. */
    private static final double NEVER = 1e-300;

    /** A loss with an output activation. */
    enum Case {
        SQUARED(1, Activation.IDENTITY, new LossMSE()),
        SQUARED_TWO(2, Activation.IDENTITY, new LossMSE()),
        LOGISTIC(1, Activation.SIGMOID, new LossBinaryXENT()),
        SOFTMAX(3, Activation.SOFTMAX, new LossMCXENT());

        private final int outputs;
        private final Activation activation;
        private final ILossFunction loss;

        Case(int outputs, Activation activation, ILossFunction loss) {
            this.outputs = outputs;
            this.activation = activation;
            this.loss = loss;
        }

        /** With l2 on each layer's weights, 0 for none. */
        MultiLayerNetwork network(DataType type, double... l2) {
            BaseLayer[] layers = {
                dense(IN, 160, Activation.RELU),
                dense(160, 120, Activation.TANH),
                output(120, outputs, activation, loss)
            };
            for (int i = 0; i < l2.length; i++) {
                if (l2[i] > 0) {
                    layers[i].setRegularization(List.of(new L2Regularization(l2[i])));
                }
            }
            return Networks.of(type, layers);
        }

        INDArray labels() {
            return switch (this) {
                case SQUARED, SQUARED_TWO -> normal(2, 1.0, B, outputs);
                case LOGISTIC -> Networks.bits(2, B, 1);
                case SOFTMAX -> oneHot(classes(2, B, outputs), outputs);
            };
        }
    }

    private static Sgn.Builder sgn() {
        return Sgn.builder()
                .cgIterations(9)
                .projectedMomentum(0.9)
                .orthogonalized(20)
                .damping(Damping.hypergradient(0.1));
    }

    /** What a direction proposes, and what less damping would add to it. */
    record Proposed(Direction.Proposal proposal, INDArray delta, Direction.Sensitivity sensitivity) {

        static Proposed by(Sgn settings, Point point, @Nullable INDArray last) {
            return by(settings, point, last, RHO);
        }

        static Proposed by(Sgn settings, Point point, @Nullable INDArray last, double rho) {
            INDArray delta = point.gradient().dup();
            DataType type = delta.dataType();
            long d = delta.length();
            INDArray array = Nd4j.zeros(type, settings.stateSize(d));
            try (Direction direction = Directions.of(settings, type, d);
                    TrainingState state =
                            new TrainingState(array, settings.stateLayout(), List.of(new Span(0, d)), d)) {
                state.load(settings.damping());
                if (last != null) {
                    state.rememberDirection(last);
                }
                Direction.Proposal proposal = direction.propose(point, rho, state, delta);
                Direction.Sensitivity s = direction.sensitivity().orElseThrow();
                return new Proposed(
                        proposal, delta, new Direction.Sensitivity(s.change().dup(), s.slope(), s.curvature()));
            }
        }
    }

    /** l2 of the three layers: none, the same, three different values of D with those of the biases. */
    private static final List<double[]> PENALTIES =
            List.of(new double[0], new double[] {0.1, 0.1, 0.1}, new double[] {0.1, 0.02, 0.02});

    /** All but those in which products are less work: three levels of D with forty rows. */
    static Stream<Arguments> cases() {
        return Stream.of(Case.values())
                .flatMap(c -> Stream.of(DataType.DOUBLE, DataType.FLOAT)
                        .flatMap(type -> Stream.of(true, false)
                                .flatMap(remembers -> Stream.of(true, false)
                                        .flatMap(part -> PENALTIES.stream()
                                                .filter(l2 -> part || c.outputs == 1 || l2.length < 2 || l2[0] == l2[1])
                                                .map(l2 -> Arguments.of(c, type, remembers, part, l2))))));
    }

    /** The gradient of all examples, the curvature of the first of them. */
    private static Point ofPart(PosedNetwork at, INDArray x, INDArray y) {
        var few = NDArrayIndex.interval(0, PART);
        return new PartCurvature(
                at.point(),
                at.problems()
                        .part(x.get(few).dup('c'), y.get(few).dup('c'), null, PART, 0, 0)
                        .linearize(at.theta()));
    }

    @ParameterizedTest(name = "{0}, {1}, after a step {2}, part {3}, l2 {4}")
    @MethodSource("cases")
    void rowsGiveWhatProductsGive(Case of, DataType type, boolean remembers, boolean isPart, double[] l2) {
        INDArray x = normal(1, 1.0, B, IN).castTo(type);
        INDArray y = of.labels().castTo(type);
        try (PosedNetwork at = new PosedNetwork(of.network(type, l2), x, y)) {
            Point point = isPart ? ofPart(at, x, y) : at.point();
            INDArray last = remembers ? normal(5, 0.05, at.parameterCount()).castTo(type) : null;
            Proposed expected = Proposed.by(sgn().residualTolerance(NEVER).build(), point, last);
            Proposed found = Proposed.by(sgn().build(), point, last);
            assertEquals("CONJUGATE_GRADIENTS", expected.proposal.solve().solver());
            assertEquals("ROW_CONJUGATE_GRADIENTS", found.proposal.solve().solver());
            assertEquals(
                    expected.proposal.solve().iterations(),
                    found.proposal.solve().iterations());
            assertTrue(found.proposal.usable());
            double tolerance = Tolerances.directions(type);
            assertClose(expected.delta, found.delta, tolerance, "Δ");
            assertClose(expected.proposal.slope(), found.proposal.slope(), tolerance, "gᵀΔ");
            assertClose(expected.proposal.descent(), found.proposal.descent(), tolerance, "descent");
            assertClose(expected.proposal.curvature(), found.proposal.curvature(), tolerance, "Δᵀ(H + ρI)Δ");
            // differences of two solutions
            double ofChange = 10 * tolerance;
            assertClose(expected.sensitivity.change(), found.sensitivity.change(), ofChange, "w");
            assertClose(expected.sensitivity.slope(), found.sensitivity.slope(), ofChange, "gᵀw");
            assertClose(expected.sensitivity.curvature(), found.sensitivity.curvature(), ofChange, "wᵀHΔ");
        }
    }

    /** Where outputs are too many for a matrix of their rows, and layers wider than there are examples. */
    @ParameterizedTest(name = "{0}, after a step {1}, part {2}")
    @CsvSource({
        "DOUBLE, true, true",
        "DOUBLE, true, false",
        "DOUBLE, false, false",
        "FLOAT, true, true",
        "FLOAT, true, false"
    })
    void productsWithTheTangentKernelGiveThem(DataType type, boolean remembers, boolean isPart) {
        int c = 20;
        BaseLayer[] layers = {
            dense(120, 160, Activation.RELU),
            dense(160, 120, Activation.TANH),
            output(120, c, Activation.SOFTMAX, new LossMCXENT())
        };
        INDArray x = normal(1, 1.0, B, 120).castTo(type);
        INDArray y = oneHot(classes(2, B, c), c).castTo(type);
        try (PosedNetwork at = new PosedNetwork(Networks.of(type, layers), x, y)) {
            Point point = isPart ? ofPart(at, x, y) : at.point();
            RowSpace rows = point.rowSpace().orElseThrow();
            assertEquals(
                    rows.grams().get(1).productWork(),
                    RowIterations.offer(point, 9).orElseThrow().productWork());
            INDArray last = remembers ? normal(5, 0.05, at.parameterCount()).castTo(type) : null;
            Proposed expected = Proposed.by(sgn().residualTolerance(NEVER).build(), point, last);
            Proposed found = Proposed.by(sgn().build(), point, last);
            assertEquals("ROW_CONJUGATE_GRADIENTS", found.proposal.solve().solver());
            double tolerance = Tolerances.directions(type);
            assertClose(expected.delta, found.delta, tolerance, "Δ");
            assertClose(expected.proposal.curvature(), found.proposal.curvature(), tolerance, "Δᵀ(H + ρI)Δ");
            assertClose(expected.sensitivity.change(), found.sensitivity.change(), 10 * tolerance, "w");
            assertClose(expected.sensitivity.curvature(), found.sensitivity.curvature(), 10 * tolerance, "wᵀHΔ");
        }
    }

    /** An output that is certain and wrong has no w with r = Sw that is not huge. */
    @ParameterizedTest
    @ValueSource(doubles = {30, 200})
    void saturatedOutputsAreOneMoreVector(double scale) {
        INDArray x = normal(1, scale, B, IN);
        INDArray y = Case.SOFTMAX.labels();
        try (PosedNetwork at = new PosedNetwork(Case.SOFTMAX.network(DataType.DOUBLE), x, y)) {
            INDArray theta = at.theta().mul(3);
            at.linearize(theta);
            RowGram rows = at.rows().grams().get(0).open(Long.MAX_VALUE);
            assertNull(rows.preimage());
            // as the curvature grows
            double rho = RHO * scale * scale;
            Proposed expected = Proposed.by(sgn().residualTolerance(NEVER).build(), at.point(), null, rho);
            Proposed found = Proposed.by(sgn().build(), at.point(), null, rho);
            assertEquals("ROW_CONJUGATE_GRADIENTS", found.proposal.solve().solver());
            assertClose(expected.delta, found.delta, Tolerances.DOUBLE, "Δ");
        }
    }

    /** As on a backend whose memory is not the host's. */
    @ParameterizedTest
    @EnumSource(Case.class)
    void memoryNeedNotBeAddressable(Case of) {
        INDArray x = normal(1, 1.0, B, IN);
        try (PosedNetwork at = new PosedNetwork(of.network(DataType.DOUBLE, 0.1, 0.1, 0.1), x, of.labels())) {
            Proposed expected = Proposed.by(sgn().build(), at.point(), null);
            try (HostMemory.Hidden ignored = HostMemory.hide()) {
                Proposed found = Proposed.by(sgn().build(), at.point(), null);
                assertEquals("ROW_CONJUGATE_GRADIENTS", found.proposal.solve().solver());
                assertClose(expected.delta, found.delta, Tolerances.ROUNDING, "Δ");
            }
        }
    }

    @Test
    void whatIsMoreWorkIsLeftToProducts() {
        INDArray x = normal(1, 1.0, B, IN);
        try (PosedNetwork at = new PosedNetwork(Case.SQUARED.network(DataType.DOUBLE), x, Case.SQUARED.labels())) {
            assertTrue(RowIterations.offer(at.point(), 8).isPresent());
            assertTrue(RowIterations.offer(at.point(), 1).isEmpty(), "one iteration");
            assertTrue(RowIterations.offer(at.point(), B).isEmpty(), "as many iterations as rows");
        }
        MultiLayerNetwork wide = Networks.of(
                DataType.DOUBLE, dense(IN, 6, Activation.TANH), output(6, 30, Activation.IDENTITY, new LossMSE()));
        try (PosedNetwork at = new PosedNetwork(wide, x, normal(2, 1.0, B, 30))) {
            assertTrue(RowIterations.offer(at.point(), 8).isEmpty(), "30 outputs");
        }
    }

    /** What a report says of it. */
    @Test
    void theResidualIsSaidInWords() {
        INDArray x = normal(1, 1.0, B, IN);
        try (PosedNetwork at = new PosedNetwork(Case.SQUARED.network(DataType.DOUBLE), x, Case.SQUARED.labels())) {
            Proposed found = Proposed.by(sgn().build(), at.point(), null);
            Solve solve = found.proposal.solve();
            assertEquals(B, solve.size());
            assertTrue(Double.isNaN(solve.residualNorm()));
            INDArray residual = at.newVector();
            at.gaussNewton().apply(found.delta, residual);
            Vectors.axpy(RHO, found.delta, residual);
            Vectors.axpy(1.0, at.gradient(), residual);
            String said = String.format(Locale.ROOT, "residual %.3g (2-norm)", Vectors.norm2(residual));
            assertTrue(solve.ending().endsWith(said), solve.ending() + " for " + said);
        }
    }
}
