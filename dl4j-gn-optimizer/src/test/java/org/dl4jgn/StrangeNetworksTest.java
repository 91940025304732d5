package org.dl4jgn;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Small.bits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.Small;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Networks and data in which something goes with nothing: a sentence, and nothing is changed. */
class StrangeNetworksTest {

    private static final Sgn SGN = Sgn.builder().build();

    private static NeuralNetConfiguration.Builder conf() {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(SGN);
    }

    static Stream<Named<Layer>> frozen() {
        return Stream.of(
                Named.of("FrozenLayer", new FrozenLayer(dense())),
                Named.of("FrozenLayerWithBackprop", new FrozenLayerWithBackprop(dense())));
    }

    private static Layer dense() {
        return Small.layers()[0];
    }

    private static Layer loss() {
        return new LossLayer.Builder(LossFunction.MSE)
                .activation(Activation.IDENTITY)
                .build();
    }

    /** That is, if all of a network is frozen. */
    @ParameterizedTest
    @MethodSource("frozen")
    void anOutputThatNothingTrainedLeadsTo(Layer frozen) {
        MultiLayerNetwork net = Small.network(SGN, conf -> {}, frozen, loss());
        assertFails(
                UnsupportedNetworkException.class,
                () -> GaussNewton.attach(net),
                "Layer 1 (LossLayer)",
                "no parameter that is trained",
                "not frozen");
        GraphBuilder graph = conf().graphBuilder()
                .addInputs("in")
                .addLayer("trained", dense(), "in")
                .addLayer("one", loss(), "trained")
                .addLayer("frozen", frozen.clone(), "in")
                .addLayer("other", loss(), "frozen")
                .setOutputs("one", "other");
        ComputationGraph two = new ComputationGraph(graph.build());
        two.init();
        assertFails(
                UnsupportedNetworkException.class,
                () -> GaussNewton.attach(two),
                "'other' (LossLayer)",
                "no parameter that is trained");
    }

    private static MultiLayerNetwork truncated(int length, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = conf().list();
        Stream.of(layers).forEach(list::layer);
        return Small.network(list.tBPTTLength(length)
                .backpropType(BackpropType.TruncatedBPTT)
                .build());
    }

    @Test
    void partsOfNoSteps() {
        RnnOutputLayer output = new RnnOutputLayer.Builder(LossFunction.MSE)
                .nIn(5)
                .nOut(3)
                .activation(Activation.IDENTITY)
                .build();
        MultiLayerNetwork net = truncated(0, new LSTM.Builder().nIn(4).nOut(5).build(), output);
        assertFails(
                UnsupportedNetworkException.class, () -> GaussNewton.attach(net), "tBPTTForwardLength 0", "one step");
    }

    /** DL4J logs a warning at each {@code fit}, and returns. */
    @Test
    void partsOfVectors() {
        MultiLayerNetwork net = truncated(2, Small.layers());
        assertFails(
                UnsupportedNetworkException.class,
                () -> GaussNewton.attach(net),
                "Layer 1 (OutputLayer)",
                "truncated backpropagation",
                "BackpropType.Standard");
    }

    /** Kinds of regularization. */
    enum Kind {
        L1,
        L2,
        WEIGHT_DECAY;

        private Regularization of(ISchedule schedule) {
            return switch (this) {
                case L1 -> new L1Regularization(schedule);
                case L2 -> new L2Regularization(schedule);
                case WEIGHT_DECAY -> new WeightDecay(schedule, false);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void schedulesOfRegularizationThatGoAstray(Kind kind) {
        for (double bad : new double[] {-5, Double.NaN, Double.POSITIVE_INFINITY}) {
            ISchedule schedule = new MapSchedule(ScheduleType.ITERATION, Map.of(0, 0.01, 1, bad));
            MultiLayerNetwork net = GaussNewton.attach(
                    Small.network(SGN, conf -> conf.regularization(List.of(kind.of(schedule))), Small.layers()));
            net.fit(Small.data(10));
            assertNothingChanges(
                    net,
                    Small.data(10),
                    IllegalStateException.class,
                    "Layer 0 (DenseLayer), parameter W",
                    String.valueOf(bad),
                    "iteration 1",
                    "schedule");
        }
    }

    private static void assertNothingChanges(
            MultiLayerNetwork net, DataSet data, Class<? extends Exception> type, String... words) {
        long[] before = bits(net);
        INDArray state = net.updaterState().dup();
        int steps = net.getIterationCount();
        assertFails(type, () -> net.fit(data), words);
        assertArrayEquals(before, bits(net));
        assertEquals(state, net.updaterState());
        assertEquals(steps, net.getIterationCount());
    }

    /** Losses with a logarithm of the output. */
    enum Logarithmic {
        MCXENT(Activation.SOFTMAX),
        NEGATIVELOGLIKELIHOOD(Activation.SOFTMAX),
        KL_DIVERGENCE(Activation.SOFTMAX),
        RECONSTRUCTION_CROSSENTROPY(Activation.SIGMOID),
        POISSON(Activation.SOFTPLUS);

        private final Activation activation;

        Logarithmic(Activation activation) {
            this.activation = activation;
        }

        private MultiLayerNetwork network() {
            return GaussNewton.attach(Small.network(
                    SGN,
                    conf -> {},
                    dense(),
                    Small.output(5, Small.CLASSES, LossFunction.valueOf(name()), activation)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void negativeLabelsOfALogarithm(Logarithmic loss) {
        MultiLayerNetwork net = loss.network();
        DataSet data = Small.data(6);
        net.fit(data);
        INDArray labels = data.getLabels().dup();
        labels.putRow(2, Nd4j.createFromArray(0.5, -3.0, 0.5));
        DataSet bad = new DataSet(data.getFeatures(), labels);
        assertNothingChanges(net, bad, IllegalArgumentException.class, "Labels", "negative", "mask of the labels");
        INDArray mask = Nd4j.ones(DataType.DOUBLE, 6, 1);
        mask.putScalar(2, 0, 0.0);
        net.fit(data.getFeatures(), labels, null, mask);
        assertEquals(2, net.getIterationCount());
    }

    /** With which the curvature of a softmax is what it should be. */
    @Test
    void negativeLabelsOfASoftmaxWhoseSumIsNot() {
        MultiLayerNetwork net = Logarithmic.MCXENT.network();
        INDArray labels = Small.data(6).getLabels().mul(1.3).sub(0.1);
        net.fit(Small.data(6).getFeatures(), labels);
        assertEquals(1, net.getIterationCount());
    }

    @Test
    void imagesOfAnotherSize() {
        MultiLayerNetwork net = GaussNewton.attach(Small.network(conf().list()
                .layer(new ConvolutionLayer.Builder(2, 2).nOut(2).build())
                .layer(Small.output(0, Small.CLASSES, LossFunction.MCXENT, Activation.SOFTMAX))
                .setInputType(InputType.convolutional(5, 5, 2))
                .build()));
        DataSet larger =
                new DataSet(Networks.normal(1, 1, 6, 2, 6, 6), Small.data(6).getLabels());
        assertNothingChanges(
                net, larger, IllegalArgumentException.class, "Features of shape [6, 2, 6, 6]", "Layer 1 (OutputLayer)");
    }

    @Test
    void textInPlaceOfNumbers() {
        INDArray text = Nd4j.create("a", "b", "c", "d").reshape(1, 4);
        DataSet features = new DataSet(text, Small.data(1).getLabels());
        assertNothingChanges(Small.attached(SGN), features, IllegalArgumentException.class, "Features", "UTF8");
    }
}
