package org.dl4jgn.gram;

import static org.dl4jgn.testing.Networks.classes;
import static org.dl4jgn.testing.Networks.dense;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.oneHot;
import static org.dl4jgn.testing.Networks.output;
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
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.curvature.NetworkProblem;
import org.dl4jgn.curvature.NetworkProblems;
import org.dl4jgn.curvature.WorkingParameters;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.network.MiniBatch;
import org.dl4jgn.problem.Penalty;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.RowGram;
import org.dl4jgn.problem.RowSpace.GramOffer;
import org.dl4jgn.testing.GraphNetworks;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.PosedNetwork;
import org.dl4jgn.translate.GraphModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Products with the tangent kernel, against the Gram matrix that is formed of the same rows. */
class TangentKernelTest {

    private static final int B = 6;

    /** A network with batches; the dense layers are wider than there are examples, but for one. */
    private enum Net {
        SQUARED,
        SOFTMAX,
        NARROW,
        WITHOUT_BIAS,
        CONVOLUTION,
        DROPOUT;

        MultiLayerNetwork network(DataType type) {
            return switch (this) {
                case SQUARED ->
                    Networks.of(
                            type,
                            dense(20, 30, Activation.TANH),
                            dense(30, 25, Activation.RELU),
                            output(25, 2, Activation.IDENTITY, new LossMSE()));
                case SOFTMAX ->
                    Networks.of(
                            type,
                            dense(20, 30, Activation.SIGMOID),
                            output(30, 4, Activation.SOFTMAX, new LossMCXENT()));
                case NARROW ->
                    Networks.of(
                            type,
                            dense(20, 30, Activation.TANH),
                            dense(30, 2, Activation.TANH),
                            output(2, 2, Activation.IDENTITY, new LossMSE()));
                case WITHOUT_BIAS -> {
                    DenseLayer first = dense(20, 30, Activation.TANH);
                    first.setHasBias(false);
                    yield Networks.of(type, first, output(30, 2, Activation.IDENTITY, new LossMSE()));
                }
                case CONVOLUTION -> convolution(type);
                case DROPOUT -> {
                    DenseLayer second = dense(30, 25, Activation.TANH);
                    second.setIDropout(new Dropout(0.7));
                    yield Networks.of(
                            type,
                            dense(20, 30, Activation.TANH),
                            second,
                            output(25, 4, Activation.SOFTMAX, new LossMCXENT()));
                }
            };
        }

        private int outputs() {
            return this == SOFTMAX || this == CONVOLUTION || this == DROPOUT ? 4 : 2;
        }

        INDArray features(long seed, DataType type) {
            return (this == CONVOLUTION ? normal(seed, 1.0, B, 1, 5, 4) : normal(seed, 1.0, B, 20)).castTo(type);
        }

        INDArray labels(long seed, DataType type) {
            INDArray labels = outputs() == 4 ? oneHot(classes(seed, B, 4), 4) : normal(seed, 1.0, B, 2);
            return labels.castTo(type);
        }
    }

    private static MultiLayerNetwork convolution(DataType type) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(type)
                .seed(7)
                .weightInit(WeightInit.XAVIER)
                .list()
                .layer(new ConvolutionLayer.Builder(2, 2)
                        .nOut(3)
                        .activation(Activation.TANH)
                        .build())
                .layer(new DenseLayer.Builder()
                        .nOut(30)
                        .activation(Activation.RELU)
                        .build())
                .layer(new OutputLayer.Builder(new LossMCXENT())
                        .nOut(4)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(5, 4, 1))
                .build());
        net.init();
        return net;
    }

    static Stream<Arguments> nets() {
        return Stream.of(Net.values())
                .flatMap(net -> Stream.of(DataType.DOUBLE, DataType.FLOAT).map(type -> Arguments.of(net, type)));
    }

    private static INDArray vector(double[] y) {
        return Nd4j.createFromArray(y);
    }

    private static void assertSame(PosedNetwork at, String what) {
        assertSame(at.point(), at.newVector(), what);
    }

    private static void assertSame(Point at, INDArray v, String what) {
        double tolerance = products(v.dataType());
        List<GramOffer> offers = at.rowSpace().orElseThrow().grams();
        assertEquals(2, offers.size());
        RowGram expected = offers.get(0).open(Long.MAX_VALUE);
        RowGram found = offers.get(1).open(Long.MAX_VALUE);
        int n = expected.size();
        assertEquals(n, found.size());
        assertEquals(expected.normalizer(), found.normalizer());
        double[] y = normal(17, 1.0, n).data().asDouble();
        INDArray product = vector(expected.gram(0).times(y));
        assertTrue(product.norm2Number().doubleValue() > 0);
        assertClose(product, vector(found.gram(0).times(y)), tolerance, what + ": RRᵀy");
        INDArray expectedV = v.ulike();
        found.transposed(y, v);
        expected.transposed(y, expectedV);
        assertClose(expectedV, v, tolerance, what + ": Rᵀy");
        assertClose(product, vector(found.apply(v)), tolerance, what + ": R(Rᵀy)");
        assertArrayEquals(expected.preimage(), found.preimage(), what + ": w");
    }

    static Stream<GraphNetworks.Case> graphs() {
        return GraphNetworks.all().stream().filter(GraphNetworks.Case::assembled);
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void graphsOfAllVertices(GraphNetworks.Case graph) {
        GraphModel model =
                new GraphModel(graph.network(DataType.DOUBLE, Sgn.builder().build()));
        MultiDataSet data = graph.batch(DataType.DOUBLE);
        try (NetworkProblems problems = new NetworkProblems(model);
                WorkingParameters parameters = new WorkingParameters(model, problems.order())) {
            NetworkProblem problem = problems.of(
                    MiniBatch.of(
                            data.getFeatures(),
                            data.getFeaturesMaskArrays(),
                            data.getLabels(),
                            data.getLabelsMaskArrays()),
                    0,
                    0);
            assertSame(problem.linearize(parameters.read()), problem.newVector(), graph.name());
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("nets")
    void productsAreThoseOfTheFormedMatrix(Net net, DataType type) {
        try (PosedNetwork at = new PosedNetwork(net.network(type), net.features(1, type), net.labels(2, type))) {
            assertSame(at, "here");
            at.pose(net.features(3, type), net.labels(4, type), null, at.theta().mul(1.1));
            assertSame(at, "another batch at other parameters");
        }
    }

    /** Masked examples have rows of zeros, and columns. */
    @Test
    void masksOfTheLoss() {
        Net net = Net.SOFTMAX;
        INDArray mask = Nd4j.create(new double[] {1, 0, 1, 1, 0, 1}, new long[] {B, 1}, DataType.DOUBLE);
        DataType type = DataType.DOUBLE;
        try (PosedNetwork at = new PosedNetwork(net.network(type), net.features(1, type), net.labels(2, type), mask)) {
            assertSame(at, "masked");
        }
    }

    /** What an offer says that it takes is enough. */
    @ParameterizedTest
    @EnumSource(Net.class)
    void bytesAreKnownBefore(Net net) {
        DataType type = DataType.FLOAT;
        try (PosedNetwork at = new PosedNetwork(net.network(type), net.features(1, type), net.labels(2, type))) {
            GramOffer offer = at.rows().grams().get(1);
            long before = at.problems().systems().bytes();
            offer.open(Long.MAX_VALUE);
            long taken = at.problems().systems().bytes() - before;
            assertTrue(taken > 0 && taken <= offer.bytes(), () -> taken + " of " + offer.bytes());
        }
    }

    /** Two values of D would take a kernel of each of their parts. */
    @Test
    void itIsOfferedForOneValueOfD() {
        Net net = Net.SQUARED;
        DataType type = DataType.DOUBLE;
        try (PosedNetwork at = new PosedNetwork(net.network(type), net.features(1, type), net.labels(2, type))) {
            assertEquals(2, at.rows().grams().size());
            long d = at.parameterCount();
            List<Span> two = List.of(new Span(0, 20 * 30), new Span(20 * 30, d - 20 * 30));
            try (Penalty everywhere = new Penalty(two, new double[] {0.1, 0.1}, type);
                    Penalty weights = new Penalty(two, new double[] {0.1, 0}, type)) {
                assertEquals(
                        2,
                        at.rows()
                                .with(everywhere, at.theta())
                                .orElseThrow()
                                .grams()
                                .size());
                assertEquals(
                        1,
                        at.rows()
                                .with(weights, at.theta())
                                .orElseThrow()
                                .grams()
                                .size());
            }
            RowGram rows = at.rows().grams().get(1).open(Long.MAX_VALUE);
            at.linearize(at.theta().mul(2));
            assertThrows(IllegalStateException.class, () -> rows.gram(0));
        }
    }

    /** An output of one example depends on the others there. */
    @Test
    void networksWithoutRowsHaveNone() {
        MultiLayerNetwork net = Networks.of(
                DataType.DOUBLE,
                dense(20, 30, Activation.TANH),
                new BatchNormalization.Builder().nIn(30).nOut(30).build(),
                output(30, 2, Activation.IDENTITY, new LossMSE()));
        try (PosedNetwork at = new PosedNetwork(net, normal(1, 1.0, B, 20), normal(2, 1.0, B, 2))) {
            assertEquals(Optional.empty(), at.point().rowSpace());
        }
    }
}
