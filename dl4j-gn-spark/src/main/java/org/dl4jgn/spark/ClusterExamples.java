package org.dl4jgn.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.HashPartitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.MultiDataSet;
import scala.Tuple2;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;

/**
 * Examples on a cluster, cached, one {@link Examples} in each partition, and the sums over them.
 *
 * <p>A sum is that of Spark's {@code treeAggregate}, of the same depth, but for one thing: parts are added in the order of their
 * partitions and not as they come, so that the same question has the same answer to the bit. That the mini-batch is the
 * same as before, and that a training that is resumed is the one that was saved, both rest on it.
 */
final class ClusterExamples implements AutoCloseable {

    /** Bytes that the driver takes, or sends, at once instead of by a tree or a broadcast: over 10 Gbit/s the time of a job. */
    private static final long MOST_AT_ONCE = 1 << 24;

    private final JavaSparkContext context;
    private final JavaRDD<Examples> partitions;
    private final int depth;
    private final int[] sizes;
    private final long bytes;
    private final Rounds.Counter rounds = new Rounds.Counter();
    private Shipping shipping;
    private @Nullable StepJob stepJob;

    /**
     * Collects each partition's examples into one.
     *
     * @param depth of the sums, at least 1
     * @throws IllegalArgumentException naming partitions whose examples cannot be used
     */
    ClusterExamples(JavaSparkContext context, JavaRDD<MultiDataSet> data, DataType type, int depth) {
        this.context = context;
        this.depth = depth;
        partitions = data.mapPartitionsWithIndex(new Merge(type), true)
                .setName("Examples of a Gauss-Newton training")
                .persist(StorageLevel.MEMORY_AND_DISK());
        shipping = new Shipping(context, Shipping.SHORT);
        sizes = new int[partitions.getNumPartitions()];
        bytes = Closing.unlessMade(() -> partitions.unpersist(false), () -> cached(context, partitions, sizes));
    }

    /**
     * Makes steps jobs from now on, where their answers can come to the driver without a tree.
     *
     * @param bytes of an answer
     */
    void makeStepsJobs(long bytes) {
        // an RDD of no partitions is refused later
        if (sizes.length > 0 && (isSmall(sizes.length) || sizes.length * bytes <= MOST_AT_ONCE)) {
            stepJob = new StepJob(context, partitions, StepJob.PATIENCE);
            shipping = new Shipping(context, Math.max(Shipping.SHORT, MOST_AT_ONCE / sizes.length));
        }
    }

    /** Caches them; returns their bytes. */
    private static long cached(JavaSparkContext context, JavaRDD<Examples> partitions, int[] sizes) {
        try (Described ignored = Described.as(context, "Gauss-Newton training: cache the examples")) {
            requireNone(partitions.mapPartitionsWithIndex(new Faults(), true).collect());
            List<long[]> counted = partitions
                    .map(part -> new long[] {part.size(), part.bytes()})
                    .collect();
            long bytes = 0;
            for (int i = 0; i < sizes.length; i++) {
                sizes[i] = (int) counted.get(i)[0];
                bytes += counted.get(i)[1];
            }
            return bytes;
        }
    }

    /** Makes one of a partition's data sets. */
    private record Merge(DataType type) implements Function2<Integer, Iterator<MultiDataSet>, Iterator<Examples>> {

        @Override
        public Iterator<Examples> call(Integer partition, Iterator<MultiDataSet> data) {
            return List.of(merged(data)).iterator();
        }

        private Examples merged(Iterator<MultiDataSet> data) {
            List<MultiDataSet> all = new ArrayList<>();
            try {
                while (data.hasNext()) {
                    MultiDataSet next = data.next();
                    Examples.requireWhole(next);
                    all.add(next);
                }
                return all.isEmpty() ? Examples.none() : Examples.of(MultiDataSet.merge(all), type);
            } catch (IllegalArgumentException | IllegalStateException e) {
                return Examples.unusable("after " + all.size() + " data sets: " + e.getMessage());
            }
        }
    }

    /** What is wrong with a partition's examples. */
    private record Faults() implements Function2<Integer, Iterator<Examples>, Iterator<String>> {

        @Override
        public Iterator<String> call(Integer partition, Iterator<Examples> examples) {
            String fault = examples.next().firstFault();
            return fault == null
                    ? List.<String>of().iterator()
                    : List.of("Partition " + partition + ": " + fault).iterator();
        }
    }

    private static void requireNone(List<String> faults) {
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults) + ". Nothing was changed");
        }
    }

    /** For questions to these. */
    Shipping shipping() {
        return shipping;
    }

    Rounds.Counter rounds() {
        return rounds;
    }

    /** Number of all examples. */
    long size() {
        return count(Selection.all());
    }

    /** Bytes of the features and labels of one. */
    long bytesOfExample() {
        return bytes / Math.max(1, size());
    }

    /** Number of the examples of the partition that has most of them. */
    int largest() {
        return Arrays.stream(sizes).max().orElse(0);
    }

    /** Number of the examples of a selection. */
    long count(Selection selection) {
        long count = 0;
        for (int size : sizes) {
            count += selection.count(size);
        }
        return count;
    }

    /** For each partition the place of its first example in the mini-batch of a selection, by the order of partitions. */
    long[] places(Selection selection) {
        long[] places = new long[sizes.length];
        for (int i = 1; i < places.length; i++) {
            places[i] = places[i - 1] + selection.count(sizes[i - 1]);
        }
        return places;
    }

    /**
     * Asks all partitions a question of a step and sums the answers: in the one job of the step, where there is one.
     *
     * @param step what Spark's pages call that
     * @param what what they add to it if the question is a job of its own
     * @throws IllegalArgumentException naming partitions whose examples do not fit the network
     */
    Partial ask(String step, String what, Query query) {
        Partial sum = (stepJob == null ? Optional.<List<Partial>>empty() : stepJob.ask(step, query))
                .map(this::sum)
                .orElseGet(() -> byJob(step + ": " + what, query));
        return counted(query, sum);
    }

    /** The step's computations have ended: its job does too. */
    void endStep() {
        if (stepJob != null) {
            stepJob.end();
        }
    }

    /**
     * Asks all partitions and sums the answers: one job.
     *
     * @param name what Spark's pages call the job
     * @throws IllegalArgumentException naming partitions whose examples do not fit the network
     */
    Partial ask(String name, Query query) {
        return counted(query, byJob(name, query));
    }

    private Partial counted(Query query, Partial sum) {
        requireNone(sum.faults());
        rounds.count(query, sum);
        return sum;
    }

    private Partial byJob(String name, Query query) {
        try (Described ignored = Described.as(context, name)) {
            Answer answer = new Answer(query);
            return isSmall(sizes.length)
                    ? Partial.sum(List.of((Partial[])
                            context.sc().runJob(partitions.rdd(), answer, ClassTag$.MODULE$.apply(Partial.class))))
                    : sum(partitions.mapPartitionsWithIndex(new Answers(answer), true));
        }
    }

    /**
     * A partition's answer, as a job has it. It is a class, and no lambda, for which Spark would read the byte code of the
     * class around it at each job.
     */
    private static final class Answer
            extends AbstractFunction2<TaskContext, scala.collection.Iterator<Examples>, Partial>
            implements Serializable {

        private static final long serialVersionUID = 1;

        private final Query query;

        Answer(Query query) {
            this.query = query;
        }

        @Override
        public Partial apply(TaskContext task, scala.collection.Iterator<Examples> examples) {
            return of(task.partitionId(), examples.next());
        }

        Partial of(int partition, Examples examples) {
            return ExecutorNetworks.answer(query, partition, examples);
        }
    }

    /** Answers as a first level of a tree. */
    private record Answers(Answer answer) implements Function2<Integer, Iterator<Examples>, Iterator<Partial>> {

        @Override
        public Iterator<Partial> call(Integer partition, Iterator<Examples> examples) {
            return List.of(answer.of(partition, examples.next())).iterator();
        }
    }

    /** The examples of a selection, those of each partition by themselves, in order; one job. */
    List<Examples> collect(String name, Selection selection) {
        // whose tasks would keep the cores
        endStep();
        try (Described ignored = Described.as(context, name)) {
            List<Examples> parts = partitions
                    .mapPartitionsWithIndex(new Chosen(selection), true)
                    .collect();
            rounds.collected(parts);
            return parts;
        }
    }

    /** The examples of a selection. */
    private record Chosen(Selection selection) implements Function2<Integer, Iterator<Examples>, Iterator<Examples>> {

        @Override
        public Iterator<Examples> call(Integer partition, Iterator<Examples> examples) {
            Examples all = examples.next();
            int[] rows = selection.rows(partition, all.size());
            return rows.length == 0
                    ? List.<Examples>of().iterator()
                    : List.of(all.subset(rows)).iterator();
        }
    }

    /** Into how many times fewer a level of a tree sums so many parts. */
    private int scale(int count) {
        return Math.max((int) Math.ceil(Math.pow(count, 1.0 / depth)), 2);
    }

    /** Whether so many parts go to the driver as they are, by the rule of {@code treeAggregate}. */
    private boolean isSmall(int count) {
        int scale = scale(sizes.length);
        return count <= scale + Math.ceil((double) count / scale);
    }

    /** Into how many groups so many parts are summed. */
    private int groups(int count) {
        return (int) Math.ceil((double) count / scale(sizes.length));
    }

    /** The sum, by as many levels as {@code treeAggregate} would take. */
    private Partial sum(JavaRDD<Partial> parts) {
        JavaRDD<Partial> level = parts;
        int count = sizes.length;
        while (!isSmall(count)) {
            count = groups(count);
            JavaPairRDD<Integer, Tuple2<Integer, Partial>> grouped =
                    level.mapPartitionsWithIndex(new Number(count), true).mapToPair(numbered -> numbered);
            level = grouped.partitionBy(new HashPartitioner(count)).mapPartitions(ClusterExamples::sum, true);
        }
        return Partial.sum(level.collect());
    }

    /** The same sum of parts that are here, to the bit. */
    private Partial sum(List<Partial> parts) {
        List<Partial> level = parts;
        while (!isSmall(level.size())) {
            List<Partial> above = new ArrayList<>();
            int groups = groups(level.size());
            for (int group = 0; group < groups; group++) {
                List<Partial> members = new ArrayList<>();
                for (int part = group; part < level.size(); part += groups) {
                    members.add(level.get(part));
                }
                above.add(Partial.sum(members));
            }
            level = above;
        }
        return Partial.sum(level);
    }

    /** Puts parts into groups, with their numbers. */
    private record Number(int groups)
            implements Function2<Integer, Iterator<Partial>, Iterator<Tuple2<Integer, Tuple2<Integer, Partial>>>> {

        @Override
        public Iterator<Tuple2<Integer, Tuple2<Integer, Partial>>> call(Integer part, Iterator<Partial> partials) {
            List<Tuple2<Integer, Tuple2<Integer, Partial>>> numbered = new ArrayList<>();
            partials.forEachRemaining(
                    partial -> numbered.add(new Tuple2<>(part % groups, new Tuple2<>(part, partial))));
            return numbered.iterator();
        }
    }

    private static Iterator<Partial> sum(Iterator<Tuple2<Integer, Tuple2<Integer, Partial>>> group) {
        List<Tuple2<Integer, Partial>> parts = new ArrayList<>();
        group.forEachRemaining(part -> parts.add(part._2()));
        parts.sort(Comparator.comparing(Tuple2::_1));
        return List.of(Partial.sum(parts.stream().map(Tuple2::_2).toList())).iterator();
    }

    /** Frees what the executors keep of a training; one that is not asked frees it when it needs the room. */
    void release(String training) {
        try (Described ignored = Described.as(context, "Gauss-Newton training: free the networks")) {
            partitions.foreachPartition(examples -> ExecutorNetworks.get().release(training));
        }
    }

    @Override
    public void close() {
        if (stepJob != null) {
            stepJob.close();
        }
        partitions.unpersist(false);
    }
}
