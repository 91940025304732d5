package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.output;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.network.MiniBatch;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.translate.GraphModel;
import org.dl4jgn.translate.MultiLayerModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** The draw for an example is a function of seed, iteration and its place: parts of a mini-batch have the draws of the whole. */
class NoiseOfPartsTest {

    private static final int EXAMPLES = 611;
    private static final int ITERATION = 4;

    private static Arguments arguments(String name, MultiLayerNetwork net, long[] x, long[] y) {
        return Arguments.of(name, net, normal(2, 1.0, x), normal(3, 1.0, y));
    }

    static Stream<Arguments> networks() {
        Stream<Arguments> vectors = NoiseTest.networks()
                .map(noisy -> arguments(
                        noisy.toString(), noisy.network(), new long[] {EXAMPLES, 3}, new long[] {EXAMPLES, 2}));
        MultiLayerNetwork images = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd())
                .activation(Activation.TANH)
                .list()
                .layer(new ConvolutionLayer.Builder(2, 2)
                        .nOut(3)
                        .dropOut(new Dropout(0.7))
                        .build())
                .layer(new ConvolutionLayer.Builder(2, 2)
                        .nOut(2)
                        .dropOut(new SpatialDropout(0.6))
                        .build())
                .layer(output(0, 2, Activation.IDENTITY, new LossMSE()))
                .setInputType(InputType.convolutional(5, 4, 2))
                .build());
        MultiLayerNetwork sequences = Networks.of(
                DataType.DOUBLE,
                new LSTM.Builder().nIn(3).nOut(4).dropOut(new AlphaDropout(0.8)).build(),
                new RnnOutputLayer.Builder(new LossMSE())
                        .nIn(4)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .dropOut(new SpatialDropout(0.6))
                        .build());
        images.init();
        return Stream.concat(
                vectors,
                Stream.of(
                        arguments("images", images, new long[] {EXAMPLES, 2, 5, 4}, new long[] {EXAMPLES, 2}),
                        arguments("sequences", sequences, new long[] {40, 3, 7}, new long[] {40, 2, 7})));
    }

    private static INDArray rows(INDArray array, long from, long to) {
        return array.get(NDArrayIndex.interval(from, to)).dup('c');
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void partsHaveTheDrawsOfTheWhole(String name, MultiLayerNetwork net, INDArray x, INDArray y) {
        try (NetworkProblems problems = new NetworkProblems(new MultiLayerModel(net))) {
            INDArray theta = new WorkingParameters(new MultiLayerModel(net), problems.order()).read();
            NetworkProblem whole = problems.of(x, y, null, ITERATION, 0);
            NetworkPoint point = whole.linearize(theta);
            double loss = point.value();
            INDArray gradient = point.gradient().dup();
            INDArray product = theta.ulike();
            point.gaussNewton().apply(gradient, product);
            long n = x.size(0);
            INDArray gradients = theta.mul(0);
            INDArray products = theta.mul(0);
            double losses = 0;
            double misplaced = 0;
            long from = 0;
            for (long to : List.of(n / 37, n / 2, n)) {
                MiniBatch part = MiniBatch.of(rows(x, from, to), rows(y, from, to), null);
                point = problems.part(part, n, from, ITERATION, 0).linearize(theta);
                losses += point.value();
                gradients.addi(point.gradient());
                INDArray ofPart = theta.ulike();
                point.gaussNewton().apply(gradient, ofPart);
                products.addi(ofPart);
                misplaced += problems.part(part, n, from + 1, ITERATION, 0).value(theta);
                from = to;
            }
            assertClose(loss, losses, DOUBLE, "loss");
            assertClose(gradient, gradients, DOUBLE, "gradient");
            assertClose(product, products, DOUBLE, "product");
            if (!name.contains("of weights")) {
                assertNotEquals(loss, misplaced, 1e-6, "in another place another draw");
            }
        }
    }

    /** The last block of a mini-batch is drawn as a whole, so that others may follow. */
    @Test
    void moreExamplesLeaveTheDrawsOfTheFirstAsTheyAre() {
        MultiLayerNetwork net = NoiseTest.networks().findFirst().orElseThrow().network();
        INDArray x = normal(2, 1.0, EXAMPLES, 3);
        INDArray y = normal(3, 1.0, EXAMPLES, 2);
        try (NetworkProblems problems = new NetworkProblems(new MultiLayerModel(net))) {
            INDArray theta = new WorkingParameters(new MultiLayerModel(net), problems.order()).read();
            double first = problems.of(rows(x, 0, 100), rows(y, 0, 100), null, ITERATION, 0)
                    .value(theta);
            double all = problems.of(x, y, null, ITERATION, 0).value(theta);
            MiniBatch others = MiniBatch.of(rows(x, 100, EXAMPLES), rows(y, 100, EXAMPLES), null);
            double rest = problems.part(others, EXAMPLES, 100, ITERATION, 0).value(theta);
            assertClose(all, first * 100 / EXAMPLES + rest, DOUBLE, "loss");
        }
    }

    private static Coupling coupling(Model net) {
        try (NetworkProblems problems = new NetworkProblems(
                net instanceof ComputationGraph graph
                        ? new GraphModel(graph)
                        : new MultiLayerModel((MultiLayerNetwork) net))) {
            return problems.coupling();
        }
    }

    @Test
    void onlyNoiseOnStackedExamplesCouplesThem() {
        networks().forEach(arguments -> {
            Coupling coupling = coupling((Model) arguments.get()[1]);
            assertTrue(coupling.isRandom());
            assertFalse(coupling.byNoise());
        });
        ComputationGraph stacked = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .updater(new Sgd())
                .graphBuilder()
                .addInputs("a", "b")
                .addVertex("both", new StackVertex(), "a", "b")
                .addLayer(
                        "noisy",
                        new DenseLayer.Builder().nIn(3).nOut(3).dropOut(0.5).build(),
                        "both")
                .addVertex("first", new UnstackVertex(0, 2), "noisy")
                .addLayer("out", output(3, 2, Activation.IDENTITY, new LossMSE()), "first")
                .setOutputs("out")
                .build());
        stacked.init();
        assertEquals(new Coupling(false, true, true, false), coupling(stacked));
    }
}
