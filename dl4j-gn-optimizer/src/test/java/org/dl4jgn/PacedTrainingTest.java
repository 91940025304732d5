package org.dl4jgn;

import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.Pace;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.problem.DampedSystem;
import org.dl4jgn.problem.PartCurvature;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.Problem;
import org.dl4jgn.testing.Matrix;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.PosedNetwork;
import org.dl4jgn.testing.Small;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;

/** The default method on networks. */
class PacedTrainingTest {

    static List<GaussNewtonUpdater> defaults() {
        return List.of(Sgn.builder().build(), Egn.builder().build());
    }

    /** Steps go on from the iterates, whatever average of them the network holds. */
    @Test
    void theParametersAreTheAverageOfTheIterates() {
        MultiLayerNetwork iterates = Small.attached(Sgn.builder().averaging(0).build());
        MultiLayerNetwork average = Small.attached(Sgn.builder().averaging(8).build());
        INDArray expected = average.params().dup();
        int t = 0;
        for (int epoch = 0; epoch < 3; epoch++) {
            for (DataSet batch : Small.batches()) {
                iterates.fit(batch);
                average.fit(batch);
                t++;
                double weight = 9.0 / (t + 8);
                expected.addi(iterates.params().sub(expected).mul(weight));
                assertClose(expected, average.params(), ROUNDING, "average after " + t + " steps");
            }
        }
        assertTrue(iterates.params().distance2(average.params()) > 1e-3, "they differ");
    }

    /** Whoever changes the network's parameters is followed: the training goes on from there. */
    @Test
    void parametersThatWereSetBeginANewAverage() {
        MultiLayerNetwork net = Small.attached(Sgn.builder().build());
        Small.batches().forEach(net::fit);
        INDArray set = net.params().mul(0.5);
        net.setParams(set.dup());
        double before = set.norm2Number().doubleValue();
        net.fit(Small.batches().get(0));
        double moved = net.params().distance2(set);
        assertTrue(moved > 0 && moved < 0.05 * before, () -> "moved by " + moved + " from a norm of " + before);
    }

    @ParameterizedTest
    @MethodSource("defaults")
    void theListenerSeesWhatWasSubtracted(GaussNewtonUpdater updater) {
        MultiLayerNetwork net = Small.attached(updater);
        INDArray before = net.params().dup();
        INDArray[] seen = new INDArray[1];
        net.setListeners(new BaseTrainingListener() {
            @Override
            public void iterationDone(org.deeplearning4j.nn.api.Model model, int iteration, int epoch) {
                seen[0] = model.gradient().gradient().dup();
            }
        });
        for (DataSet batch : Small.batches()) {
            net.fit(batch);
            assertClose(before.sub(net.params()), seen[0].reshape(before.shape()), ROUNDING, "update");
            before = net.params().dup();
        }
    }

    /** A first guess of the length or of the damping that is wrong by 100 does not stop a training. */
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 100})
    void aWrongFirstGuessIsNoEnd(double factor) {
        DataSet data = Small.data(200);
        Pace p = Pace.standard();
        Pace wrong = new Pace(
                factor,
                p.bound(),
                p.length(),
                p.slowest(),
                p.fastest(),
                p.calmest(),
                p.rate(),
                p.target(),
                p.memory(),
                p.harm());
        for (GaussNewtonUpdater updater : List.of(
                Sgn.builder().pace(wrong).build(), Egn.builder().pace(wrong).build())) {
            MultiLayerNetwork net = Small.attached(updater);
            double before = net.score(data);
            for (int epoch = 0; epoch < 40; epoch++) {
                data.batchBy(50).forEach(net::fit);
            }
            assertTrue(net.score(data) < 0.5 * before, () -> updater + ": " + before + " to " + net.score(data));
        }
    }

    /** Labels that have nothing to do with the features: nothing is to be learnt but each by heart, and steps become short. */
    @ParameterizedTest
    @MethodSource("defaults")
    void aTrainingThatLearnsByHeartEndsByItself(GaussNewtonUpdater updater) {
        MultiLayerNetwork net = GaussNewton.attach(Small.network(new NeuralNetConfiguration.Builder()
                .seed(12)
                .updater(updater)
                .list(
                        Networks.dense(100, 32, Activation.RELU),
                        Small.output(32, 2, LossFunction.MCXENT, Activation.SOFTMAX))
                .build()));
        DataSet noise = new DataSet(
                Networks.normal(12, 1, 4000, 100).castTo(DataType.FLOAT),
                Networks.oneHot(Networks.classes(13, 4000, 2), 2).castTo(DataType.FLOAT));
        double[] moved = new double[10];
        for (int epoch = 0; epoch < moved.length; epoch++) {
            INDArray before = net.params().dup();
            noise.shuffle(epoch);
            noise.batchBy(20).forEach(net::fit);
            moved[epoch] = net.params().distance2(before);
        }
        double score = net.score(noise);
        assertTrue(score > 0.5, () -> "a loss of " + score + " is learnt by heart");
        assertTrue(moved[9] < 0.1 * moved[1], () -> "moved by " + Arrays.toString(moved));
    }

    private static List<GaussNewtonUpdater> atRate(double rate) {
        return List.of(
                Sgn.builder().learningRate(rate).build(),
                Egn.builder().learningRate(rate).build());
    }

    private static List<GaussNewtonUpdater> atRate(ISchedule rate) {
        return List.of(
                Sgn.builder().learningRate(rate).build(),
                Egn.builder().learningRate(rate).build());
    }

    /** Nor does a constant learning rate, which is such a guess. */
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.1, 10, 100})
    void aWrongLearningRateIsNoEnd(double rate) {
        for (GaussNewtonUpdater updater : atRate(rate)) {
            assertTrains(updater);
        }
    }

    /** A schedule that is far too large: no step leads beyond the model's minimum, and harm shortens the next. */
    @ParameterizedTest
    @ValueSource(doubles = {10, 100})
    void aScheduleThatIsTooLargeIsNoEnd(double rate) {
        for (GaussNewtonUpdater updater : atRate(new FixedSchedule(rate))) {
            assertTrains(updater);
        }
    }

    private static void assertTrains(GaussNewtonUpdater updater) {
        DataSet data = Small.data(200);
        MultiLayerNetwork net = Small.attached(updater);
        double before = net.score(data);
        for (int epoch = 0; epoch < 40; epoch++) {
            data.batchBy(50).forEach(net::fit);
            assertTrue(net.score(data) < 1.5 * before, () -> updater + ": " + before + " to " + net.score(data));
        }
        assertTrue(net.score(data) < 0.5 * before, () -> updater + ": " + before + " to " + net.score(data));
    }

    /** The same training, from a file; a clone of DL4J's has its learning rate in common with the network. */
    private static MultiLayerNetwork resumed(MultiLayerNetwork net) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelSerializer.writeModel(net, file, true);
        return GaussNewton.attach(
                ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(file.toByteArray()), true));
    }

    private static double lengthOfNext(MultiLayerNetwork net, DataSet batch) {
        net.fit(batch);
        return GaussNewton.report(net).orElseThrow().stepLength();
    }

    /** What a schedule says is multiplied with what the pace allows, in the hundredth step as in the first. */
    @Test
    void aScheduleMultipliesForAsLongAsItLasts() throws IOException {
        for (int i = 0; i < defaults().size(); i++) {
            MultiLayerNetwork plain = Small.attached(defaults().get(i));
            MultiLayerNetwork scheduled =
                    Small.attached(atRate(new FixedSchedule(0.01)).get(i));
            DataSet batch = Small.data(50);
            assertEquals(0.01 * lengthOfNext(plain, batch), lengthOfNext(scheduled, batch), ROUNDING);
            double before = scheduled.score(batch);
            for (int epoch = 0; epoch < 40; epoch++) {
                Small.data(200).batchBy(50).forEach(scheduled::fit);
            }
            assertTrue(scheduled.score(batch) > 0.5 * before, () -> before + " to " + scheduled.score(batch));
            MultiLayerNetwork asLong = resumed(scheduled);
            asLong.setLearningRate(new FixedSchedule(0.02));
            assertEquals(2 * lengthOfNext(scheduled, batch), lengthOfNext(asLong, batch), ROUNDING);
        }
    }

    /** A constant that is set during a training changes the next step, is saved as what it has become, and is a guess again. */
    @Test
    void aLearningRateThatIsSetIsAGuessFromThere() throws IOException {
        for (GaussNewtonUpdater updater : defaults()) {
            MultiLayerNetwork net = Small.attached(updater);
            List<DataSet> batches = Small.data(200).batchBy(50);
            for (int epoch = 0; epoch < 5; epoch++) {
                batches.forEach(net::fit);
            }
            MultiLayerNetwork undisturbed = resumed(net);
            MultiLayerNetwork same = resumed(net);
            net.setLearningRate(0.01);
            same.setLearningRate(1);
            double expected = lengthOfNext(undisturbed, batches.get(0));
            assertEquals(expected, lengthOfNext(same, batches.get(0)));
            double shortened = lengthOfNext(net, batches.get(0));
            assertTrue(shortened < 0.05 * expected, () -> shortened + " after " + expected);

            batches.forEach(net::fit);
            MultiLayerNetwork again = resumed(net);
            for (int epoch = 0; epoch < 10; epoch++) {
                batches.forEach(net::fit);
                batches.forEach(again::fit);
            }
            assertEquals(net.params(), again.params());
            double later = lengthOfNext(net, batches.get(0));
            assertTrue(later > 0.3 * expected, () -> later + " after " + shortened + ", before " + expected);
        }
    }

    private static PosedNetwork posed(DataSet data) {
        return new PosedNetwork(Small.network(Sgn.builder().build()), data.getFeatures(), data.getLabels());
    }

    /** The curvature of a share is that of its examples by themselves; both points stay valid. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aShareIsTheProblemOfItsExamples(int index) {
        DataSet data = Small.data(20);
        INDArray rows = NDArrayIndexes.of(data.getFeatures(), index);
        INDArray labels = NDArrayIndexes.of(data.getLabels(), index);
        try (PosedNetwork whole = posed(data);
                PosedNetwork alone = posed(new DataSet(rows, labels))) {
            Problem share = whole.problem().share(index, 3).orElseThrow();
            assertEquals(6, share.examples());
            Point part = share.linearize(whole.theta());
            assertEquals(alone.point().value(), part.value(), ROUNDING);
            assertClose(alone.gradient(), part.gradient(), ROUNDING, "g");
            INDArray v = whole.theta().mul(2).addi(0.1);
            INDArray expected = whole.newVector();
            INDArray product = whole.newVector();
            alone.gaussNewton().apply(v, expected);
            part.gaussNewton().apply(v, product);
            assertClose(expected, product, ROUNDING, "Hv");
            INDArray wholes = whole.gradient().dup();
            whole.linearize(whole.theta());
            assertClose(whole.gradient(), wholes, ROUNDING, "the whole's gradient");
        }
    }

    /** All rows of one share of three, for 20 examples: six. */
    private static final class NDArrayIndexes {
        static INDArray of(INDArray array, int index) {
            return array.get(NDArrayIndex.interval(index, 3, index + 16), NDArrayIndex.all())
                    .dup();
        }
    }

    /** (H' + λI)Δ = −g + a with the part's H' and the whole's g, by the part's rows. */
    @Test
    void theSystemOfAPartHasTheWholesGradient() {
        DataSet data = Small.data(20);
        double lambda = 0.05;
        try (PosedNetwork whole = posed(data)) {
            Point part = whole.problem().share(1, 4).orElseThrow().linearize(whole.theta());
            PartCurvature point = new PartCurvature(whole.point(), part);
            INDArray addend = whole.theta().mul(0.3);
            INDArray delta = whole.newVector();
            for (var offer : point.rowSpace().orElseThrow().systems()) {
                for (Optional<INDArray> a : List.of(Optional.<INDArray>empty(), Optional.of(addend))) {
                    DampedSystem system = offer.open(DataType.DOUBLE, Long.MAX_VALUE);
                    assertTrue(system.solve(lambda, a.orElse(null), delta));
                    Matrix h = Matrix.ofProducts(whole.parameterCount(), v -> {
                        INDArray product = whole.newVector();
                        part.gaussNewton().apply(v, product);
                        return product;
                    });
                    INDArray right = whole.gradient().neg();
                    a.ifPresent(right::addi);
                    double[] expected = h.plusIdentity(lambda).solve(right.toDoubleVector());
                    assertClose(
                            org.nd4j.linalg.factory.Nd4j.createFromArray(expected),
                            delta,
                            Tolerances.DOUBLE,
                            offer.name());
                }
            }
        }
    }
}
