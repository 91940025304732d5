package org.dl4jgn;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.products;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Failures;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Truncated backpropagation through time: a step for each piece of a batch, in the state that the piece before ended in. */
class TruncatedBackpropagationTest {

    private static final int B = 3;
    private static final int T = 8;

    private static MultiLayerNetwork network(DataType type, IUpdater updater, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .dataType(type)
                .seed(3)
                .updater(updater)
                .activation(Activation.TANH)
                .list();
        for (Layer layer : layers) {
            list.layer(layer.clone());
        }
        list.layer(new RnnOutputLayer.Builder(LossFunction.MSE)
                        .nIn(4)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .backpropType(BackpropType.TruncatedBPTT)
                .tBPTTLength(3);
        MultiLayerNetwork net = new MultiLayerNetwork(list.build());
        net.init();
        net.setParams(normal(1, 0.5, 1, net.numParams()).castTo(type));
        return net;
    }

    private static DataSet batch(DataType type) {
        INDArray mask = Nd4j.ones(type, B, T);
        mask.putScalar(1, 7, 0);
        mask.putScalar(2, 3, 0);
        INDArray x = normal(2, 1, B, 2, T);
        INDArray y = x.mul(0.5);
        for (int t = 1; t < T; t++) {
            y.tensorAlongDimension(t, 1, 0)
                    .addi(x.tensorAlongDimension(t - 1, 1, 0).mul(0.3));
        }
        return new DataSet(x.castTo(type), y.castTo(type), null, mask);
    }

    private static List<Double> scores(MultiLayerNetwork net, DataSet batch) {
        List<Double> scores = new ArrayList<>();
        net.setListeners(new BaseTrainingListener() {
            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
                scores.add(model.score());
            }
        });
        net.fit(batch);
        return scores;
    }

    static Stream<Arguments> layers() {
        Layer[] simple = {new SimpleRnn.Builder().nIn(2).nOut(4).build()};
        Layer[] lstm = {new LSTM.Builder().nIn(2).nOut(4).build()};
        Layer[] graves = {new GravesLSTM.Builder().nIn(2).nOut(4).build()};
        Layer[] two = {
            new LSTM.Builder().nIn(2).nOut(3).build(),
            new SimpleRnn.Builder().nIn(3).nOut(4).build()
        };
        return Stream.of(simple, lstm, graves, two)
                .flatMap(l -> Stream.of(DataType.DOUBLE, DataType.FLOAT).map(t -> Arguments.of(t, l)));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void scoresOfThePiecesAreThoseOfDl4j(DataType type, Layer[] layers) {
        List<Double> expected = scores(network(type, new Sgd(0), layers), batch(type));
        Sgn still =
                Sgn.builder().learningRate(1e-12).lineSearch(LineSearch.none()).build();
        MultiLayerNetwork net = GaussNewton.attach(network(type, still, layers));
        for (int epoch = 0; epoch < 2; epoch++) {
            List<Double> actual = scores(net, batch(type));
            assertEquals(3, actual.size());
            for (int i = 0; i < 3; i++) {
                assertClose(expected.get(i), actual.get(i), products(type), "score of piece " + i);
            }
        }
    }

    @Test
    void layersWhoseStateIsNotCarriedAreRefused() {
        LSTM lstm = new LSTM.Builder().nIn(2).nOut(4).build();
        Sgn sgn = Sgn.builder().build();
        Failures.assertFails(
                UnsupportedNetworkException.class,
                () -> GaussNewton.attach(network(DataType.DOUBLE, sgn, new FrozenLayer(lstm))),
                "Layer 0 (FrozenLayer)",
                "truncated backpropagation through time in a frozen layer");
        Failures.assertFails(
                UnsupportedNetworkException.class,
                () -> GaussNewton.attach(network(
                        DataType.DOUBLE,
                        sgn,
                        new MaskZeroLayer.Builder().setUnderlying(lstm).build())),
                "Layer 0 (MaskZeroLayer)",
                "truncated backpropagation through time of a recurrent layer inside another");
    }

    @Test
    void trainsAndStepsThroughTimeAfterwards() {
        for (IUpdater updater : List.of(Sgn.builder().build(), Egn.builder().build())) {
            MultiLayerNetwork net = GaussNewton.attach(network(
                    DataType.DOUBLE, updater, new LSTM.Builder().nIn(2).nOut(4).build()));
            DataSet batch = batch(DataType.DOUBLE);
            double before = net.score(batch);
            for (int i = 0; i < 10; i++) {
                net.fit(batch);
            }
            assertTrue(net.score(batch) < before / 2, () -> net.score(batch) + " of " + before);
            assertEquals(30, net.getIterationCount());
            INDArray features = batch.getFeatures();
            INDArray whole = net.output(features);
            for (int t = 0; t < T; t++) {
                INDArray step =
                        net.rnnTimeStep(features.tensorAlongDimension(t, 1, 0).dup());
                assertClose(whole.tensorAlongDimension(t, 1, 0).dup(), step, products(DataType.DOUBLE), "step " + t);
            }
        }
    }

    /** Two recurrent layers side by side, and a vertex. */
    private static ComputationGraph graph(DataType type, IUpdater updater) {
        ComputationGraph net = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .dataType(type)
                .seed(3)
                .updater(updater)
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("in")
                .addLayer("a", new LSTM.Builder().nIn(2).nOut(4).build(), "in")
                .addLayer("b", new SimpleRnn.Builder().nIn(2).nOut(4).build(), "in")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "b")
                .addLayer("c", new GravesLSTM.Builder().nIn(4).nOut(4).build(), "sum")
                .addLayer(
                        "out",
                        new RnnOutputLayer.Builder(LossFunction.MSE)
                                .nIn(4)
                                .nOut(2)
                                .activation(Activation.IDENTITY)
                                .dataFormat(RNNFormat.NCW)
                                .build(),
                        "c")
                .setOutputs("out")
                .backpropType(BackpropType.TruncatedBPTT)
                .tBPTTLength(3)
                .build());
        net.init();
        net.setParams(normal(1, 0.5, 1, net.numParams()).castTo(type));
        return net;
    }

    private static DataSet masked(DataType type) {
        DataSet batch = batch(type);
        INDArray mask = Nd4j.ones(type, B, T);
        mask.putScalar(1, 6, 0);
        mask.putScalar(1, 7, 0);
        mask.putScalar(2, 7, 0);
        batch.setFeaturesMaskArray(mask);
        return batch;
    }

    private static List<Double> scores(ComputationGraph net, DataSet batch) {
        List<Double> scores = new ArrayList<>();
        net.setListeners(new BaseTrainingListener() {
            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
                scores.add(model.score());
            }
        });
        net.fit(batch);
        return scores;
    }

    @ParameterizedTest
    @CsvSource({"DOUBLE, false", "DOUBLE, true", "FLOAT, true"})
    void scoresOfThePiecesInAGraphAreThoseOfDl4j(DataType type, boolean isMasked) {
        DataSet batch = isMasked ? masked(type) : batch(type);
        List<Double> expected = scores(graph(type, new Sgd(0)), batch);
        Sgn still =
                Sgn.builder().learningRate(1e-12).lineSearch(LineSearch.none()).build();
        ComputationGraph net = GaussNewton.attach(graph(type, still));
        for (int epoch = 0; epoch < 2; epoch++) {
            List<Double> actual = scores(net, batch);
            assertEquals(3, actual.size());
            for (int i = 0; i < 3; i++) {
                assertClose(expected.get(i), actual.get(i), products(type), "score of piece " + i);
            }
        }
    }

    @Test
    void aGraphTrainsAndStepsThroughTimeAfterwards() {
        for (IUpdater updater : List.of(Sgn.builder().build(), Egn.builder().build())) {
            ComputationGraph net = GaussNewton.attach(graph(DataType.DOUBLE, updater));
            DataSet batch = batch(DataType.DOUBLE);
            double before = net.score(batch);
            for (int i = 0; i < 10; i++) {
                net.fit(batch);
            }
            assertTrue(net.score(batch) < before / 2, () -> net.score(batch) + " of " + before);
            assertEquals(30, net.getIterationCount());
            INDArray features = batch.getFeatures();
            INDArray whole = net.outputSingle(features);
            for (int t = 0; t < T; t++) {
                INDArray step =
                        net.rnnTimeStep(features.tensorAlongDimension(t, 1, 0).dup())[0];
                assertClose(whole.tensorAlongDimension(t, 1, 0).dup(), step, products(DataType.DOUBLE), "step " + t);
            }
        }
    }

    @Test
    void aGraphWithABackwardLengthBelowTheForwardLengthIsRefused() {
        ComputationGraph net = graph(DataType.DOUBLE, Sgn.builder().build());
        net.getConfiguration().setTbpttBackLength(2);
        Failures.assertFails(
                UnsupportedNetworkException.class,
                () -> GaussNewton.attach(net),
                "tBPTTBackwardLength 2",
                "tBPTTLength");
    }
}
