package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Networks.dense;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.output;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.distribution.UniformDistribution;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.conf.weightnoise.WeightNoise;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.PosedNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Dropout and other noise: one draw a step, a function of seed and iteration, with DL4J's distribution. */
class NoiseTest {

    private static final INDArray X = normal(2, 1.0, 6, 3);
    private static final INDArray Y = normal(3, 1.0, 6, 2);

    record Noisy(String name, Layer... layers) {

        MultiLayerNetwork network(UnaryOperator<NeuralNetConfiguration.Builder> settings) {
            return Networks.of(DataType.DOUBLE, settings, layers);
        }

        MultiLayerNetwork network() {
            return network(conf -> conf);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Layer noisy(IDropout dropout, int in, int out) {
        return new DenseLayer.Builder()
                .nIn(in)
                .nOut(out)
                .activation(Activation.TANH)
                .dropOut(dropout)
                .build();
    }

    private static OutputLayer noisyOutput(IDropout dropout, int in, int out) {
        return new OutputLayer.Builder(new LossMSE())
                .nIn(in)
                .nOut(out)
                .activation(Activation.IDENTITY)
                .dropOut(dropout)
                .build();
    }

    private static Layer plainOutput(int in, int out) {
        return output(in, out, Activation.IDENTITY, new LossMSE());
    }

    static Stream<IDropout> dropouts() {
        return Stream.of(new Dropout(0.6), new AlphaDropout(0.7), new GaussianDropout(0.3), new GaussianNoise(0.4));
    }

    static Stream<Noisy> networks() {
        Stream<Noisy> dropouts = dropouts()
                .flatMap(d -> Stream.of(
                        new Noisy(d + " in hidden layers", noisy(d, 3, 5), noisy(d, 5, 4), plainOutput(4, 2)),
                        new Noisy(d + " in the output layer", dense(3, 5, Activation.TANH), noisyOutput(d, 5, 2)),
                        new Noisy(
                                d + " as layers",
                                new DropoutLayer(d),
                                dense(3, 5, Activation.SIGMOID),
                                new DropoutLayer(d),
                                plainOutput(5, 2))));
        Stream<Noisy> rectifiers = Stream.of(
                new Noisy("RReLU", dense(3, 5, Activation.RRELU), dense(5, 4, Activation.RRELU), plainOutput(4, 2)),
                new Noisy("RReLU output", dense(3, 5, Activation.TANH), output(5, 2, Activation.RRELU, new LossMSE())));
        Stream<Noisy> weights = weightNoises()
                .map(noise -> new Noisy(
                        noise + " of weights",
                        onWeights(noise, 3, 5),
                        dense(5, 4, Activation.TANH),
                        new OutputLayer.Builder(new LossMSE())
                                .nIn(4)
                                .nOut(2)
                                .activation(Activation.IDENTITY)
                                .weightNoise(noise)
                                .build()));
        return Stream.concat(Stream.concat(dropouts, rectifiers), weights);
    }

    static Stream<IWeightNoise> weightNoises() {
        return Stream.of(
                new DropConnect(0.6),
                new DropConnect(0.6, true),
                new WeightNoise(new NormalDistribution(0, 0.3)),
                new WeightNoise(new UniformDistribution(-0.3, 0.3), true, true),
                new WeightNoise(new NormalDistribution(1, 0.3), true, false));
    }

    private static Layer onWeights(IWeightNoise noise, int in, int out) {
        return new DenseLayer.Builder()
                .nIn(in)
                .nOut(out)
                .activation(Activation.TANH)
                .weightNoise(noise)
                .build();
    }

    // ---- one draw a step --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("networks")
    void gradientAndProductsAreDerivativesForTheDrawOfTheIteration(Noisy noisy) {
        MultiLayerNetwork net = noisy.network();
        net.setIterationCount(17);
        INDArray v = normal(4, 1.0, net.numParams());
        INDArray u = normal(5, 1.0, 6, 2);
        try (Linearization at = GaussNewton.linearize(net)) {
            INDArray jv = FiniteDifferences.along(net, v, () -> at.at(X, Y).preOutput());
            double slope = FiniteDifferences.along(net, v, () -> at.at(X, Y).loss());
            at.at(X, Y);
            assertClose(jv, at.jvp(v), FINITE_DIFFERENCE, "Jv");
            assertClose(slope, at.gradient().mul(v).sumNumber().doubleValue(), FINITE_DIFFERENCE, "⟨g, v⟩");
            assertClose(
                    u.mul(at.jvp(v)).sumNumber().doubleValue(),
                    v.mul(at.vjp(u)).sumNumber().doubleValue(),
                    ROUNDING,
                    "⟨u, Jv⟩");
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void trialLossesOfAStepSeeTheDrawOfItsGradient(Noisy noisy) {
        MultiLayerNetwork net = noisy.network();
        try (PosedNetwork at = new PosedNetwork(net, X, Y)) {
            double loss = at.point().value();
            INDArray gradient = at.gradient();
            INDArray base = at.theta();
            assertEquals(loss, at.problem().value(base, 0.0, gradient));
            double ahead = at.problem().value(base, 1e-5, gradient);
            double behind = at.problem().value(base, -1e-5, gradient);
            double square = gradient.mul(gradient).sumNumber().doubleValue();
            assertClose(square, (ahead - behind) / 2e-5, FINITE_DIFFERENCE, "slope");
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void drawIsAFunctionOfSeedAndIteration(Noisy noisy) {
        double[] losses = new double[4];
        try (Linearization at = GaussNewton.linearize(noisy.network())) {
            losses[0] = at.at(X, Y).loss();
            Nd4j.getRandom().nextGaussian();
            assertEquals(losses[0], at.at(X, Y).loss(), "again");
        }
        MultiLayerNetwork same = noisy.network();
        try (Linearization at = GaussNewton.linearize(same)) {
            assertEquals(losses[0], at.at(X, Y).loss(), "another network with the same seed");
            same.setIterationCount(1);
            losses[1] = at.at(X, Y).loss();
            same.setIterationCount(2);
            losses[2] = at.at(X, Y).loss();
            same.setIterationCount(0);
            assertEquals(losses[0], at.at(X, Y).loss(), "back at the first iteration");
        }
        MultiLayerNetwork other = noisy.network(conf -> conf.seed(8));
        try (Linearization at = GaussNewton.linearize(other)) {
            losses[3] = at.at(X, Y).loss();
        }
        for (int i = 0; i < losses.length; i++) {
            for (int j = 0; j < i; j++) {
                assertNotEquals(losses[i], losses[j]);
            }
        }
    }

    @Test
    void drawsLeaveNd4jsOwnGeneratorAlone() {
        try (Linearization at =
                GaussNewton.linearize(networks().findFirst().orElseThrow().network())) {
            Nd4j.getRandom().setSeed(5);
            INDArray expected = Nd4j.rand(DataType.DOUBLE, 4);
            Nd4j.getRandom().setSeed(5);
            at.at(X, Y);
            assertEquals(expected, Nd4j.rand(DataType.DOUBLE, 4));
        }
    }

    @Test
    void noNoiseIsLeftWhereTheSettingsSayNone() {
        MultiLayerNetwork plain = Networks.of(DataType.DOUBLE, dense(3, 5, Activation.TANH), plainOutput(5, 2));
        try (Linearization expected = GaussNewton.linearize(plain).at(X, Y)) {
            for (IDropout none : new IDropout[] {
                new Dropout(1.0), new AlphaDropout(1.0), new GaussianDropout(0.0), new GaussianNoise(0.0)
            }) {
                MultiLayerNetwork net = Networks.of(DataType.DOUBLE, noisy(none, 3, 5), plainOutput(5, 2));
                try (Linearization at = GaussNewton.linearize(net).at(X, Y)) {
                    assertClose(expected.loss(), at.loss(), ROUNDING, none.toString());
                    assertClose(expected.gradient(), at.gradient(), ROUNDING, none.toString());
                }
            }
        }
    }

    // ---- distributions ----------------------------------------------------------------------------------------------

    private static final int MANY = 4000;

    /** z = w·y + b with w = 1, b = 0: the outputs y of a noisy layer for the inputs x, a row an example. */
    private static final class Draws implements AutoCloseable {

        private final MultiLayerNetwork net;
        private final Linearization at;

        Draws(Layer... layers) {
            net = Networks.of(DataType.DOUBLE, layers);
            net.setParams(Nd4j.createFromArray(new double[][] {{1, 0}}));
            at = GaussNewton.linearize(net);
        }

        INDArray of(INDArray x, int iteration, int epoch) {
            net.setIterationCount(iteration);
            net.setEpochCount(epoch);
            return at.at(x, x).preOutput();
        }

        INDArray ofOnes(int iteration) {
            return of(Nd4j.ones(DataType.DOUBLE, MANY, 1), iteration, 0);
        }

        @Override
        public void close() {
            at.close();
        }
    }

    private static double share(INDArray condition) {
        return condition.castTo(DataType.DOUBLE).meanNumber().doubleValue();
    }

    /** Five standard deviations of a mean over {@code n} numbers of this deviation. */
    private static double sampling(double deviation, int n) {
        return 5 * deviation / Math.sqrt(n);
    }

    @Test
    void dropoutKeepsItsShareAndScalesIt() {
        double p = 0.3;
        try (Draws draws = new Draws(noisyOutput(new Dropout(p), 1, 1))) {
            double sum = 0;
            for (int iteration = 0; iteration < 10; iteration++) {
                INDArray y = draws.ofOnes(iteration);
                INDArray kept = y.gt(0);
                assertTrue(
                        y.sub(kept.castTo(DataType.DOUBLE).div(p)).amaxNumber().doubleValue() < 1e-12, "0 or 1/p");
                assertEquals(p, share(kept), sampling(Math.sqrt(p * (1 - p)), MANY));
                sum += share(kept);
            }
            assertEquals(p, sum / 10, sampling(Math.sqrt(p * (1 - p)), 10 * MANY));
        }
    }

    @Test
    void masksOfLayersIterationsAndNeighboursAreIndependent() {
        double p = 0.5;
        double error = sampling(0.5, MANY);
        try (Draws one = new Draws(noisyOutput(new Dropout(p), 1, 1));
                Draws two = new Draws(new DropoutLayer(new Dropout(p)), noisyOutput(new Dropout(p), 1, 1))) {
            assertEquals(p * p, share(two.ofOnes(0).gt(0)), error, "two layers");
            INDArray previous = one.ofOnes(0).gt(0).castTo(DataType.DOUBLE);
            for (int iteration = 1; iteration < 10; iteration++) {
                INDArray next = one.ofOnes(iteration).gt(0).castTo(DataType.DOUBLE);
                assertEquals(p * p, share(previous.mul(next)), error, "iterations");
                previous = next;
            }
            for (int lag : new int[] {1, 2, 4, 32, 1000}) {
                int both = 0;
                for (int i = lag; i < MANY; i++) {
                    both += previous.getDouble(i) * previous.getDouble(i - lag) > 0 ? 1 : 0;
                }
                assertEquals(p * p, both / (double) (MANY - lag), error, "examples " + lag + " apart");
            }
        }
    }

    /** z = Σₖ wₖ for inputs and weights of one: what is drawn for the weights, one draw for all examples. */
    private static INDArray weightsOf(IWeightNoise noise, double bias) {
        MultiLayerNetwork net = Networks.of(
                DataType.DOUBLE,
                new OutputLayer.Builder(new LossMSE())
                        .nIn(1)
                        .nOut(MANY)
                        .activation(Activation.IDENTITY)
                        .weightNoise(noise)
                        .build());
        INDArray ones = Nd4j.ones(DataType.DOUBLE, 2, 1);
        net.getLayer(0).getParam("W").assign(1.0);
        net.getLayer(0).getParam("b").assign(bias);
        try (Linearization at = GaussNewton.linearize(net)) {
            INDArray z = at.at(ones, Nd4j.zeros(DataType.DOUBLE, 2, MANY)).preOutput();
            assertEquals(z.getRow(0), z.getRow(1));
            return z.getRow(0).dup();
        }
    }

    /** As DL4J's, which keeps a weight with the probability, and does not scale what it keeps. */
    @Test
    void dropConnectKeepsItsShareOfTheWeightsAsTheyAre() {
        double p = 0.3;
        INDArray kept = weightsOf(new DropConnect(p), 0);
        assertEquals(
                0, kept.sub(kept.gt(0).castTo(DataType.DOUBLE)).amaxNumber().doubleValue(), 0);
        assertEquals(p, share(kept.gt(0)), sampling(Math.sqrt(p * (1 - p)), MANY));
        INDArray withBias = weightsOf(new DropConnect(p, true), 2);
        assertEquals(p, share(withBias.gt(1.5)), sampling(Math.sqrt(p * (1 - p)), MANY));
        assertEquals(0, share(weightsOf(new DropConnect(p), 2).lt(1.5)), 0);
    }

    @Test
    void weightNoiseHasItsDistribution() {
        assertNormal(
                weightsOf(new WeightNoise(new NormalDistribution(0.5, 0.2)), 0).sub(1), 0.5, 0.2);
        assertNormal(weightsOf(new WeightNoise(new NormalDistribution(0.5, 0.2), false), 0), 0.5, 0.2);
        assertNormal(weightsOf(new WeightNoise(new NormalDistribution(0, 0.3), true, true), 1), 2, 0.3 * Math.sqrt(2));
    }

    @Test
    void gaussianDropoutHasMeanOneAndItsDeviation() {
        double rate = 0.2;
        try (Draws draws = new Draws(noisyOutput(new GaussianDropout(rate), 1, 1))) {
            assertNormal(draws.ofOnes(0), 1, Math.sqrt(rate / (1 - rate)));
            assertNormal(draws.ofOnes(1).sub(draws.ofOnes(2)), 0, Math.sqrt(2 * rate / (1 - rate)));
        }
    }

    @Test
    void gaussianNoiseHasMeanZeroAndItsDeviation() {
        try (Draws draws = new Draws(noisyOutput(new GaussianNoise(0.7), 1, 1))) {
            assertNormal(draws.ofOnes(0).sub(1), 0, 0.7);
            assertNormal(draws.of(Nd4j.ones(DataType.DOUBLE, MANY, 1).mul(-3), 5, 0), -3, 0.7);
        }
    }

    private static void assertNormal(INDArray sample, double mean, double deviation) {
        assertEquals(mean, sample.meanNumber().doubleValue(), sampling(deviation, MANY));
        assertEquals(deviation, sample.stdNumber().doubleValue(), sampling(deviation / Math.sqrt(2), MANY));
        INDArray z = sample.sub(mean).div(deviation);
        assertEquals(0.6827, share(z.lt(1).castTo(DataType.DOUBLE).mul(z.gt(-1).castTo(DataType.DOUBLE))), 0.04);
        assertEquals(0.5, share(z.gt(0)), 0.04);
    }

    /** Klambauer et al. (2017): dropped activations become α′, then an affine map restores mean zero, variance one. */
    @Test
    void alphaDropoutKeepsMeanAndVariance() {
        AlphaDropout alpha = new AlphaDropout(0.8);
        INDArray x = normal(6, 1.0, MANY, 1);
        try (Draws draws = new Draws(noisyOutput(alpha, 1, 1))) {
            INDArray y = draws.of(x, 0, 0);
            double dropped = alpha.a(0.8) * -1.7580993408473766 + alpha.b(0.8);
            int kept = 0;
            for (int i = 0; i < MANY; i++) {
                boolean keeps = Math.abs(y.getDouble(i) - dropped) > 1e-9;
                kept += keeps ? 1 : 0;
                if (keeps) {
                    assertEquals(alpha.a(0.8) * x.getDouble(i) + alpha.b(0.8), y.getDouble(i), 1e-12);
                }
            }
            assertEquals(0.8, kept / (double) MANY, sampling(0.4, MANY));
            assertEquals(0, y.meanNumber().doubleValue(), sampling(1, MANY));
            assertEquals(1, y.stdNumber().doubleValue(), sampling(1, MANY));
        }
    }

    @Test
    void randomizedRectifierDrawsUniformly() {
        try (Draws draws = new Draws(output(1, 1, Activation.IDENTITY, new LossMSE()))) {
            assertEquals(1.0, draws.ofOnes(0).meanNumber().doubleValue(), "no noise without a noisy layer");
        }
        MultiLayerNetwork net = Networks.of(
                DataType.DOUBLE, dense(1, 1, Activation.RRELU), output(1, 1, Activation.IDENTITY, new LossMSE()));
        net.setParams(Nd4j.createFromArray(new double[][] {{1, 0, 1, 0}}));
        INDArray x = Nd4j.ones(DataType.DOUBLE, MANY, 1).neg();
        try (Linearization at = GaussNewton.linearize(net).at(x, x)) {
            INDArray slopes = at.preOutput().neg();
            double l = 1.0 / 8;
            double u = 1.0 / 3;
            double deviation = (u - l) / Math.sqrt(12);
            assertEquals((l + u) / 2, slopes.meanNumber().doubleValue(), sampling(deviation, MANY));
            assertEquals(deviation, slopes.stdNumber().doubleValue(), sampling(deviation, MANY));
            assertTrue(
                    slopes.minNumber().doubleValue() >= l && slopes.maxNumber().doubleValue() <= u);
        }
    }

    // ---- schedules --------------------------------------------------------------------------------------------------

    private static ISchedule schedule(ScheduleType type, double first, double then) {
        return new MapSchedule.Builder(type).add(0, first).add(4, then).build();
    }

    @Test
    void probabilityFollowsAScheduleOfIterations() {
        IDropout dropout = new Dropout(schedule(ScheduleType.ITERATION, 0.8, 0.25));
        try (Draws draws = new Draws(noisyOutput(dropout, 1, 1))) {
            INDArray early = draws.ofOnes(3);
            INDArray late = draws.ofOnes(4);
            assertEquals(0.8, share(early.gt(0)), 0.04);
            assertEquals(1 / 0.8, early.maxNumber().doubleValue(), 1e-12);
            assertEquals(0.25, share(late.gt(0)), 0.04);
            assertEquals(4, late.maxNumber().doubleValue(), 1e-12);
        }
    }

    static Stream<IDropout> scheduledByEpoch() {
        return Stream.of(
                new Dropout(schedule(ScheduleType.EPOCH, 1.0, 0.5)),
                new AlphaDropout(schedule(ScheduleType.EPOCH, 1.0, 0.5)),
                new GaussianDropout(schedule(ScheduleType.EPOCH, 0.0, 0.5)),
                new GaussianNoise(schedule(ScheduleType.EPOCH, 0.0, 1.0)));
    }

    @ParameterizedTest
    @MethodSource("scheduledByEpoch")
    void strengthFollowsAScheduleOfEpochs(IDropout dropout) {
        INDArray x = normal(6, 1.0, MANY, 1);
        try (Draws draws = new Draws(noisyOutput(dropout, 1, 1))) {
            assertClose(x, draws.of(x, 90, 3), ROUNDING, "no noise before epoch 4");
            double changed = draws.of(x, 91, 4).sub(x).stdNumber().doubleValue();
            assertTrue(changed > 0.5 && changed < 1.5, "noise from epoch 4 on: " + changed);
        }
    }

    // ---- seeds and schedules ----------------------------------------------------------------------------------------

    /** ND4J's generator takes the time of day for a seed of zero. */
    @Test
    void seedZeroDrawsTheSameAtAnyTime() throws InterruptedException {
        Noisy noisy = new Noisy("", noisy(new GaussianNoise(0.4), 3, 5), plainOutput(5, 2));
        try (Linearization at = GaussNewton.linearize(noisy.network(conf -> conf.seed(0)))) {
            double first = at.at(X, Y).loss();
            Thread.sleep(20);
            assertEquals(first, at.at(X, Y).loss());
        }
    }

    static Stream<Arguments> schedulesThatLeave() {
        return Stream.of(
                Arguments.of(new Dropout(thenAt(3, 0.5, 0.0)), 0.0, "0 < p ≤ 1"),
                Arguments.of(new Dropout(thenAt(3, 0.5, 1.5)), 1.5, "0 < p ≤ 1"),
                Arguments.of(new AlphaDropout(thenAt(3, 0.5, 0.0)), 0.0, "0 < p ≤ 1"),
                Arguments.of(new GaussianDropout(thenAt(3, 0.5, 1.0)), 1.0, "0 ≤ rate < 1"),
                Arguments.of(new GaussianNoise(thenAt(3, 0.5, -0.1)), -0.1, "finite numbers from 0 on"));
    }

    private static ISchedule thenAt(int iteration, double before, double after) {
        return new MapSchedule.Builder(ScheduleType.ITERATION)
                .add(0, before)
                .add(iteration, after)
                .build();
    }

    @ParameterizedTest
    @MethodSource("schedulesThatLeave")
    void aScheduleThatLeavesItsRangeIsNamed(IDropout dropout, double value, String allowed) {
        Noisy noisy = new Noisy("", dense(3, 4, Activation.TANH), noisy(dropout, 4, 5), plainOutput(5, 2));
        MultiLayerNetwork net = GaussNewton.attach(
                noisy.network(conf -> conf.updater(Sgn.builder().build())));
        for (int i = 0; i < 3; i++) {
            net.fit(X, Y);
        }
        INDArray before = net.params().dup();
        assertFails(
                IllegalStateException.class,
                () -> net.fit(X, Y),
                "Layer 1 (DenseLayer)",
                " is " + value + " at iteration 3, epoch 0",
                "allowed: " + allowed);
        assertEquals(before, net.params());
    }
}
