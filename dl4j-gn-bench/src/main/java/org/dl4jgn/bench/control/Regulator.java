package org.dl4jgn.bench.control;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
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
 * The linear-quadratic regulator, learned by policy gradient: a network without hidden layers, u = −Kx, that starts from K =
 * 0 and takes one step of the optimizer on each mini-batch of states that its own policy visits.
 *
 * <p>The step is a regression whose gradient is the deterministic policy gradient (Silver et al. 2014): the label of a state
 * is the network's own control, moved against the slope of the worth q of a control in that state, q(x, u) = xᵀQx + uᵀRu +
 * (Ax + Bu)ᵀP_K(Ax + Bu),
 *
 * <pre>
 *     y = u − ∂q/∂u / 2‖M‖₂ = −(K − E/‖M‖₂) x,      M = R + BᵀP_KB,  E = MK − BᵀP_KA
 *     ∂/∂K (1/bm) Σ ‖uᵢ − yᵢ‖² = 2E Σᵢ xᵢxᵢᵀ / bm‖M‖₂      the policy gradient times 1/m‖M‖₂
 * </pre>
 *
 * <p>P_K is the present policy's exact cost to go. The Gauss-Newton matrix of this regression is the covariance of the
 * states, so that an undamped Gauss-Newton step is a natural policy gradient step; with a single control, for which M is a
 * number, it is one of policy iteration. E vanishes at the optimum for every state: no noise is left there, and K can be
 * found to rounding, in double.
 *
 * @param system to be regulated; K = 0 must be stable
 * @param batch states in a mini-batch, b
 */
public record Regulator(LinearSystem system, int batch) {

    private static final double NANOS = 1e-9;

    /** Checks the settings. */
    public Regulator {
        if (batch < 1) {
            throw new IllegalArgumentException("batch is " + batch + ", but must be at least 1");
        }
        if (!system.isStableWith(nothing(system))) {
            throw new IllegalArgumentException("The system is not stable without control, from which learning starts");
        }
    }

    /**
     * How far from the optimum a policy is.
     *
     * @param iteration steps of the optimizer so far
     * @param seconds of the run so far, sampling and evaluation of the policy included
     * @param trainSeconds thereof in the optimizer
     * @param gainDistance ‖K − K*‖ / ‖K*‖, in the Frobenius norm
     * @param costGap (cost − least cost) / least cost, of a step on average; infinite if K is not stable
     */
    public record Point(int iteration, double seconds, double trainSeconds, double gainDistance, double costGap) {}

    /**
     * A run.
     *
     * @param points the start, then one for each iteration; ends with the first policy that is not stable
     * @param gain K at the end, [m, n]
     */
    public record Result(List<Point> points, RealMatrix gain) {}

    /** Learns with an updater of DL4J, or with SGN or EGN, which are attached. */
    public Result run(IUpdater optimizer, long seed, Budget budget, Consumer<Point> watcher) {
        return run(optimizer, Trainer::of, seed, budget, watcher);
    }

    /**
     * Learns with any method.
     *
     * @param updater of the network's configuration
     * @param method makes the trainer of the network
     * @param seed of the system's noise
     * @param watcher is told of each point
     */
    public Result run(
            IUpdater updater,
            Function<MultiLayerNetwork, Trainer> method,
            long seed,
            Budget budget,
            Consumer<Point> watcher) {
        Run run = start(updater, method, seed);
        List<Point> points = new ArrayList<>();
        while (true) {
            Point point = run.point();
            points.add(point);
            watcher.accept(point);
            if (!Double.isFinite(point.costGap()) || budget.isSpent(point.iteration(), point.seconds())) {
                return new Result(List.copyOf(points), gain(run.network()));
            }
            run.step();
        }
    }

    /** Begins to learn, to go on step by step; see {@link #run(IUpdater, Function, long, Budget, Consumer)}. */
    public Run start(IUpdater updater, Function<MultiLayerNetwork, Trainer> method, long seed) {
        MultiLayerNetwork net = network(updater);
        return new Run(net, method.apply(net), seed);
    }

    /** A run under way. */
    public final class Run {

        private final MultiLayerNetwork net;
        private final Trainer trainer;
        private final Trajectory trajectory;
        private final RealMatrix optimum = system.optimalGain();
        private final double leastCost = system.cost(optimum);
        private final long began = System.nanoTime();
        private long training;
        private int iteration;

        private Run(MultiLayerNetwork net, Trainer trainer, long seed) {
            this.net = net;
            this.trainer = trainer;
            trajectory = new Trajectory(new Random(seed));
        }

        /** Where the policy is now. */
        public Point point() {
            RealMatrix k = gain(network());
            double seconds = (System.nanoTime() - began) * NANOS;
            double distance = k.subtract(optimum).getFrobeniusNorm() / optimum.getFrobeniusNorm();
            double gap =
                    Double.isFinite(distance) ? (system.cost(k) - leastCost) / leastCost : Double.POSITIVE_INFINITY;
            return new Point(iteration, seconds, training * NANOS, distance, gap);
        }

        /** Takes one step; the policy must be stable. */
        public void step() {
            RealMatrix k = gain(network());
            DataSet regression = regression(trajectory.states(k), k);
            long before = System.nanoTime();
            trainer.fit(regression);
            training += System.nanoTime() - before;
            iteration++;
        }

        /** Time spent in the optimizer, in nanoseconds. */
        public long trainNanos() {
            return training;
        }

        /** The network as it is. */
        public MultiLayerNetwork network() {
            return net;
        }
    }

    /** States as features, [b, n], and the controls that the policy gradient asks for as labels, [b, m]. */
    DataSet regression(RealMatrix states, RealMatrix k) {
        RealMatrix p = system.costToGo(k);
        double norm = new SingularValueDecomposition(system.curvature(p)).getNorm();
        RealMatrix target = k.subtract(system.gradientFactor(k, p).scalarMultiply(1 / norm));
        RealMatrix labels = states.multiply(target.transpose()).scalarMultiply(-1);
        return new DataSet(Nd4j.createFromArray(states.getData()), Nd4j.createFromArray(labels.getData()));
    }

    MultiLayerNetwork network(IUpdater updater) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(updater.clone())
                .list()
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(system.states())
                        .nOut(system.controls())
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        net.init();
        net.params().assign(0);
        return updater instanceof GaussNewtonUpdater ? GaussNewton.attach(net) : net;
    }

    /** K = −Wᵀ. */
    static RealMatrix gain(MultiLayerNetwork net) {
        INDArray weights = net.getParam("0_W");
        return new Array2DRowRealMatrix(weights.toDoubleMatrix()).transpose().scalarMultiply(-1);
    }

    private static RealMatrix nothing(LinearSystem system) {
        return MatrixUtils.createRealMatrix(system.controls(), system.states());
    }

    /** What the system goes through, from one mini-batch to the next. */
    private final class Trajectory {

        private final Random random;
        private double[] state;

        Trajectory(Random random) {
            this.random = random;
            this.state = noise();
        }

        /** The next states under a policy, [b, n]. */
        RealMatrix states(RealMatrix k) {
            RealMatrix closedLoop = system.closedLoop(k);
            double[][] states = new double[batch][];
            for (int i = 0; i < batch; i++) {
                states[i] = state;
                double[] next = closedLoop.operate(state);
                double[] noise = noise();
                Arrays.setAll(next, j -> next[j] + noise[j]);
                state = next;
            }
            return new Array2DRowRealMatrix(states, false);
        }

        private double[] noise() {
            double[] noise = new double[system.states()];
            Arrays.setAll(noise, i -> random.nextGaussian());
            return noise;
        }
    }
}
