package org.dl4jgn.spark;

import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.deeplearning4j.nn.api.Model;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.StepReport;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * Gauss-Newton training on a Spark cluster: the network's own settings, and its own steps, on examples that are spread over
 * machines.
 *
 * <pre>{@code
 * SparkGaussNewton.fit(sparkContext, net, examples, epochs);
 *
 * SparkGaussNewton.builder(sparkContext)
 *         .miniBatches(MiniBatches.of(10_000))
 *         .build()
 *         .fit(net, examples, epochs);
 * }</pre>
 *
 * <p>The network is on the driver, and is trained there: conjugate gradients, search, damping and state are the ones of one
 * machine. The loss, its gradient and the products with H are sums over the partitions, so that a step is that of one machine
 * on the same examples, to rounding; on the same partitions it is the same to the bit. k iterations take k + 1 rounds of questions
 * and answers, and one more for each look at the loss elsewhere; a step is {@linkplain Builder#jobPerStep one job}, or each round is.
 *
 * <p>Examples are cached, in Java's memory or on disk. The networks that executors keep beside them take what {@code fit} takes
 * on one machine for as many examples, once for each partition.
 *
 * <p>Listeners are called on the driver, with each {@link StepReport}, and {@code iterationDone}; not those callbacks that show
 * activations and gradients, which are elsewhere. Immutable; each {@code fit} is by itself.
 */
public final class SparkGaussNewton {

    private static final String EXAMPLES = "examples must not be null";

    private final JavaSparkContext context;
    private final MiniBatches miniBatches;
    private final int treeDepth;
    private final BiConsumer<StepReport, Rounds> observer;
    private final @Nullable Checkpoints checkpoints;
    private final boolean localSolutions;
    private final boolean jobPerStep;

    private SparkGaussNewton(Builder builder) {
        context = builder.context;
        miniBatches = builder.miniBatches;
        treeDepth = builder.treeDepth;
        observer = builder.observer;
        checkpoints = builder.checkpoints;
        localSolutions = builder.localSolutions;
        jobPerStep = builder.jobPerStep;
    }

    /** Starts from the defaults; no setting is required. */
    public static Builder builder(JavaSparkContext context) {
        return new Builder(Objects.requireNonNull(context, "context must not be null"));
    }

    /** Trains with the defaults: all examples in each step. */
    public static void fit(JavaSparkContext context, Model net, JavaRDD<DataSet> examples, int epochs) {
        builder(context).build().fit(net, examples, epochs);
    }

    /**
     * Trains a network for some epochs. It is attached if it is not yet; after this it goes on anywhere.
     *
     * <p>Where the network is within an epoch, by its count of iterations, as one that was restored can be, the rest of that
     * epoch is the first.
     *
     * @param net a {@code MultiLayerNetwork} or {@code ComputationGraph}, configured with {@code Sgn} or {@code Egn}
     * @param examples data sets of one example or several each
     * @throws org.dl4jgn.translate.UnsupportedNetworkException if the network is not supported, or not on a cluster
     * @throws IllegalArgumentException if examples do not fit the network; it names the partition, and nothing is changed
     */
    public void fit(Model net, JavaRDD<DataSet> examples, int epochs) {
        Objects.requireNonNull(examples, EXAMPLES);
        fitMultiDataSet(net, examples.map(SparkGaussNewton::multi), epochs);
    }

    /** Null stays null, for whoever names the partition. */
    private static @Nullable MultiDataSet multi(@Nullable DataSet data) {
        return data == null ? null : (MultiDataSet) data.toMultiDataSet();
    }

    /** The same with examples of several inputs or outputs. */
    public void fitMultiDataSet(Model net, JavaRDD<MultiDataSet> examples, int epochs) {
        Objects.requireNonNull(net, "net must not be null");
        Objects.requireNonNull(examples, EXAMPLES);
        if (epochs < 1) {
            throw new IllegalArgumentException("epochs is " + epochs + ", but must be at least 1");
        }
        Networks.prepare(net);
        if (checkpoints != null) {
            checkpoints.prepare(net, context.hadoopConfiguration());
        }
        try (ClusterTraining training =
                new ClusterTraining(context, net, examples, miniBatches, treeDepth, localSolutions, jobPerStep)) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                fitEpoch(net, training);
            }
        }
    }

    /** The same with features and labels from columns of vectors or numbers; see {@link DataFrames}. */
    public void fit(Model net, Dataset<Row> frame, String features, String labels, int epochs) {
        fit(net, DataFrames.examples(frame, features, labels), epochs);
    }

    /**
     * The network of the last checkpoint in a folder, with the state of its training: a {@code MultiLayerNetwork} or {@code
     * ComputationGraph}. Trained on, with the same settings and examples in the same partitions, it is the one that was never
     * interrupted, to the bit.
     *
     * @param folder of any Hadoop file system
     * @return empty if there is none
     */
    public static Optional<Model> restore(JavaSparkContext context, String folder) {
        return Checkpoints.last(folder, context.hadoopConfiguration());
    }

    private void fitEpoch(Model net, ClusterTraining training) {
        Networks.startEpoch(net);
        int steps = training.stepsPerEpoch();
        boolean isLast;
        do {
            Rounds rounds = training.step();
            GaussNewton.report(net).ifPresent(report -> observer.accept(report, rounds));
            isLast = Networks.iteration(net) % steps == 0;
            if (checkpoints != null && checkpoints.isDue(Networks.iteration(net)) && !isLast) {
                checkpoints.write(net, context.hadoopConfiguration());
            }
        } while (!isLast);
        Networks.endEpoch(net);
        if (checkpoints != null && checkpoints.isDue(Networks.iteration(net))) {
            checkpoints.write(net, context.hadoopConfiguration());
        }
    }

    /** Builds trainings. */
    public static final class Builder {

        private final JavaSparkContext context;
        private MiniBatches miniBatches = MiniBatches.all();
        private int treeDepth = 2;
        private BiConsumer<StepReport, Rounds> observer = (report, rounds) -> {};
        private @Nullable Checkpoints checkpoints;
        private boolean localSolutions;
        private boolean jobPerStep = true;

        private Builder(JavaSparkContext context) {
            this.context = context;
        }

        /** Which examples each step is taken on; default all. */
        public Builder miniBatches(MiniBatches batches) {
            miniBatches = Objects.requireNonNull(batches, "batches must not be null");
            return this;
        }

        /** Depth of the tree by which the answers of partitions are summed, as in Spark's {@code treeAggregate}; default 2. */
        public Builder treeDepth(int depth) {
            if (depth < 1) {
                throw new IllegalArgumentException("treeDepth is " + depth + ", but must be at least 1");
            }
            treeDepth = depth;
            return this;
        }

        /** Is told, on the driver, of each step and what it took of the network between machines. */
        public Builder onStep(BiConsumer<StepReport, Rounds> listener) {
            observer = Objects.requireNonNull(listener, "listener must not be null");
            return this;
        }

        /**
         * Lets each partition solve for itself: SGN's direction is then the mean of the partitions' own, each by k iterations on
         * the gradient of all examples and the curvature of its own (GIANT, Wang et al. 2018). A step has three questions then,
         * and its search, whatever k is; the direction is near that of one machine where each partition has many examples, in random
         * order. EGN's is not changed by this. Default off.
         */
        public Builder localSolutions(boolean local) {
            localSolutions = local;
            return this;
        }

        /**
         * Makes a step one job, whose tasks fetch question after question from the driver, instead of a job for each question.
         * Default true. It is done where each partition can have a core at the same time, and the driver can take all answers at
         * once (16 MB, or so few partitions that they are summed without a tree); nothing else runs on those cores during a step.
         * The step is the same to the bit.
         */
        public Builder jobPerStep(boolean one) {
            jobPerStep = one;
            return this;
        }

        /**
         * Saves the network with the state of its training, after each of {@code every} steps; default never. {@link
         * SparkGaussNewton#restore} reads the last. A folder belongs to one training: {@code fit} refuses one that cannot be written,
         * or that has checkpoints of later steps than the network's, before it changes anything.
         *
         * @param folder of any Hadoop file system, for instance {@code hdfs://...}
         */
        public Builder checkpoints(String folder, int every) {
            checkpoints = new Checkpoints(Objects.requireNonNull(folder, "folder must not be null"), every);
            return this;
        }

        /** Builds. */
        public SparkGaussNewton build() {
            return new SparkGaussNewton(this);
        }
    }
}
