package org.dl4jgn;

import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.FLOAT;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.curvature.Linearization;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.Small;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Training with batch normalization, whose running statistics are parameters that no step moves. */
class BatchNormalizationTest {

    private static final double LAMBDA = 0.1;

    private static MultiLayerNetwork vectors(IUpdater updater, boolean logarithmic) {
        return Small.network(
                updater,
                conf -> {},
                new DenseLayer.Builder()
                        .nIn(Small.INPUTS)
                        .nOut(6)
                        .activation(Activation.TANH)
                        .build(),
                new BatchNormalization.Builder()
                        .nIn(6)
                        .nOut(6)
                        .decay(0.8)
                        .useLogStd(logarithmic)
                        .build(),
                Small.output(6, Small.CLASSES, LossFunction.MCXENT, Activation.SOFTMAX));
    }

    private static MultiLayerNetwork images(IUpdater updater, CNN2DFormat format, DataType type) {
        return Small.network(new NeuralNetConfiguration.Builder()
                .seed(12345)
                .dataType(type)
                .updater(updater)
                .list()
                .layer(new ConvolutionLayer.Builder(2, 2)
                        .nOut(3)
                        .activation(Activation.TANH)
                        .build())
                .layer(new BatchNormalization.Builder().build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(Small.CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(4, 5, 2, format))
                .build());
    }

    private static DataSet imagesBatch(long seed, CNN2DFormat format) {
        long[] shape = format == CNN2DFormat.NCHW ? new long[] {7, 2, 4, 5} : new long[] {7, 4, 5, 2};
        return new DataSet(
                Networks.normal(seed, 2.0, shape),
                Networks.oneHot(Networks.classes(seed, 7, Small.CLASSES), Small.CLASSES));
    }

    private static Sgn sgn() {
        return Sgn.builder().build();
    }

    private static void assertSameStatistics(MultiLayerNetwork expected, MultiLayerNetwork actual, double tolerance) {
        List<String> names = expected.paramTable().keySet().stream()
                .filter(name -> name.matches(".*_(mean|var|log10stdev)"))
                .toList();
        assertEquals(2, names.size());
        for (String name : names) {
            assertClose(expected.getParam(name), actual.getParam(name), tolerance, name);
        }
    }

    /** A step too short to be seen, so that all that changes is what the statistics take in. */
    private static Sgn standingStill() {
        return Sgn.builder()
                .damping(Damping.constant(1.0))
                .lineSearch(LineSearch.none())
                .learningRate(1e-14)
                .build();
    }

    /** Late in a training and where the weights stand still, they are what a step of DL4J's makes of them from the same parameters. */
    private static void statisticsAreDl4js(
            MultiLayerNetwork ours, MultiLayerNetwork dl4js, List<DataSet> batches, double tolerance) {
        GaussNewton.attach(ours);
        ours.setIterationCount(100);
        for (DataSet batch : batches) {
            dl4js.setParams(ours.params().dup());
            dl4js.fit(batch);
            ours.fit(batch);
            assertEquals(StepReport.Outcome.ACCEPTED, report(ours).outcome());
            assertSameStatistics(dl4js, ours, tolerance);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void runningStatisticsAreDl4js(boolean logarithmic) {
        statisticsAreDl4js(
                vectors(standingStill(), logarithmic), vectors(new Sgd(0.1), logarithmic), Small.batches(), ROUNDING);
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void runningStatisticsOfImagesAreDl4js(CNN2DFormat format) {
        statisticsAreDl4js(
                images(standingStill(), format, DataType.DOUBLE),
                images(new Sgd(0.1), format, DataType.DOUBLE),
                List.of(imagesBatch(1, format), imagesBatch(2, format)),
                ROUNDING);
    }

    @Test
    void runningStatisticsInFloat32AreDl4js() {
        statisticsAreDl4js(
                images(standingStill(), CNN2DFormat.NCHW, DataType.FLOAT),
                images(new Sgd(0.1), CNN2DFormat.NCHW, DataType.FLOAT),
                List.of(imagesBatch(1, CNN2DFormat.NCHW), imagesBatch(2, CNN2DFormat.NCHW)),
                FLOAT);
    }

    /** The mean and variance of a batch behind the first layer. */
    private static double[][] momentsOfBatch(MultiLayerNetwork net, DataSet batch) {
        INDArray activations = net.feedForwardToLayer(0, batch.getFeatures()).get(1);
        return new double[][] {
            activations.mean(0).data().asDouble(),
            activations.var(false, 0).data().asDouble()
        };
    }

    @Test
    void runningStatisticsGoAlongWithALongStep() {
        MultiLayerNetwork net = GaussNewton.attach(vectors(Sgn.paper().build(), false));
        DataSet batch = Small.batches().get(0);
        net.setIterationCount(3);
        double[] mean = net.getParam("1_mean").dup().data().asDouble();
        double[] variance = net.getParam("1_var").dup().data().asDouble();
        double[][] before = momentsOfBatch(net, batch);
        net.fit(batch);
        double[][] after = momentsOfBatch(net, batch);
        for (int i = 0; i < mean.length; i++) {
            double movedMean = mean[i] + after[0][i] - before[0][i];
            assertEquals(
                    0.75 * movedMean + 0.25 * after[0][i],
                    net.getParam("1_mean").getDouble(i),
                    ROUNDING);
            double movedVariance = after[1][i] < before[1][i]
                    ? variance[i] * after[1][i] / before[1][i]
                    : variance[i] + after[1][i] - before[1][i];
            assertEquals(
                    0.75 * movedVariance + 0.25 * after[1][i],
                    net.getParam("1_var").getDouble(i),
                    ROUNDING);
        }
    }

    /** Long steps shrink the weights before a normalization, which its running statistics then have to follow. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void trainingAndEvaluationLossAgreeAfterEachEpoch(long seed) {
        MultiLayerNetwork net = GaussNewton.attach(Small.network(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .dataType(DataType.FLOAT)
                .updater(sgn())
                .l2(1e-4)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(6).build())
                .layer(new BatchNormalization.Builder().build())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(4)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(8, 8, 1))
                .build()));
        DataSet all = stripes(seed, 256);
        for (int epoch = 1; epoch <= 10; epoch++) {
            all.batchBy(64).forEach(net::fit);
            double training;
            try (Linearization at = GaussNewton.linearize(net)) {
                training = at.at(all.getFeatures(), all.getLabels()).loss();
            }
            double evaluation = net.score(all, false);
            int reached = epoch;
            assertEquals(
                    training,
                    evaluation,
                    0.1 * training + 0.02,
                    () -> "loss in training and evaluation, epoch " + reached);
        }
    }

    /** Images of four kinds of stripes, with noise. */
    private static DataSet stripes(long seed, int n) {
        INDArray images = Networks.normal(seed, 0.3, n, 1, 8, 8).castTo(DataType.FLOAT);
        long[] kinds = Networks.classes(seed, n, 4).toLongVector();
        for (int i = 0; i < n; i++) {
            for (int row = 0; row < 8; row++) {
                for (int column = 0; column < 8; column++) {
                    int phase = switch ((int) kinds[i]) {
                        case 0 -> row;
                        case 1 -> column;
                        case 2 -> row + column;
                        default -> row - column + 8;
                    };
                    images.putScalar(
                            new int[] {i, 0, row, column}, images.getDouble(i, 0, row, column) + (phase / 2 % 2));
                }
            }
        }
        return new DataSet(
                images, Networks.oneHot(Networks.classes(seed, n, 4), 4).castTo(DataType.FLOAT));
    }

    /** The network in training mode does not depend on them. */
    @Test
    void noDirectionMovesRunningStatistics() {
        MultiLayerNetwork net = vectors(sgn(), true);
        DataSet batch = Small.data(20);
        INDArray ones = Networks.normal(1, 1.0, net.numParams());
        try (Linearization at = GaussNewton.linearize(net).at(batch.getFeatures(), batch.getLabels())) {
            INDArray before = at.gradient();
            net.getParam("1_mean").addi(3);
            net.getParam("1_log10stdev").addi(2);
            at.at(batch.getFeatures(), batch.getLabels());
            assertArrayEquals(Small.bits(before), Small.bits(at.gradient()));
            for (INDArray vector : List.of(before, at.ggnVectorProduct(ones), at.vjp(at.preOutput()))) {
                for (long i = statisticsFrom(net); i < statisticsFrom(net) + 12; i++) {
                    assertEquals(0.0, vector.getDouble(i));
                }
            }
        }
    }

    private static long statisticsFrom(MultiLayerNetwork net) {
        long from = 0;
        for (Map.Entry<String, INDArray> entry : net.paramTable().entrySet()) {
            if (entry.getKey().equals("1_mean")) {
                return from;
            }
            from += entry.getValue().length();
        }
        throw new AssertionError("no mean");
    }

    /** Outputs of an example depend on all others, so that there are no rows of its own: the system is solved in products. */
    @Test
    void egnSolvesByConjugateGradients() {
        DataSet batch = Small.data(20);
        MultiLayerNetwork net = vectors(
                Egn.builder()
                        .damping(Damping.constant(LAMBDA))
                        .lineSearch(LineSearch.none())
                        .momentum(0)
                        .cgTolerance(1e-12)
                        .build(),
                true);
        try (Linearization at = GaussNewton.linearize(net).at(batch.getFeatures(), batch.getLabels())) {
            INDArray before = net.params().dup();
            GaussNewton.attach(net).fit(batch);
            assertEquals("CONJUGATE_GRADIENTS", report(net).solver());
            INDArray step = net.params().sub(before).reshape(net.numParams());
            long from = statisticsFrom(net);
            for (long i = from; i < from + 12; i++) {
                step.putScalar(i, 0.0);
            }
            assertClose(at.gradient().neg(), at.ggnVectorProduct(step).add(step.mul(LAMBDA)), DOUBLE, "(H + λI)Δ = −g");
        }
    }

    @Test
    void rowsOfSingleExamplesAreRefusedByName() {
        MultiLayerNetwork net = vectors(sgn(), true);
        DataSet batch = Small.data(20);
        try (Linearization at = GaussNewton.linearize(net).at(batch.getFeatures(), batch.getLabels())) {
            for (Consumer<Linearization> query : List.<Consumer<Linearization>>of(
                    Linearization::perExampleGradients, Linearization::jacobian, Linearization::gram)) {
                String message = assertThrows(UnsupportedOperationException.class, () -> query.accept(at))
                        .getMessage();
                assertTrue(message.contains("Layer 1 (BatchNormalization)"), message);
            }
        }
    }

    @Test
    void aRejectedStepLeavesRunningStatisticsAlone() {
        MultiLayerNetwork net = GaussNewton.attach(vectors(
                Sgn.paper().learningRate(1e6).damping(Damping.constant(1e-6)).build(), true));
        long[] before = Small.bits(net);
        net.fit(Small.data(20));
        assertEquals(StepReport.Outcome.REJECTED, report(net).outcome());
        assertArrayEquals(before, Small.bits(net));
    }

    /** Momentum and warm starts are vectors in the updater's state, in which DL4J leaves no room for running statistics. */
    @Test
    void aRestoredNetworkGoesOnBitForBit() throws IOException {
        MultiLayerNetwork net = GaussNewton.attach(
                vectors(Sgn.builder().momentum(0.9).warmStart(0.95).build(), true));
        net.fit(Small.iterator(), 2);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelSerializer.writeModel(net, file, true);
        net.fit(Small.iterator(), 2);
        MultiLayerNetwork restored = GaussNewton.attach(
                ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(file.toByteArray()), true));
        restored.fit(Small.iterator(), 2);
        assertArrayEquals(Small.bits(net), Small.bits(restored));
        assertEquals(net.updaterState(), restored.updaterState());
    }

    /** As with DL4J's own optimizers, the gradient that listeners see has the change of running statistics in their place; late in a training, see {@link #runningStatisticsAreDl4js}. */
    @Test
    void listenersSeeDl4jsGradient() {
        DataSet batch = Small.data(20);
        INDArray[] seen = new INDArray[2];
        MultiLayerNetwork[] nets = {vectors(new Sgd(0.1), true), GaussNewton.attach(vectors(sgn(), true))};
        for (int i = 0; i < nets.length; i++) {
            int which = i;
            nets[i].addListeners(new BaseTrainingListener() {
                @Override
                public void onGradientCalculation(Model model) {
                    seen[which] = model.gradient().gradient().dup();
                }
            });
            nets[i].setIterationCount(100);
            nets[i].fit(batch);
        }
        assertClose(seen[0], seen[1], ROUNDING, "gradient");
    }

    @Test
    void trainingReducesTheLossOfTheNetworkInUse() {
        MultiLayerNetwork net = GaussNewton.attach(vectors(sgn(), true));
        DataSet data = Small.data(200);
        net.fit(data);
        double before = net.score(data);
        for (int i = 0; i < 40; i++) {
            net.fit(data);
        }
        assertTrue(net.score(data) < before / 2, () -> before + " to " + net.score(data));
    }

    private static StepReport report(MultiLayerNetwork net) {
        return GaussNewton.report(net).orElseThrow();
    }
}
