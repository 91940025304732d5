package org.dl4jgn.gram;

import static org.dl4jgn.testing.Networks.classes;
import static org.dl4jgn.testing.Networks.dense;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.oneHot;
import static org.dl4jgn.testing.Networks.output;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.products;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.linalg.SpdSolver;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.problem.DampedSystem;
import org.dl4jgn.problem.LayerFactors;
import org.dl4jgn.problem.Penalty;
import org.dl4jgn.problem.RowSpace;
import org.dl4jgn.testing.Matrix;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.Systems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;

/** The rows of a network's point: every system solves with any normalizer and penalty, in any order of queries. */
class NetworkRowSpaceTest {

    private static final int B = 6;
    private static final double LAMBDA = 0.05;

    /** A network with a batch; some have more rows than parameters. */
    private enum Net {
        SOFTMAX,
        REGRESSION,
        FEW_PARAMETERS,
        CONVOLUTION,
        PEEPHOLES;

        NetworkAt at(DataType type) {
            return switch (this) {
                case SOFTMAX ->
                    new NetworkAt(
                            Networks.of(
                                    type,
                                    dense(4, 5, Activation.TANH),
                                    output(5, 3, Activation.SOFTMAX, new LossMCXENT())),
                            normal(11, 1.0, B, 4),
                            oneHot(classes(6, B, 3), 3));
                case REGRESSION ->
                    new NetworkAt(
                            Networks.of(
                                    type,
                                    dense(4, 5, Activation.SIGMOID),
                                    output(5, 2, Activation.IDENTITY, new LossMSE())),
                            normal(11, 1.0, B, 4),
                            normal(5, 1.0, B, 2));
                case FEW_PARAMETERS ->
                    new NetworkAt(
                            Networks.of(type, output(2, 2, Activation.TANH, new LossMSE())),
                            normal(11, 1.0, B, 2),
                            normal(5, 1.0, B, 2));
                case CONVOLUTION ->
                    new NetworkAt(convolution(type), normal(11, 1.0, B, 2, 4, 4), oneHot(classes(6, B, 3), 3));
                case PEEPHOLES ->
                    new NetworkAt(
                            peepholes(type, output(3, 3, Activation.SOFTMAX, new LossMCXENT())),
                            normal(11, 1.0, B, 2, 4),
                            oneHot(classes(6, B, 3), 3));
            };
        }
    }

    private static MultiLayerNetwork convolution(DataType type) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(type)
                .seed(7)
                .list()
                .layer(new ConvolutionLayer.Builder(2, 2)
                        .nOut(2)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(new LossMCXENT())
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(4, 4, 2))
                .build());
        net.init();
        return net;
    }

    private static MultiLayerNetwork peepholes(DataType type, OutputLayer output) {
        GravesLSTM layer = new GravesLSTM.Builder()
                .nIn(2)
                .nOut(3)
                .activation(Activation.TANH)
                .build();
        MultiLayerNetwork net = Networks.of(type, new LastTimeStep(layer), output);
        net.setParams(normal(1, 0.5, 1, net.numParams()).castTo(type));
        return net;
    }

    static Stream<Arguments> systems() {
        return Stream.of(Net.values())
                .flatMap(net -> Stream.of(DataType.DOUBLE, DataType.FLOAT)
                        .flatMap(type -> Systems.ALL.stream().map(name -> Arguments.of(net, type, name))));
    }

    /** With N ≠ b, as for a part of a mini-batch, with l2 on the weights of one array, and an addend. */
    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("systems")
    void normalizerPenaltyAndAddend(Net net, DataType type, String name) {
        double normalizer = 2.5 * B;
        try (NetworkAt exact = net.at(DataType.DOUBLE);
                NetworkAt at = net.at(type);
                Penalty penalty = penalty(at, type)) {
            INDArray addend = normal(3, 0.5, at.space.theta.length());
            INDArray delta = at.newVector();
            RowSpace rows = at.rows(normalizer).with(penalty, at.theta()).orElseThrow();
            assertTrue(Systems.open(rows, name, DataType.DOUBLE).solve(LAMBDA, addend.castTo(type), delta));

            Matrix h = exact.curvature(normalizer).plus(Matrix.diagonal(diagonal(penalty, at)));
            INDArray minusG = exact.gradient(normalizer).neg();
            for (int i = 0; i < minusG.length(); i++) {
                double pull = penalty.coefficientAt(i) * exact.theta().getDouble(i);
                minusG.putScalar(i, minusG.getDouble(i) - pull + addend.getDouble(i));
            }
            double[] expected = h.plusIdentity(LAMBDA).solve(minusG.toDoubleVector());
            assertClose(Nd4j.createFromArray(expected), delta, products(type), "Δ");
        }
    }

    private static Penalty penalty(NetworkAt at, DataType type) {
        List<Span> spans = at.space.slots().stream()
                .map(slot -> new Span(slot.offset(), slot.length()))
                .toList();
        double[] coefficients = new double[spans.size()];
        coefficients[0] = 0.2;
        return new Penalty(spans, coefficients, type);
    }

    private static double[] diagonal(Penalty penalty, NetworkAt at) {
        double[] diagonal = new double[(int) at.space.theta.length()];
        for (int i = 0; i < diagonal.length; i++) {
            diagonal[i] = penalty.coefficientAt(i);
        }
        return diagonal;
    }

    /** −(H + λI)⁻¹g by elimination. */
    private static INDArray direction(NetworkAt at, double lambda) {
        double[] minusG = at.gradient(B).neg().toDoubleVector();
        return Nd4j.createFromArray(at.curvature(B).plusIdentity(lambda).solve(minusG));
    }

    /** What backends without LAPACK in host memory use gives the same numbers. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("nets")
    void everySolverGivesTheSameDirection(Net net) {
        try (NetworkAt at = net.at(DataType.DOUBLE)) {
            DampedDiagonal p = new DampedDiagonal(null, LAMBDA);
            for (SpdSolver solver : List.of(SpdSolver.create(), SpdSolver.portable())) {
                try (ExactSystem gram = new GramSystem(rows(at, true), solver, false)) {
                    assertDirection(at, gram, p);
                }
            }
            for (SpdSolver solver : List.of(SpdSolver.create(), SpdSolver.portable())) {
                try (ExactSystem parameters = new ParameterSystem(rows(at, false), solver, false)) {
                    assertDirection(at, parameters, p);
                }
            }
        }
    }

    private static Rows rows(NetworkAt at, boolean reduced) {
        return new NetworkRows(at.graphs, at.space, at.network, DataType.DOUBLE, reduced);
    }

    private static void assertDirection(NetworkAt at, ExactSystem system, DampedDiagonal p) {
        INDArray delta = at.newVector();
        system.load();
        assertTrue(system.factor(p));
        assertTrue(system.solve(null, delta));
        assertClose(direction(at, p.lambda()), delta, DOUBLE, "Δ");
    }

    static Stream<Net> nets() {
        return Stream.of(Net.values());
    }

    /** Counts that are all zero: the loss is linear in the output, Q = 0, and the step is along the gradient. */
    @ParameterizedTest
    @MethodSource("names")
    void withoutCurvatureTheStepIsTheGradients(String name) {
        MultiLayerNetwork dense = Networks.of(
                DataType.DOUBLE, dense(4, 5, Activation.TANH), output(5, 1, Activation.SOFTPLUS, new LossPoisson()));
        assertStepAlongTheGradient(name, dense, normal(11, 1.0, B, 4));
        MultiLayerNetwork recurrent = peepholes(DataType.DOUBLE, output(3, 1, Activation.SOFTPLUS, new LossPoisson()));
        assertStepAlongTheGradient(name, recurrent, normal(11, 1.0, B, 2, 4));
    }

    private static void assertStepAlongTheGradient(String name, MultiLayerNetwork net, INDArray features) {
        try (NetworkAt at = new NetworkAt(net, features, Nd4j.zeros(DataType.DOUBLE, B, 1))) {
            INDArray delta = at.newVector();
            assertTrue(Systems.open(at.rows(B), name, DataType.DOUBLE).solve(0.1, null, delta));
            assertEquals(0, at.curvature(B).trace());
            assertTrue(Vectors.norm2(at.gradient(B)) > 0.1);
            assertClose(at.gradient(B).mul(-10), delta, ROUNDING, "−g/λ");
        }
    }

    static Stream<String> names() {
        return Systems.ALL.stream();
    }

    /** None of the queries changes what another returns, wherever trial points have left the network. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("nets")
    void queriesInAnyOrder(Net net) {
        try (NetworkAt at = net.at(DataType.DOUBLE)) {
            INDArray expected = direction(at, LAMBDA);
            INDArray damped = direction(at, 3.0);
            INDArray delta = at.newVector();
            INDArray other = at.newVector();
            RowSpace rows = at.rows(B);
            at.stray();
            for (String name : Systems.ALL) {
                DampedSystem first = Systems.open(rows, name, DataType.DOUBLE);
                DampedSystem second = Systems.open(at.rows(B), name, DataType.DOUBLE);
                at.stray();
                assertTrue(first.solve(LAMBDA, null, delta));
                assertTrue(second.solve(3.0, null, other));
                assertClose(expected, delta, DOUBLE, name + ": Δ");
                assertClose(damped, other, DOUBLE, name + ": Δ for another λ");
                // the same buffers hold the other's factor now
                at.stray();
                INDArray corrected = at.newVector();
                first.correct(at.gradient(B).neg(), corrected);
                assertClose(expected, corrected, DOUBLE, name + ": correction");
            }
            for (String name : Systems.ALL) {
                assertTrue(Systems.open(rows, name, DataType.DOUBLE).solve(LAMBDA, null, delta));
                assertClose(expected, delta, DOUBLE, name + ": Δ");
            }
            assertTrue(at.restored() > 0);
        }
    }

    /** What a rejected trial asks for: another λ at the point that the trial has left, of the matrix that was kept. */
    @ParameterizedTest(name = "{0}, {2}")
    @MethodSource("doubleSystems")
    void anotherDampingOfAKeptMatrix(Net net, DataType type, String name) {
        try (NetworkAt at = net.at(type)) {
            RowSpace.SystemOffer plain = Systems.offer(at.rows(B), name);
            assertTrue(plain.keeping().bytes(type) > plain.bytes(type), "bytes of the copy");
            INDArray delta = at.newVector();
            for (double lambda : new double[] {LAMBDA, 10 * LAMBDA, 30 * LAMBDA}) {
                DampedSystem system = plain.keeping().open(type, Long.MAX_VALUE);
                assertTrue(system.solve(lambda, null, delta));
                assertClose(direction(at, lambda), delta, DOUBLE, "Δ for λ = " + lambda);
                at.stray();
            }
        }
    }

    /** Of dense layers all is kept that another λ takes: the network stays at the trial. */
    @ParameterizedTest
    @MethodSource("names")
    void anotherDampingTakesNoForwardPass(String name) {
        for (Net net : List.of(Net.REGRESSION, Net.SOFTMAX, Net.FEW_PARAMETERS)) {
            try (NetworkAt at = net.at(DataType.DOUBLE)) {
                INDArray expected = direction(at, 7 * LAMBDA);
                RowSpace.SystemOffer offer = Systems.offer(at.rows(B), name).keeping();
                INDArray delta = at.newVector();
                assertTrue(offer.open(DataType.DOUBLE, Long.MAX_VALUE).solve(LAMBDA, null, delta));
                at.stray();
                int restored = at.restored();
                assertTrue(offer.open(DataType.DOUBLE, Long.MAX_VALUE).solve(7 * LAMBDA, null, delta));
                assertEquals(restored, at.restored(), net + ": network put back");
                assertClose(expected, delta, DOUBLE, net + ": Δ");
                at.stray();
                offer.open(DataType.DOUBLE, Long.MAX_VALUE).solve(LAMBDA, at.theta(), delta);
                assertEquals(
                        name.equals(Systems.GRAM),
                        at.restored() > restored,
                        net + ": an addend takes a product with J");
            }
        }
    }

    static Stream<Arguments> doubleSystems() {
        return systems().filter(a -> a.get()[1] == DataType.DOUBLE);
    }

    /** Of one network at one θ: a part of a mini-batch after the whole. */
    @ParameterizedTest
    @MethodSource("names")
    void normalizersDoNotMix(String name) {
        try (NetworkAt at = Net.SOFTMAX.at(DataType.DOUBLE)) {
            INDArray ofWhole = at.newVector();
            INDArray ofPart = at.newVector();
            assertTrue(Systems.open(at.rows(B), name, DataType.DOUBLE).solve(3 * LAMBDA, null, ofWhole));
            assertTrue(Systems.open(at.rows(3 * B), name, DataType.DOUBLE).solve(LAMBDA, null, ofPart));
            // (H/3 + λI)Δ = −g/3 is (H + 3λI)Δ = −g
            assertClose(ofWhole, ofPart, ROUNDING, "Δ");
            assertClose(direction(at, 3 * LAMBDA), ofWhole, DOUBLE, "Δ");
        }
    }

    @Test
    void aCorrectionNeedsASolution() {
        try (NetworkAt at = Net.SOFTMAX.at(DataType.DOUBLE)) {
            DampedSystem system = Systems.open(at.rows(B), Systems.GRAM, DataType.DOUBLE);
            INDArray delta = at.newVector();
            assertThrows(IllegalStateException.class, () -> system.correct(delta, delta));
            assertThrows(IllegalArgumentException.class, () -> system.solve(0, null, delta));
            assertThrows(IllegalArgumentException.class, () -> system.solve(Double.NaN, null, delta));
        }
    }

    @Test
    void rowsHaveOnePenalty() {
        try (NetworkAt at = Net.SOFTMAX.at(DataType.DOUBLE);
                Penalty penalty = penalty(at, DataType.DOUBLE)) {
            RowSpace rows = at.rows(B).with(penalty, at.theta()).orElseThrow();
            assertTrue(rows.with(penalty, at.theta()).isEmpty());
        }
    }

    /** Outputs that depend on all examples have no rows of their own. */
    @Test
    void batchNormalizationHasNoRowSpace() {
        MultiLayerNetwork net = Networks.of(
                DataType.DOUBLE,
                dense(4, 5, Activation.TANH),
                new BatchNormalization.Builder().nIn(5).nOut(5).build(),
                output(5, 2, Activation.IDENTITY, new LossMSE()));
        try (NetworkAt at = new NetworkAt(net, normal(11, 1.0, B, 4), normal(5, 1.0, B, 2))) {
            assertEquals(Optional.empty(), NetworkRowSpace.of(at.linearized(B)));
            assertEquals(List.of(), NetworkRowSpace.layerFactors(at.linearized(B)));
        }
    }

    static Stream<Arguments> typed() {
        return Stream.of(Net.values())
                .flatMap(net -> Stream.of(DataType.DOUBLE, DataType.FLOAT).map(type -> Arguments.of(net, type)));
    }

    /** Row r of R on a dense layer is xᵢ ⊗ δᵣ, so that the layer's block of H is (1/N)RᵀR of these. */
    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("typed")
    void factorsOfADenseLayerMakeItsBlock(Net net, DataType type) {
        double normalizer = 1.5 * B;
        try (NetworkAt exact = net.at(DataType.DOUBLE);
                NetworkAt at = net.at(type)) {
            at.stray();
            List<LayerFactors> layers = NetworkRowSpace.layerFactors(at.linearized(normalizer));
            at.stray();
            Systems.open(at.rows(normalizer), Systems.GRAM, type);
            assertEquals(net == Net.SOFTMAX || net == Net.REGRESSION ? 2 : 1, layers.size());
            INDArray h = exact.curvature(normalizer).toArray();
            for (LayerFactors layer : layers) {
                long from = layer.weights().from();
                INDArray rows = rows(layer).castTo(DataType.DOUBLE);
                INDArray block = h.get(interval(from, rows.size(1)), interval(from, rows.size(1)));
                assertTrue(Vectors.norm2(block.dup()) > 1e-3);
                assertClose(
                        block,
                        rows.transpose().mmul(rows).div(normalizer),
                        products(type),
                        "block of " + layer.weights());
            }
        }
    }

    /** R on the layer's weights and the biases behind them. */
    private static INDArray rows(LayerFactors layer) {
        INDArray x = layer.inputs();
        INDArray delta = layer.cotangents();
        long q = delta.size(0) / x.size(0);
        long m = delta.size(1);
        assertEquals(x.size(1) * m, layer.weights().length());
        Span biases = layer.biases();
        assertTrue(biases != null
                && biases.from() == layer.weights().from() + layer.weights().length());
        INDArray rows =
                Nd4j.create(delta.dataType(), delta.size(0), layer.weights().length() + m);
        for (long r = 0; r < delta.size(0); r++) {
            for (long k = 0; k < m; k++) {
                for (long i = 0; i < x.size(1); i++) {
                    rows.putScalar(r, i * m + k, x.getDouble(r / q, i) * delta.getDouble(r, k));
                }
                rows.putScalar(r, layer.weights().length() + k, delta.getDouble(r, k));
            }
        }
        return rows;
    }

    private static INDArrayIndex interval(long from, long length) {
        return NDArrayIndex.interval(from, from + length);
    }

    /** The limit is on all that is kept together. */
    @Test
    void systemsBeyondTheLimitAreFreed() {
        try (NetworkAt at = Net.SOFTMAX.at(DataType.DOUBLE)) {
            RowSpace.SystemOffer gram = Systems.offer(at.rows(B), Systems.GRAM);
            RowSpace.SystemOffer parameters = Systems.offer(at.rows(B), Systems.PARAMETERS);
            INDArray delta = at.newVector();
            DampedSystem first = gram.open(DataType.DOUBLE, Long.MAX_VALUE);
            long one = at.systems.bytes();
            parameters.open(DataType.DOUBLE, Long.MAX_VALUE);
            assertTrue(at.systems.bytes() > one, "both are kept");
            assertTrue(first.solve(LAMBDA, null, delta));

            parameters.open(DataType.FLOAT, parameters.bytes(DataType.FLOAT));
            assertTrue(at.systems.bytes() <= parameters.bytes(DataType.FLOAT), "only the last is kept");
            String message = assertThrows(IllegalStateException.class, () -> first.solve(LAMBDA, null, delta))
                    .getMessage();
            assertTrue(message.contains("open it again"), message);
        }
    }

    /** A system that a later point does not ask for goes when that makes another. */
    @Test
    void whatOnlyEarlierPointsUsedGoes() {
        try (NetworkAt at = Net.SOFTMAX.at(DataType.DOUBLE)) {
            Systems.open(at.rows(B), Systems.GRAM, DataType.FLOAT);
            at.moveTo(at.theta().mul(0.5));
            Systems.open(at.rows(B), Systems.GRAM, DataType.DOUBLE);
            long both = at.systems.bytes();
            at.systems.free(at.network);
            assertEquals(0, at.systems.bytes());
            Systems.open(at.rows(B), Systems.GRAM, DataType.DOUBLE);
            assertEquals(both, at.systems.bytes());
        }
    }

    /** ND4J numbers everything native that it allocates. */
    private static long allocations(Runnable work) {
        long before = Nd4j.getDeallocatorService().nextValue();
        work.run();
        return Nd4j.getDeallocatorService().nextValue() - before - 1;
    }

    @Test
    void allocationsAreCounted() {
        assertEquals(0, allocations(() -> {}));
        assertTrue(allocations(() -> Nd4j.create(DataType.DOUBLE, 3)) > 0);
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("systems")
    void pointsAndSolutionsAllocateNothing(Net net, DataType type, String name) {
        try (NetworkAt at = net.at(type)) {
            INDArray delta = at.newVector();
            INDArray addend = at.theta();
            DampedSystem before = Systems.open(at.rows(B), name, DataType.DOUBLE);
            assertTrue(before.solve(LAMBDA, addend, delta));
            before.correct(addend, delta);
            at.moveTo(at.theta().mul(0.5));
            RowSpace rows = at.rows(B);
            long restoring = allocations(() -> at.linearized(B).position().restore());
            assertEquals(restoring, allocations(() -> Systems.open(rows, name, DataType.DOUBLE)), "open");
            DampedSystem system = Systems.open(rows, name, DataType.DOUBLE);
            assertEquals(restoring, allocations(() -> system.solve(LAMBDA, addend, delta)), "solve");
            assertEquals(restoring, allocations(() -> system.correct(addend, delta)), "correct");
        }
    }

    @Test
    void factorsBelongToThePoint() {
        try (NetworkAt at = Net.SOFTMAX.at(DataType.DOUBLE)) {
            LayerFactors layer = NetworkRowSpace.layerFactors(at.linearized(B)).get(0);
            double[] before = layer.cotangents().toDoubleMatrix()[0];
            Systems.open(at.rows(B), Systems.PARAMETERS, DataType.DOUBLE).solve(LAMBDA, null, at.newVector());
            at.stray();
            assertArrayEquals(before, layer.cotangents().toDoubleMatrix()[0]);
        }
    }
}
