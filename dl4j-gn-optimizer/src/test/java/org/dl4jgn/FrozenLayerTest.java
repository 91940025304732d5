package org.dl4jgn;

import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.curvature.Linearization;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.Failures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Frozen layers stay as they are, and steps are those on the other parameters alone. */
class FrozenLayerTest {

    private static final int FROZEN = 3 * 4 + 4;

    private final INDArray x;
    private final INDArray y;

    FrozenLayerTest() {
        Nd4j.getRandom().setSeed(4);
        x = Nd4j.randn(DataType.DOUBLE, 6, 3);
        y = Nd4j.randn(DataType.DOUBLE, 6, 2);
    }

    private static DenseLayer dense(int n) {
        return new DenseLayer.Builder().nOut(n).activation(Activation.TANH).build();
    }

    private static MultiLayerNetwork network(IUpdater updater, Layer... layers) {
        var list = new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(3)
                .updater(updater)
                .l2(0.01)
                .list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        list.layer(new OutputLayer.Builder(LossFunction.MSE)
                .nOut(2)
                .activation(Activation.IDENTITY)
                .build());
        list.setInputType(InputType.feedForward(3));
        MultiLayerNetwork net = new MultiLayerNetwork(list.build());
        net.init();
        return net;
    }

    static Stream<UnaryOperator<Layer>> wrappers() {
        return Stream.of(FrozenLayer::new, FrozenLayerWithBackprop::new);
    }

    @ParameterizedTest
    @MethodSource("wrappers")
    void scoreAndGradientAreDl4js(UnaryOperator<Layer> wrapper) {
        MultiLayerNetwork net = network(new Sgd(0.1), wrapper.apply(dense(4)), dense(5));
        Dl4j expected = Dl4j.of(net, x, y, null);
        try (Linearization at = GaussNewton.linearize(net).at(x, y)) {
            assertClose(expected.score(), at.loss(), ROUNDING, "loss");
            INDArray g = at.gradient();
            assertEquals(
                    0, g.get(NDArrayIndex.interval(0, FROZEN)).norm1Number().doubleValue());
            INDArray penalized = g.dup();
            net.paramTable().forEach((name, values) -> {
                if (name.endsWith("W") && !name.startsWith("0")) {
                    long from = name.startsWith("1") ? FROZEN : FROZEN + 25;
                    INDArray part = penalized.get(NDArrayIndex.interval(from, from + values.length()));
                    part.subi(net.params()
                            .reshape(net.numParams())
                            .get(NDArrayIndex.interval(from, from + values.length()))
                            .mul(0.01));
                }
            });
            assertClose(expected.gradient(), penalized, ROUNDING, "gradient");
        }
    }

    @ParameterizedTest
    @MethodSource("wrappers")
    void frozenRecurrentLayersAreAsInDl4j(UnaryOperator<Layer> wrapper) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(3)
                .updater(new Sgd(0.1))
                .list()
                .layer(wrapper.apply(new LSTM.Builder().nOut(4).build()))
                .layer(new SimpleRnn.Builder().nOut(3).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MSE)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(3))
                .build());
        net.init();
        INDArray features = Nd4j.randn(DataType.DOUBLE, 4, 3, 5);
        INDArray labels = Nd4j.randn(DataType.DOUBLE, 4, 2, 5);
        Dl4j expected = Dl4j.of(net, features, labels, null);
        try (Linearization at = GaussNewton.linearize(net).at(features, labels)) {
            assertClose(expected.score(), at.loss(), ROUNDING, "loss");
            assertClose(expected.gradient(), at.gradient(), ROUNDING, "gradient");
            INDArray j = at.jacobian();
            assertClose(j.mmul(j.transpose()), at.gram(), ROUNDING, "JJᵀ");
        }
    }

    @ParameterizedTest
    @MethodSource("wrappers")
    void frozenLayersOfGraphsAreAsInDl4j(UnaryOperator<Layer> wrapper) {
        ComputationGraph net = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(3)
                .updater(Sgn.builder().build())
                .graphBuilder()
                .addInputs("in", "beside")
                .addLayer("dense", wrapper.apply(dense(4)), "in")
                .addLayer("steps", wrapper.apply(new LSTM.Builder().nOut(3).build()), "beside")
                .addLayer("mean", new GlobalPoolingLayer(PoolingType.AVG), "steps")
                .addVertex("both", new MergeVertex(), "dense", "mean")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunction.MSE)
                                .nOut(2)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "both")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(3), InputType.recurrent(2))
                .build());
        net.init();
        GaussNewton.attach(net);
        INDArray steps = Nd4j.randn(DataType.DOUBLE, 6, 2, 5);
        MultiDataSet batch = new MultiDataSet(new INDArray[] {x, steps}, new INDArray[] {y});
        Dl4j expected = Dl4j.of(net, batch);
        try (Linearization at = GaussNewton.linearize(net).at(batch)) {
            assertClose(expected.score(), at.loss(), ROUNDING, "loss");
            assertClose(expected.gradient(), at.gradient(), ROUNDING, "gradient");
        }
        INDArray before = net.getParam("dense_W").dup();
        net.fit(batch);
        assertEquals(before, net.getParam("dense_W"));
        assertEquals(1, net.getIterationCount());
    }

    @ParameterizedTest
    @MethodSource("wrappers")
    void rowsOfFrozenParametersAreZero(UnaryOperator<Layer> wrapper) {
        try (Linearization at = GaussNewton.linearize(network(new Sgd(0.1), wrapper.apply(dense(4)), dense(5)))
                .at(x, y)) {
            INDArray j = at.jacobian();
            INDArray frozen = j.get(NDArrayIndex.all(), NDArrayIndex.interval(0, FROZEN));
            assertEquals(0, frozen.norm1Number().doubleValue());
            assertClose(j.mmul(j.transpose()), at.gram(), ROUNDING, "JJᵀ");
        }
    }

    @Test
    void stepsAreThoseOfTheOtherParameters() {
        for (IUpdater updater : List.of(
                Sgn.builder().cgIterations(5).build(),
                Sgn.builder().momentum(0.5).build(),
                Egn.builder()
                        .damping(Damping.constant(0.1))
                        .lineSearch(LineSearch.none())
                        .build())) {
            MultiLayerNetwork whole = GaussNewton.attach(network(updater, new FrozenLayer(dense(4)), dense(5)));
            INDArray before = whole.params().dup();
            MultiLayerNetwork tail = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                    .dataType(DataType.DOUBLE)
                    .updater(updater)
                    .l2(0.01)
                    .list()
                    .layer(new DenseLayer.Builder()
                            .nIn(4)
                            .nOut(5)
                            .activation(Activation.TANH)
                            .build())
                    .layer(new OutputLayer.Builder(LossFunction.MSE)
                            .nIn(5)
                            .nOut(2)
                            .activation(Activation.IDENTITY)
                            .build())
                    .build());
            tail.init();
            tail.setParams(rest(before));
            GaussNewton.attach(tail);
            INDArray features = whole.feedForward(x, false).get(1).dup();
            for (int i = 0; i < 3; i++) {
                whole.fit(x, y);
                tail.fit(features, y);
            }
            assertEquals(
                    0,
                    whole.params()
                            .get(NDArrayIndex.all(), NDArrayIndex.interval(0, FROZEN))
                            .sub(before.get(NDArrayIndex.all(), NDArrayIndex.interval(0, FROZEN)))
                            .norm1Number()
                            .doubleValue());
            assertNotEquals(rest(before), rest(whole.params()));
            assertClose(tail.params(), rest(whole.params()), 1e3 * ROUNDING, "parameters that are trained");
        }
    }

    private static INDArray rest(INDArray params) {
        return params.get(NDArrayIndex.all(), NDArrayIndex.interval(FROZEN, params.length()))
                .dup();
    }

    @Test
    void aFrozenNormalizationHasItsRunningStatistics() {
        MultiLayerNetwork net =
                network(new Sgd(0.1), new FrozenLayer(dense(4)), new FrozenLayer(new BatchNormalization()), dense(5));
        net.getLayer(1).getParam("mean").assign(0.3);
        net.getLayer(1).getParam("log10stdev").assign(0.2);
        Dl4j expected = Dl4j.of(net, x, y, null);
        try (Linearization at = GaussNewton.linearize(net).at(x, y)) {
            assertClose(expected.score(), at.loss(), ROUNDING, "loss");
            assertTrue(at.jacobian().norm2Number().doubleValue() > 0);
        }
    }

    @Test
    void whatDl4jWouldNotTrainIsRefused() {
        Failures.assertFails(
                org.dl4jgn.translate.UnsupportedNetworkException.class,
                () -> GaussNewton.linearize(network(new Sgd(0.1), dense(4), new FrozenLayer(dense(5)))),
                "Layer 1 (FrozenLayer)",
                "behind one that is trained",
                "FrozenLayerWithBackprop");
    }
}
