package org.dl4jgn.bench.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.bench.control.DeepQLearning.Episode;
import org.dl4jgn.bench.control.ReplayBuffer.Transition;
import org.dl4jgn.bench.rivals.Trainer;
import org.nd4j.linalg.dataset.DataSet;

/** Deep Q-learning under way, action by action. */
public final class QLearningRun {

    private static final double NANOS = 1e-9;

    private final Environment environment;
    private final DeepQLearning.Settings settings;

    private final Trainer trainer;
    private final MultiLayerNetwork net;
    private final MultiLayerNetwork older;
    private final ReplayBuffer memory;
    private final RandomGenerator games;
    private final RandomGenerator exploration;
    private final RandomGenerator draws;
    private final long began = System.nanoTime();
    private final List<Episode> episodes = new ArrayList<>();
    private double[] seen;
    private double total;
    private long training;
    private int steps;

    QLearningRun(DeepQLearning learning, MultiLayerNetwork net, Trainer trainer, long seed) {
        environment = learning.environment();
        settings = learning.settings();
        memory = new ReplayBuffer(settings.memory());
        this.trainer = trainer;
        this.net = net;
        this.older = net.clone();
        Random seeds = new Random(seed);
        games = new Random(seeds.nextLong());
        exploration = new Random(seeds.nextLong());
        draws = new Random(seeds.nextLong());
        seen = environment.reset(games);
    }

    /** Takes one action, and one step of the optimizer once there is enough to learn from; returns the episode that it ended. */
    public Optional<Episode> step() {
        int action = choose(seen);
        Environment.Outcome outcome = environment.step(action);
        memory.add(new Transition(seen, action, outcome.reward(), outcome.observation(), outcome.terminated()));
        total += outcome.reward();
        seen = outcome.observation();
        steps++;
        learn();
        if (!outcome.isOver()) {
            return Optional.empty();
        }
        Episode episode = new Episode(episodes.size() + 1, steps, seconds(), training * NANOS, total);
        episodes.add(episode);
        seen = environment.reset(games);
        total = 0;
        return Optional.of(episode);
    }

    /** Actions taken. */
    public int steps() {
        return steps;
    }

    /** Time spent in the optimizer, in nanoseconds. */
    public long trainNanos() {
        return training;
    }

    /** Those that were finished. */
    public List<Episode> episodes() {
        return List.copyOf(episodes);
    }

    /** The network as it is. */
    public MultiLayerNetwork network() {
        return net;
    }

    private int choose(double[] seen) {
        return exploration.nextDouble() < settings.randomness(steps)
                ? exploration.nextInt(environment.actions())
                : DeepQLearning.best(net, seen);
    }

    private void learn() {
        if (memory.size() < Math.min(settings.start(), settings.memory())) {
            return;
        }
        if (steps % settings.copyEvery() == 0) {
            older.params().assign(net.params());
        }
        DataSet batch = DeepQLearning.regression(
                memory.draw(settings.batch(), draws), older, settings.discount(), environment.actions());
        long before = System.nanoTime();
        trainer.fit(batch);
        training += System.nanoTime() - before;
    }

    /** Of the run so far, playing included. */
    double seconds() {
        return (System.nanoTime() - began) * NANOS;
    }
}
