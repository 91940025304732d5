package org.dl4jgn.samediff;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.BaseListener;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.custom.Lgamma;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Graphs trained by SGN and EGN: the same steps as the same network of DL4J's layers. */
class SameDiffTrainingTest {

    private static final int EXAMPLES = 12;

    private final INDArray features = random(EXAMPLES, 3);
    private final INDArray numbers = random(EXAMPLES, 2);

    private static INDArray random(long... shape) {
        return Nd4j.rand(DataType.DOUBLE, shape).subi(0.5);
    }

    /** Conjugate gradients keep their residuals orthogonal: over several steps, plain ones make rounding grow without bound. */
    static List<GaussNewtonUpdater> settings() {
        return List.of(
                Egn.builder().build(),
                Egn.paper().build(),
                Sgn.builder().orthogonalized(20).build(),
                Sgn.paper().orthogonalized(20).build());
    }

    private static MultiLayerNetwork network(GaussNewtonUpdater settings) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(settings)
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(3)
                        .nOut(4)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(4)
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        return GaussNewton.attach(net);
    }

    /** tanh(xW + b)V + c, with the parameters of a network. */
    private static SameDiff graph(MultiLayerNetwork net) {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", DataType.DOUBLE, -1, 3);
        SDVariable w = sd.var("w", net.getParam("0_W").dup('c'));
        SDVariable b = sd.var("b", net.getParam("0_b").dup('c').reshape(4));
        SDVariable v = sd.var("v", net.getParam("1_W").dup('c'));
        SDVariable c = sd.var("c", net.getParam("1_b").dup('c').reshape(2));
        sd.math().tanh(x.mmul(w).add(b)).mmul(v).add("z", c);
        return sd;
    }

    private static SameDiffTraining.Builder training(SameDiff sd, GaussNewtonUpdater settings) {
        return SameDiffTraining.of(sd, settings).features(sd.getVariable("x"));
    }

    private static SameDiffTraining.Builder squared(SameDiff sd, GaussNewtonUpdater settings) {
        return training(sd, settings).head(sd.getVariable("z"), Activation.IDENTITY, LossFunction.MSE);
    }

    @ParameterizedTest
    @MethodSource("settings")
    void stepsAreThoseOfTheSameNetwork(GaussNewtonUpdater settings) {
        MultiLayerNetwork net = network(settings);
        SameDiff sd = graph(net);
        try (SameDiffTraining training = squared(sd, settings.clone()).build()) {
            assertTrue(training.isAssembled());
            for (int i = 0; i < 4; i++) {
                net.fit(features, numbers);
                training.fit(features, numbers);
            }
            Map<String, INDArray> table = net.paramTable();
            assertEquals(
                    GaussNewton.report(net).orElseThrow().solver(),
                    training.lastStep().solve().solver());
            Tolerances.assertClose(table.get("0_W"), sd.getVariable("w").getArr(), Tolerances.DOUBLE, "W");
            Tolerances.assertClose(
                    table.get("1_b").reshape(2), sd.getVariable("c").getArr(), Tolerances.DOUBLE, "c");
        }
    }

    /** The graph's own losses, and the heads that they stand for. */
    private enum OwnLoss {
        SQUARED(LossFunction.MSE, Activation.IDENTITY) {
            @Override
            SDVariable write(SameDiff sd, SDVariable labels, SDVariable z) {
                return sd.loss().meanSquaredError("loss", labels, z, null);
            }
        },
        SOFTMAX(LossFunction.MCXENT, Activation.SOFTMAX) {
            @Override
            SDVariable write(SameDiff sd, SDVariable labels, SDVariable z) {
                return sd.loss().softmaxCrossEntropy("loss", labels, z, null);
            }
        };

        private final LossFunction loss;
        private final Activation activation;

        OwnLoss(LossFunction loss, Activation activation) {
            this.loss = loss;
            this.activation = activation;
        }

        abstract SDVariable write(SameDiff sd, SDVariable labels, SDVariable z);
    }

    @ParameterizedTest
    @EnumSource(OwnLoss.class)
    void lossOfTheGraphIsRecognized(OwnLoss own) {
        MultiLayerNetwork net = network(Egn.builder().build());
        SameDiff sd = graph(net);
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, EXAMPLES, 2);
        for (int i = 0; i < EXAMPLES; i++) {
            labels.putScalar(i, i % 2, 1);
        }
        SDVariable y = sd.placeHolder("y", DataType.DOUBLE, -1, 2);
        SDVariable loss = own.write(sd, y, sd.getVariable("z"));
        double before = sd.output(Map.of("x", features, "y", labels), "loss")
                .get("loss")
                .getDouble(0);
        SameDiff named = graph(net);
        sd.setLossVariables(loss);
        try (SameDiffTraining recognized = training(sd, Egn.builder().build()).build();
                SameDiffTraining head = training(named, Egn.builder().build())
                        .head(named.getVariable("z"), own.activation, own.loss)
                        .build()) {
            assertEquals(before, recognized.fit(features, labels).lossBefore(), Tolerances.ROUNDING);
            assertEquals(before, head.fit(features, labels).lossBefore(), Tolerances.ROUNDING);
        }
        assertEquals(sd.getVariable("w").getArr(), named.getVariable("w").getArr());
    }

    @Test
    void resumedTrainingIsTheUninterruptedOne(@TempDir File folder) throws IOException {
        SameDiff sd = graph(network(Egn.builder().build()));
        File model = new File(folder, "graph.fb");
        File state = new File(folder, "state.bin");
        INDArray expected;
        try (SameDiffTraining training = squared(sd, Egn.builder().build()).build()) {
            for (int i = 0; i < 3; i++) {
                training.fit(features, numbers);
            }
            sd.save(model, false);
            training.saveState(state);
            for (int i = 0; i < 3; i++) {
                training.fit(features, numbers);
            }
            expected = sd.getVariable("w").getArr().dup();
        }
        SameDiff restored = SameDiff.load(model, false);
        try (SameDiffTraining training =
                squared(restored, Egn.builder().build()).build()) {
            training.loadState(state);
            assertEquals(3, training.iteration());
            for (int i = 0; i < 3; i++) {
                training.fit(features, numbers);
            }
        }
        assertEquals(expected, restored.getVariable("w").getArr());
        try (SameDiffTraining other = squared(restored, Sgn.builder().build()).build()) {
            assertThrows(RuntimeException.class, () -> {
                other.loadState(state);
                other.fit(features, numbers);
            });
        }
    }

    @Test
    void aDamagedStateIsRefusedAndChangesNothing(@TempDir File folder) throws IOException {
        SameDiff sd = graph(network(Egn.builder().build()));
        File state = new File(folder, "state.bin");
        try (SameDiffTraining training = squared(sd, Egn.builder().build()).build()) {
            training.fit(features, numbers);
            training.saveState(state);
            training.fit(features, numbers);
            byte[] whole = Files.readAllBytes(state.toPath());
            for (int at = 0; at < whole.length; at += 1 + whole.length / 40) {
                byte[] changed = whole.clone();
                changed[at] ^= 4;
                for (byte[] bytes : List.of(changed, Arrays.copyOf(whole, at))) {
                    Files.write(state.toPath(), bytes);
                    assertFails(
                            IllegalArgumentException.class, () -> training.loadState(state), "state.bin is damaged");
                }
            }
            assertEquals(2, training.iteration());
        }
    }

    @Test
    void iteratorsListenersAndHistory() {
        SameDiff sd = graph(network(Egn.builder().build()));
        List<Double> heard = new ArrayList<>();
        sd.setListeners(new BaseListener() {
            @Override
            public boolean isActive(Operation operation) {
                return true;
            }

            @Override
            public void iterationDone(SameDiff graph, At at, MultiDataSet data, Loss loss) {
                heard.add(loss.getLosses()[0]);
            }
        });
        DataSetIterator iterator = new SingletonDataSetIterator(new DataSet(features, numbers));
        try (SameDiffTraining training = squared(sd, Egn.builder().build()).build()) {
            SameDiffTraining.LossHistory history = training.fit(iterator, 5);
            assertEquals(heard, history.losses());
            assertEquals(5, training.epoch());
            assertTrue(history.last() < history.losses().get(0));
        }
    }

    /** A product of two layers' outputs with a scale between: no chain of dense layers, but a graph like any other. */
    @Test
    void graphThatIsNoChainIsTrainedByIteration() {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", DataType.DOUBLE, -1, 3);
        SDVariable w = sd.var("w", random(3, 2));
        SDVariable scale = sd.var("scale", random(2).addi(1));
        SDVariable product = x.mmul(w);
        product.mul(scale).add(product.mul(product)).rename("z");
        try (SameDiffTraining training = squared(sd, Egn.builder().build()).build()) {
            assertFalse(training.isAssembled());
            double first = training.fit(features, numbers).lossBefore();
            for (int i = 0; i < 10; i++) {
                training.fit(features, numbers);
            }
            assertEquals("CONJUGATE_GRADIENTS", training.lastStep().solve().solver());
            assertTrue(training.lastStep().lossBefore() < first);
        }
    }

    /** Images [b, 2, 3], flattened in the graph. */
    @Test
    void featuresOfMoreDimensionsAreRead() {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", DataType.DOUBLE, -1, 2, 3);
        SDVariable w = sd.var("w", random(6, 2));
        x.reshape(-1, 6).mmul(w).rename("z");
        INDArray images = random(EXAMPLES, 2, 3);
        INDArray weights = random(6, 2);
        INDArray labels = images.reshape(EXAMPLES, 6).mmul(weights);
        try (SameDiffTraining training = squared(sd, Egn.builder().build()).build()) {
            for (int i = 0; i < 30; i++) {
                training.fit(images, labels);
            }
            assertTrue(training.lastStep().lossBefore() < 1e-6, String.valueOf(training.lastStep()));
        }
    }

    private static void refused(SameDiffTraining.Builder builder, String words) {
        RuntimeException refusal = assertThrows(RuntimeException.class, builder::build);
        assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
    }

    @Test
    void whatIsMissingOrWrongIsSaid() {
        SameDiff sd = graph(network(Egn.builder().build()));
        SDVariable z = sd.getVariable("z");
        Egn egn = Egn.builder().build();
        refused(training(sd, egn), "No loss");
        refused(SameDiffTraining.of(sd, egn).head(z, Activation.IDENTITY, LossFunction.MSE), "No features");
        SDVariable y = sd.placeHolder("y", DataType.DOUBLE, -1, 2);
        refused(training(sd, egn).head(z.add(y), Activation.IDENTITY, LossFunction.MSE), "depend on placeholder 'y'");
        refused(
                training(sd, egn).head(z.sum(), Activation.IDENTITY, LossFunction.MSE),
                "a head must be [batch, outputs]");
        sd.setLossVariables(sd.loss().huberLoss("robust", y, z, null, 1.0));
        refused(training(sd, egn), "'robust' is not recognized: it is computed by huber_loss");
        refused(
                training(sd, egn)
                        .head(new Lgamma(sd, z).outputVariable().rename("bell"), Activation.IDENTITY, LossFunction.MSE),
                "'bell'");
    }
}
