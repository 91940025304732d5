package org.dl4jgn.bench.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.bench.control.DeepQLearning.Episode;
import org.dl4jgn.bench.control.DeepQLearning.Result;
import org.dl4jgn.bench.control.DeepQLearning.Settings;
import org.dl4jgn.bench.control.ReplayBuffer.Transition;
import org.dl4jgn.bench.rivals.Gaf;
import org.dl4jgn.bench.rivals.Sqn;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.curvature.Linearization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

class DeepQLearningTest {

    private static final double DISCOUNT = 0.9;

    /** Three rooms in a row, seen as one-hot: action 1 goes on, action 0 back; leaving the last one earns 1. */
    private static final class Rooms implements Environment {

        private int room;
        private int steps;

        @Override
        public int observations() {
            return 3;
        }

        @Override
        public int actions() {
            return 2;
        }

        @Override
        public double[] reset(RandomGenerator random) {
            room = random.nextInt(3);
            steps = 0;
            return seen();
        }

        @Override
        public Outcome step(int action) {
            room = Math.max(0, room + (action == 1 ? 1 : -1));
            steps++;
            boolean out = room == 3;
            return new Outcome(out ? new double[3] : seen(), out ? 1 : 0, out, !out && steps == 10);
        }

        private double[] seen() {
            double[] seen = new double[3];
            seen[room] = 1;
            return seen;
        }
    }

    private static final DeepQLearning ROOMS =
            new DeepQLearning(new Rooms(), new Settings(List.of(8), DISCOUNT, 500, 32, 50, 25, 1, 1));

    static Stream<IUpdater> optimizers() {
        return Stream.of(new Adam(0.02), Sgn.builder().build(), Egn.builder().build());
    }

    /** Q*: one action from the exit 1, two 0.9, three 0.81, and going back costs one or two more. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void findsTheWorthOfEveryAction(IUpdater optimizer) {
        MultiLayerNetwork net =
                ROOMS.run(optimizer, 1, Budget.steps(600), episode -> {}).network();
        INDArray worth = net.output(Nd4j.eye(3));
        double[][] expected = {{0.729, 0.81}, {0.729, 0.9}, {0.81, 1}};
        for (int room = 0; room < 3; room++) {
            assertArrayEquals(expected[room], worth.getRow(room).toDoubleVector(), 0.03, "room " + room);
        }
        assertEquals(1, ROOMS.evaluate(net, 5, 9), "greedy play leaves every room");
    }

    /** ℓ = Σ over the actions taken; the others have no residual and no curvature. */
    @Test
    void theRegressionIsOfTheActionsTaken() {
        MultiLayerNetwork net =
                ROOMS.run(new Sgd(0.1), 1, Budget.steps(1), episode -> {}).network();
        double[] first = {1, 0, 0};
        double[] second = {0, 1, 0};
        DataSet data = DeepQLearning.regression(
                List.of(new Transition(first, 1, 0.5, second, false), new Transition(second, 0, 2, first, true)),
                net,
                DISCOUNT,
                2);
        double future = net.output(Nd4j.createFromArray(new double[][] {second}))
                .maxNumber()
                .doubleValue();
        INDArray now = net.output(data.getFeatures());
        double residual1 = now.getDouble(0, 1) - (0.5 + DISCOUNT * future);
        double residual2 = now.getDouble(1, 0) - 2;
        // 1/b and, in DL4J's MSE, 1/c
        assertEquals((residual1 * residual1 + residual2 * residual2) / 4, net.score(data), 1e-6);
        try (Linearization at = GaussNewton.linearize(net)) {
            at.at(data.getFeatures(), data.getLabels(), data.getLabelsMaskArray());
            INDArray taken = Nd4j.createFromArray(new float[][] {{0, 1}, {1, 0}});
            INDArray slope = Nd4j.createFromArray(new float[][] {{0, (float) residual1}, {(float) residual2, 0}});
            assertArrayEquals(
                    at.vjp(slope).mul(0.5).toDoubleVector(), at.gradient().toDoubleVector(), 1e-6);
            INDArray v = at.gradient();
            assertArrayEquals(
                    at.vjp(at.jvp(v).mul(taken)).mul(0.5).toDoubleVector(),
                    at.ggnVectorProduct(v).toDoubleVector(),
                    1e-6);
        }
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        Result one = ROOMS.run(Sgn.builder().build(), 5, Budget.steps(150), episode -> {});
        Result two = ROOMS.run(Sgn.builder().build(), 5, Budget.steps(150), episode -> {});
        Result other = ROOMS.run(Sgn.builder().build(), 6, Budget.steps(150), episode -> {});
        assertEquals(one.network().params(), two.network().params());
        assertEquals(rewards(one), rewards(two));
        assertTrue(!one.network().params().equals(other.network().params()), "another seed, another run");
    }

    private static List<Double> rewards(Result result) {
        return result.episodes().stream().map(Episode::totalReward).toList();
    }

    @Test
    void theCurveCountsStepsAndRewards() {
        List<Episode> watched = new ArrayList<>();
        DeepQLearning cartPole =
                new DeepQLearning(new CartPole(), new Settings(List.of(8), 0.99, 100, 16, 50, 20, 100, 0.1));
        Result result = cartPole.run(new Adam(1e-3), 1, Budget.steps(300), watched::add);
        assertEquals(watched, result.episodes());
        double steps = 0;
        for (Episode episode : watched) {
            steps += episode.totalReward(); // one for each step
            assertEquals(steps, episode.steps());
            assertTrue(episode.trainSeconds() <= episode.seconds());
        }
        assertTrue(steps > 250 && steps <= 300, "steps " + steps);
        assertEquals(Double.NaN, new Result(List.of(), result.network()).meanOfLast(10));
    }

    @Test
    void theRivalsPlayAsWell() {
        Result gaf = ROOMS.run(new Sgd(0.5), net -> new Gaf(net, 4, 1), 1, Budget.steps(100), episode -> {});
        Result sqn = ROOMS.run(new Sgd(1), net -> new Sqn(net, 0.5, 5, 0.1), 1, Budget.steps(100), episode -> {});
        assertEquals(51, gaf.network().getIterationCount(), "a step for each action from the 50th on");
        assertEquals(51, sqn.network().getIterationCount());
    }

    @Test
    void wrongSettingsAreNamed() {
        Exception e = assertThrows(
                IllegalArgumentException.class, () -> new Settings(List.of(8), 0.99, 10, 16, 50, 20, 100, 0.1));
        assertTrue(e.getMessage().contains("memory at least batch"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Settings(List.of(8), 1.1, 100, 16, 50, 20, 100, 0.1));
        assertThrows(IllegalArgumentException.class, () -> new Budget(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Budget(1, Double.NaN));
    }
}
