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
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.problem.PartCurvature;
import org.dl4jgn.problem.Penalty;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.RegularizedProblem;
import org.dl4jgn.problem.RowGram;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.PosedNetwork;
import org.dl4jgn.testing.Tolerances;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
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

        MultiLayerNetwork network(DataType type) {
            return Networks.of(
                    type,
                    dense(IN, 30, Activation.RELU),
                    dense(30, 20, Activation.TANH),
                    output(20, outputs, activation, loss));
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
                .cgIterations(8)
                .projectedMomentum(0.9)
                .orthogonalized(20)
                .lineSearch(LineSearch.none())
                .damping(Damping.hypergradient(0.1));
    }

    /** What a direction proposes, and what less damping would add to it. */
    private record Proposed(Direction.Proposal proposal, INDArray delta, Direction.Sensitivity sensitivity) {

        static Proposed by(Sgn settings, Point point, @Nullable INDArray last) {
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
                Direction.Proposal proposal = direction.propose(point, RHO, state, delta);
                Direction.Sensitivity s = direction.sensitivity().orElseThrow();
                return new Proposed(
                        proposal, delta, new Direction.Sensitivity(s.change().dup(), s.slope(), s.curvature()));
            }
        }
    }

    static Stream<Arguments> cases() {
        return Stream.of(Case.values())
                .flatMap(c -> Stream.of(DataType.DOUBLE, DataType.FLOAT)
                        .flatMap(type -> Stream.of(true, false)
                                .flatMap(remembers ->
                                        Stream.of(true, false).map(part -> Arguments.of(c, type, remembers, part)))));
    }

    @ParameterizedTest(name = "{0}, {1}, after a step {2}, part {3}")
    @MethodSource("cases")
    void rowsGiveWhatProductsGive(Case of, DataType type, boolean remembers, boolean isPart) {
        INDArray x = normal(1, 1.0, B, IN).castTo(type);
        INDArray y = of.labels().castTo(type);
        try (PosedNetwork at = new PosedNetwork(of.network(type), x, y)) {
            Point point = at.point();
            if (isPart) {
                var few = NDArrayIndex.interval(0, PART);
                point = new PartCurvature(
                        point,
                        at.problems()
                                .part(x.get(few).dup('c'), y.get(few).dup('c'), null, PART, 0, 0)
                                .linearize(at.theta()),
                        at.newVector());
            }
            INDArray last = remembers ? normal(5, 0.05, at.parameterCount()).castTo(type) : null;
            Proposed expected = Proposed.by(sgn().residualTolerance(NEVER).build(), point, last);
            Proposed found = Proposed.by(sgn().build(), point, last);
            assertEquals("CONJUGATE_GRADIENTS", expected.proposal.solve().solver());
            assertEquals("ROW_CONJUGATE_GRADIENTS", found.proposal.solve().solver());
            assertEquals(
                    expected.proposal.solve().iterations(),
                    found.proposal.solve().iterations());
            assertTrue(found.proposal.usable());
            double tolerance = type == DataType.DOUBLE ? Tolerances.DOUBLE : Tolerances.FLOAT;
            assertClose(expected.delta, found.delta, tolerance, "Δ");
            assertClose(expected.proposal.slope(), found.proposal.slope(), tolerance, "gᵀΔ");
            assertClose(expected.proposal.descent(), found.proposal.descent(), tolerance, "descent");
            assertClose(expected.proposal.curvature(), found.proposal.curvature(), tolerance, "Δᵀ(H + ρI)Δ");
            assertClose(expected.sensitivity.change(), found.sensitivity.change(), 10 * tolerance, "w");
            assertClose(expected.sensitivity.slope(), found.sensitivity.slope(), 10 * tolerance, "gᵀw");
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
            RowGram rows = at.rows().gram().orElseThrow().open(Long.MAX_VALUE);
            assertNull(rows.preimage());
            Proposed expected = Proposed.by(sgn().residualTolerance(NEVER).build(), at.point(), null);
            Proposed found = Proposed.by(sgn().build(), at.point(), null);
            assertEquals("ROW_CONJUGATE_GRADIENTS", found.proposal.solve().solver());
            assertClose(expected.delta, found.delta, Tolerances.DOUBLE, "Δ");
        }
    }

    @Test
    void penaltiesAndManyOutputsAreLeftToProducts() {
        INDArray x = normal(1, 1.0, B, IN);
        try (PosedNetwork at = new PosedNetwork(Case.SQUARED.network(DataType.DOUBLE), x, Case.SQUARED.labels())) {
            long d = at.parameterCount();
            assertTrue(RowIterations.offer(at.point(), 8).isPresent());
            assertTrue(RowIterations.offer(at.point(), 1).isEmpty(), "one iteration");
            try (Penalty penalty = new Penalty(List.of(new Span(0, d)), new double[] {0.1}, DataType.DOUBLE);
                    RegularizedProblem regularized = new RegularizedProblem(at.problem(), penalty)) {
                assertTrue(
                        RowIterations.offer(regularized.linearize(at.theta()), 8)
                                .isEmpty(),
                        "l2");
            }
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
