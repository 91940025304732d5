package org.dl4jgn.bench.control;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.bench.control.ReplayBuffer.Transition;
import org.dl4jgn.bench.rivals.Trainer;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Deep Q-learning (Mnih et al. 2015): a network learns from remembered transitions (s, a, r, s′) what each action is
 * worth,
 *
 * <pre>
 *     Q(s, a) ← r + γ max Q⁻(s′, ·)        Q⁻: an older copy of the network; 0 where s′ ends the episode
 * </pre>
 *
 * <p>by one step of the optimizer on a mini-batch, after each action. This is least squares for Gauss-Newton: the loss is
 * DL4J's MSE with a label mask that leaves of each example the output of the action taken, Σ (Q(sᵢ, aᵢ) − yᵢ)² / (b·c), so
 * that the other outputs have neither residual nor curvature. (Labels equal to the present prediction, as is often done,
 * would have no residual, but curvature: they would hold the other outputs where they are.) Actions are ε-greedy.
 *
 * @param environment the game; used by one run at a time
 * @param settings of the method, the same for all optimizers
 */
public record DeepQLearning(Environment environment, Settings settings) {

    /**
     * Settings of the method.
     *
     * @param hidden widths of the hidden layers, tanh
     * @param discount γ
     * @param memory transitions remembered
     * @param batch transitions in a mini-batch
     * @param start transitions to collect before the first step
     * @param copyEvery actions from one copy of the network to the next
     * @param greedyAfter actions over which ε falls, on a straight line, from 1 to {@code leastRandom}
     * @param leastRandom ε from there on
     */
    public record Settings(
            List<Integer> hidden,
            double discount,
            int memory,
            int batch,
            int start,
            int copyEvery,
            int greedyAfter,
            double leastRandom) {

        /** Settings that suit both games. */
        public static Settings standard() {
            return new Settings(List.of(64, 64), 0.99, 20_000, 64, 500, 200, 4_000, 0.05);
        }

        /** Checks the settings. */
        public Settings {
            hidden = List.copyOf(hidden);
            if (batch < 1 || memory < batch || start < 1 || copyEvery < 1 || greedyAfter < 1) {
                throw new IllegalArgumentException(
                        "batch, start, copyEvery and greedyAfter must be at least 1, and memory"
                                + " at least batch, but they are " + batch + ", " + start + ", " + copyEvery + ", "
                                + greedyAfter
                                + " and " + memory);
            }
            if (!(discount >= 0 && discount <= 1) || !(leastRandom >= 0 && leastRandom <= 1)) {
                throw new IllegalArgumentException("discount and leastRandom must be at least 0 and at most 1, but are "
                        + discount + " and " + leastRandom);
            }
        }

        double randomness(int actions) {
            return Math.max(leastRandom, 1 - (1 - leastRandom) * actions / greedyAfter);
        }
    }

    /**
     * A finished episode.
     *
     * @param number counted from 1
     * @param steps actions taken in all episodes so far
     * @param seconds of the run so far, playing included
     * @param trainSeconds thereof in the optimizer
     * @param totalReward of this episode, not discounted, with random actions among its own
     */
    public record Episode(int number, int steps, double seconds, double trainSeconds, double totalReward) {}

    /**
     * A run.
     *
     * @param episodes those that were finished
     * @param network as it is after the last step
     */
    public record Result(List<Episode> episodes, MultiLayerNetwork network) {

        /** Mean return of the last episodes, or of all if there are fewer. */
        public double meanOfLast(int count) {
            return episodes.subList(Math.max(0, episodes.size() - count), episodes.size()).stream()
                    .mapToDouble(Episode::totalReward)
                    .average()
                    .orElse(Double.NaN);
        }
    }

    /** Learns with an updater of DL4J, or with SGN or EGN, which are attached. */
    public Result run(IUpdater optimizer, long seed, Budget budget, Consumer<Episode> watcher) {
        return run(optimizer, Trainer::of, seed, budget, watcher);
    }

    /**
     * Learns with any method.
     *
     * @param updater of the network's configuration
     * @param method makes the trainer of the network
     * @param seed of weights, games, random actions and mini-batches, each of which has a stream of its own
     * @param watcher is told of each episode that is finished
     */
    public Result run(
            IUpdater updater,
            Function<MultiLayerNetwork, Trainer> method,
            long seed,
            Budget budget,
            Consumer<Episode> watcher) {
        QLearningRun run = start(updater, method, seed);
        while (!budget.isSpent(run.steps(), run.seconds())) {
            run.step().ifPresent(watcher);
        }
        return new Result(run.episodes(), run.network());
    }

    /** Begins to learn, to go on action by action; see {@link #run(IUpdater, Function, long, Budget, Consumer)}. */
    public QLearningRun start(IUpdater updater, Function<MultiLayerNetwork, Trainer> method, long seed) {
        MultiLayerNetwork net = network(updater, seed);
        return new QLearningRun(this, net, method.apply(net), seed);
    }

    /** Mean return of greedy play in new episodes. */
    public double evaluate(MultiLayerNetwork net, int episodes, long seed) {
        Random random = new Random(seed);
        double sum = 0;
        for (int i = 0; i < episodes; i++) {
            double[] seen = environment.reset(random);
            Environment.Outcome outcome;
            do {
                outcome = environment.step(best(net, seen));
                seen = outcome.observation();
                sum += outcome.reward();
            } while (!outcome.isOver());
        }
        return sum / episodes;
    }

    private MultiLayerNetwork network(IUpdater updater, long seed) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .dataType(DataType.FLOAT)
                .updater(updater.clone())
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.TANH)
                .list();
        int in = environment.observations();
        for (int width : settings.hidden) {
            layers.layer(new DenseLayer.Builder().nIn(in).nOut(width).build());
            in = width;
        }
        layers.layer(new OutputLayer.Builder(LossFunction.MSE)
                .nIn(in)
                .nOut(environment.actions())
                .activation(Activation.IDENTITY)
                .build());
        MultiLayerNetwork net = new MultiLayerNetwork(layers.build());
        net.init();
        return updater instanceof GaussNewtonUpdater ? GaussNewton.attach(net) : net;
    }

    /** The action of greatest worth. */
    static int best(MultiLayerNetwork net, double[] seen) {
        INDArray values = net.output(Nd4j.createFromArray(new double[][] {seen}).castTo(DataType.FLOAT));
        return values.argMax(1).getInt(0);
    }

    /**
     * The regression of one mini-batch: for each transition its target in the column of its action, and a mask with a one
     * there and zeros elsewhere.
     */
    static DataSet regression(List<Transition> batch, MultiLayerNetwork older, double discount, int actions) {
        int size = batch.size();
        double[][] before = new double[size][];
        double[][] after = new double[size][];
        for (int i = 0; i < size; i++) {
            before[i] = batch.get(i).before();
            after[i] = batch.get(i).after();
        }
        double[] future = older.output(Nd4j.createFromArray(after).castTo(DataType.FLOAT))
                .max(1)
                .toDoubleVector();
        float[][] labels = new float[size][actions];
        float[][] mask = new float[size][actions];
        for (int i = 0; i < size; i++) {
            Transition transition = batch.get(i);
            double target = transition.reward() + (transition.terminated() ? 0 : discount * future[i]);
            labels[i][transition.action()] = (float) target;
            mask[i][transition.action()] = 1;
        }
        return new DataSet(
                Nd4j.createFromArray(before).castTo(DataType.FLOAT),
                Nd4j.createFromArray(labels),
                null,
                Nd4j.createFromArray(mask));
    }
}
