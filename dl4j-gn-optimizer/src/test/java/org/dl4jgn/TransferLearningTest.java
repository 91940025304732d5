package org.dl4jgn;

import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.transferlearning.TransferLearningHelper;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.plan.Stage;
import org.dl4jgn.testing.PosedNetwork;
import org.dl4jgn.testing.Small;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Fine-tuning by DL4J's own tools: the frozen part is not trained, has no state, and costs a forward pass. */
class TransferLearningTest {

    private static final int CLASSES = 3;

    static List<GaussNewtonUpdater> updaters() {
        return List.of(
                Sgn.builder()
                        .damping(Damping.constant(0.1))
                        .lineSearch(LineSearch.armijo())
                        .build(),
                Egn.builder().build());
    }

    private static DenseLayer dense(int n) {
        return new DenseLayer.Builder().nOut(n).activation(Activation.TANH).build();
    }

    private static OutputLayer output(int in) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(in)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static NeuralNetConfiguration.Builder settings(IUpdater updater) {
        return new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(3)
                .updater(updater);
    }

    private static MultiLayerNetwork network(IUpdater updater) {
        MultiLayerNetwork net = new MultiLayerNetwork(settings(updater)
                .list()
                .layer(dense(6))
                .layer(dense(5))
                .layer(dense(4))
                .layer(output(4))
                .setInputType(InputType.feedForward(Small.INPUTS))
                .build());
        net.init();
        return net;
    }

    /** A network that Adam has trained, with its first two layers frozen and a new output. */
    private static MultiLayerNetwork tuned(GaussNewtonUpdater updater) {
        MultiLayerNetwork before = network(new Adam(0.01));
        before.fit(Small.iterator());
        MultiLayerNetwork net = new TransferLearning.Builder(before)
                .fineTuneConfiguration(
                        new FineTuneConfiguration.Builder().updater(updater).build())
                .setFeatureExtractor(1)
                .removeOutputLayer()
                .addLayer(output(4))
                .build();
        return GaussNewton.attach(net);
    }

    /** The part that is trained, as a network of its own. */
    private static MultiLayerNetwork tail(MultiLayerNetwork tuned, GaussNewtonUpdater updater) {
        MultiLayerNetwork net = new MultiLayerNetwork(settings(updater)
                .list()
                .layer(dense(4))
                .layer(output(4))
                .setInputType(InputType.feedForward(5))
                .build());
        net.init();
        net.getLayer(0).setParams(tuned.getLayer(2).params());
        net.getLayer(1).setParams(tuned.getLayer(3).params());
        return GaussNewton.attach(net);
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void aFineTunedNetworkTrainsAsItsTail(GaussNewtonUpdater updater) {
        MultiLayerNetwork net = tuned(updater);
        MultiLayerNetwork tail = tail(net, updater);
        INDArray frozen = net.getLayer(0).params().dup();
        assertEquals(
                tail.getUpdater().getStateViewArray().length(),
                net.getUpdater().getStateViewArray().length(),
                "frozen parameters have no state");
        for (DataSet batch : Small.batches()) {
            INDArray features =
                    net.feedForward(batch.getFeatures(), false).get(2).dup();
            net.fit(batch);
            tail.fit(features, batch.getLabels());
        }
        assertEquals(frozen, net.getLayer(0).params());
        assertClose(tail.getLayer(0).params(), net.getLayer(2).params(), 1e3 * ROUNDING, "trained layer");
        assertClose(tail.getLayer(1).params(), net.getLayer(3).params(), 1e3 * ROUNDING, "output");
    }

    /** Products run the operations of the trained layers, and none of the frozen. */
    @Test
    void productsCostWhatTheTrainedPartCosts() {
        GaussNewtonUpdater updater = Egn.builder().build();
        MultiLayerNetwork net = tuned(updater);
        MultiLayerNetwork tail = tail(net, updater);
        DataSet data = Small.data(20);
        INDArray features = net.feedForward(data.getFeatures(), false).get(2).dup();
        try (PosedNetwork whole = new PosedNetwork(net, data.getFeatures(), data.getLabels());
                PosedNetwork part = new PosedNetwork(tail, features, data.getLabels())) {
            for (Stage stage : List.of(Stage.LINEARIZE, Stage.JVP, Stage.VJP)) {
                assertEquals(
                        part.problem().executionPlan().program(stage).opNames(),
                        whole.problem().executionPlan().program(stage).opNames(),
                        () -> "operations of " + stage);
            }
        }
    }

    /** DL4J's helper trains the rest on features that are computed once; that rest is what is attached. */
    @ParameterizedTest
    @MethodSource("updaters")
    void aHelpersUnfrozenPartIsAttached(GaussNewtonUpdater updater) {
        MultiLayerNetwork net = network(updater);
        INDArray before = net.params().dup();
        TransferLearningHelper helper = new TransferLearningHelper(net, 1);
        GaussNewton.attach(helper.unfrozenMLN());
        DataSet data = Small.data(40);
        double score = net.score(data);
        DataSet featurized = helper.featurize(data);
        for (int i = 0; i < 10; i++) {
            helper.fitFeaturized(featurized);
        }
        assertTrue(net.score(data) < 0.9 * score, () -> score + " to " + net.score(data));
        assertNotEquals(before, net.params());
        int frozen = (int) (net.getLayer(0).numParams() + net.getLayer(1).numParams());
        double[] start = before.toDoubleVector();
        double[] now = net.params().toDoubleVector();
        for (int i = 0; i < frozen; i++) {
            assertEquals(start[i], now[i]);
        }
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void aHelpersUnfrozenGraphIsAttached(GaussNewtonUpdater updater) {
        ComputationGraph graph = new ComputationGraph(settings(updater)
                .graphBuilder()
                .addInputs("in")
                .addLayer("a", dense(6), "in")
                .addLayer("b", dense(5), "a")
                .addLayer("out", output(5), "b")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(Small.INPUTS))
                .build());
        graph.init();
        TransferLearningHelper helper = new TransferLearningHelper(graph, "a");
        GaussNewton.attach(helper.unfrozenGraph());
        DataSet data = Small.data(40);
        double score = graph.score(data);
        // transfer learning forgets the type of a graph
        DataType type = helper.unfrozenGraph().params().dataType();
        MultiDataSet given = new MultiDataSet(data.getFeatures(), data.getLabels());
        var featurized = helper.featurize(given);
        MultiDataSet features = new MultiDataSet(
                featurized.getFeatures(0).castTo(type), featurized.getLabels(0).castTo(type));
        INDArray frozen = graph.getLayer("a").params().dup();
        for (int i = 0; i < 40; i++) {
            helper.fitFeaturized(features);
        }
        assertTrue(graph.score(data) < 0.9 * score, () -> score + " to " + graph.score(data));
        assertEquals(frozen, graph.getLayer("a").params());
    }
}
