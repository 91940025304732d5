package org.dl4jgn.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.StepReport;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.spark.testing.Cases;
import org.dl4jgn.spark.testing.ClusterTolerances;
import org.dl4jgn.spark.testing.Clusters;
import org.dl4jgn.spark.testing.JobListener;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What a training on a cluster does beside its directions. */
class SparkTrainingTest extends OnTwoThreads {

    private static final DataSet EXAMPLES = Cases.synthetic(96, 5);

    private static MultiLayerNetwork network(Sgn sgn) {
        return Cases.SYNTHETIC.network(sgn, DataType.DOUBLE);
    }

    private static JavaRDD<DataSet> spread(int partitions) {
        return Clusters.spread(context, EXAMPLES, partitions);
    }

    private static void assertSame(MultiLayerNetwork expected, MultiLayerNetwork actual) {
        assertEquals(expected.getIterationCount(), actual.getIterationCount());
        assertEquals(expected.getEpochCount(), actual.getEpochCount());
        assertEquals(expected.params(), actual.params());
        assertEquals(
                expected.getUpdater().getStateViewArray(), actual.getUpdater().getStateViewArray());
    }

    /** With the defaults: a pace, which tells by the loss, to the bit, that the mini-batch is the same one; averaged iterates. */
    @Test
    void aTrainingOnOnePartitionIsThatOfOneMachineToTheBit() {
        assertIsAlone(Sgn.builder().build(), 1, 12, 0);
    }

    /** Ten steps in which the number of iterations grows to 38: without orthogonalization they multiply rounding by 1e12. */
    @Test
    void aTrainingOnSeveralPartitionsIsThatOfOneMachineToRounding() {
        assertIsAlone(Sgn.builder().orthogonalized(50).build(), 3, 10, ClusterTolerances.TRAININGS);
    }

    private static void assertIsAlone(Sgn sgn, int partitions, int steps, double tolerance) {
        MultiLayerNetwork alone = GaussNewton.attach(network(sgn));
        MultiLayerNetwork net = network(sgn);
        for (int i = 0; i < steps; i++) {
            alone.fit(EXAMPLES.copy());
        }
        SparkGaussNewton.fit(context, net, spread(partitions), steps);
        double error = ClusterTolerances.relativeError(alone.params(), net.params());
        assertTrue(error <= tolerance, () -> "relative error " + error);
        StepReport expected = GaussNewton.report(alone).orElseThrow();
        StepReport actual = GaussNewton.report(net).orElseThrow();
        assertEquals(expected.solverIterations(), actual.solverIterations());
        assertTrue(actual.lineSearchEvaluations() > 0, "steps are not as long as those without noise");
    }

    @Test
    void aSearchOnAClusterFindsTheLengthsOfOneMachine() {
        Sgn searching = Sgn.builder()
                .damping(Damping.trustRegion(1e-6))
                .lineSearch(LineSearch.armijo(0.9, 0.8, 10))
                .learningRate(8)
                .build();
        MultiLayerNetwork alone = GaussNewton.attach(network(searching));
        MultiLayerNetwork net = network(searching);
        List<Rounds> rounds = new ArrayList<>();
        List<StepReport> reports = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            alone.fit(EXAMPLES.copy());
        }
        SparkGaussNewton.builder(context)
                .onStep((report, taken) -> {
                    reports.add(report);
                    rounds.add(taken);
                })
                .build()
                .fit(net, spread(3), 4);
        double error = ClusterTolerances.relativeError(alone.params(), net.params());
        assertTrue(error <= ClusterTolerances.TRAININGS, () -> "relative error " + error);
        int evaluations = reports.get(0).lineSearchEvaluations();
        assertTrue(evaluations > 4, () -> evaluations + " evaluations");
        assertTrue(rounds.get(0).questions() < 1 + reports.get(0).solverIterations() + evaluations);
    }

    @Test
    void aStepOfKIterationsTakesKPlusTwoJobsAtMost() {
        List<Rounds> rounds = new ArrayList<>();
        Sgn sgn = Sgn.builder()
                .cgIterations(6)
                .damping(Damping.constant(0.1))
                .lineSearch(LineSearch.none())
                .build();
        MultiLayerNetwork net = network(sgn);
        SparkGaussNewton.builder(context)
                .onStep((report, taken) -> rounds.add(taken))
                .build()
                .fit(net, spread(3), 2);
        long vector = net.numParams() * Double.BYTES;
        // loss and gradient, six products, the loss at the end; θ, six vectors, the direction; and seven sums
        assertEquals(new Rounds(8, 8 * vector, 7 * vector), rounds.get(1));
    }

    /** Where all partitions have the same examples, so are their solutions, and the mean of them is that of one machine. */
    @Test
    void solutionsOfEqualPartitionsAreTheWholeOne() {
        Sgn sgn = Sgn.builder()
                .cgIterations(12)
                .damping(Damping.constant(0.1))
                .lineSearch(LineSearch.none())
                .build();
        MultiLayerNetwork alone = GaussNewton.attach(network(sgn));
        alone.fit(EXAMPLES.copy());
        MultiLayerNetwork net = network(sgn);
        Broadcast<DataSet> all = context.broadcast(EXAMPLES);
        JavaRDD<DataSet> equal = context.parallelize(List.of(0, 1, 2), 3).map(i -> all.value());
        List<Rounds> rounds = new ArrayList<>();
        SparkGaussNewton.builder(context)
                .localSolutions(true)
                .onStep((report, taken) -> rounds.add(taken))
                .build()
                .fit(net, equal, 1);
        double error = ClusterTolerances.relativeError(alone.params(), net.params());
        assertTrue(error <= ClusterTolerances.directions(DataType.DOUBLE), () -> "relative error " + error);
        // loss and gradient, the solutions, the product that tells what their mean is worth, the loss at the end
        assertEquals(4, rounds.get(0).questions());
    }

    @Test
    void trainingByLocalSolutionsConverges() {
        MultiLayerNetwork net = network(Sgn.builder().build());
        List<StepReport> reports = new ArrayList<>();
        SparkGaussNewton.builder(context)
                .localSolutions(true)
                .onStep((report, taken) -> reports.add(report))
                .build()
                .fit(net, spread(2), 40);
        double first = reports.get(0).lossBefore();
        double last = reports.get(39).lossBefore();
        assertTrue(last < first / 3, () -> "loss from " + first + " to " + last);
    }

    @Test
    void jobsHaveNames() {
        Set<String> names = ConcurrentHashMap.newKeySet();
        JobListener listener = new JobListener((name, id) -> names.add(name));
        context.sc().addSparkListener(listener);
        SparkGaussNewton.fit(context, network(Sgn.builder().build()), spread(2), 1);
        SparkGaussNewton.builder(context)
                .jobPerStep(false)
                .build()
                .fit(network(Sgn.builder().build()), spread(2), 1);
        // nine partitions: answers of groups are summed before they come to the driver
        SparkGaussNewton.fit(context, network(Sgn.builder().build()), spread(9), 1);
        SparkGaussNewton.builder(context).build().fitMultiDataSet(graph(), twoInputs(), 1);
        SparkGaussNewton.fit(
                context,
                network(Sgn.builder()
                        .lineSearch(LineSearch.armijo(0.9, 0.8, 10))
                        .curvatureShare(0.5)
                        .build()),
                spread(2),
                1);
        SparkGaussNewton.builder(context)
                .localSolutions(true)
                .jobPerStep(false)
                .build()
                .fit(network(Sgn.builder().build()), spread(2), 1);
        context.sc().removeSparkListener(listener);
        assertTrue(names.contains("Gauss-Newton step 0: all questions"), names::toString);
        assertTrue(names.contains("Gauss-Newton step 0: loss and gradient"), names::toString);
        assertTrue(names.contains("Gauss-Newton step 0: product 8"), names::toString);
        assertTrue(names.contains("Gauss-Newton step 0: examples of the exact system"), names::toString);
        assertTrue(names.contains("Gauss-Newton step 0: mean of the partitions' solutions"), names::toString);
        assertTrue(names.contains("Gauss-Newton training: cache the examples"), names::toString);
        assertTrue(
                names.stream().allMatch(name -> name.matches("Gauss-Newton (step \\d+|training).*: .+")),
                names::toString);
    }

    @Test
    void aBadExampleIsNamedWithItsPartition() {
        DataSet bad = EXAMPLES.copy();
        bad.getFeatures().putScalar(70, 2, Double.NaN);
        MultiLayerNetwork net = network(Sgn.builder().build());
        INDArray before = net.params().dup();
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> SparkGaussNewton.fit(context, net, Clusters.spread(context, bad, 4), 1));
        // 24 examples a partition
        assertTrue(refused.getMessage().contains("Partition 2: example 22 has features"), refused::getMessage);
        assertEquals(before, net.params());
    }

    @Test
    void examplesOfAnotherShapeAreNamedWithTheirPartition() {
        JavaRDD<DataSet> wide =
                spread(2).map(example -> new DataSet(example.getFeatures().repmat(1, 2), example.getLabels()));
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> SparkGaussNewton.fit(context, network(Sgn.builder().build()), wide, 1));
        assertTrue(
                refused.getMessage().contains("Partition 0, of 48 examples: Features must have"), refused::getMessage);
    }

    /** A step that is one job, and one whose questions are. */
    @ParameterizedTest
    @CsvSource({"true, all questions", "false, product 4"})
    void aFailedJobLeavesTheNetworkAsAfterTheLastStep(boolean isJobPerStep, String name) {
        MultiLayerNetwork expected = network(Sgn.builder().build());
        SparkGaussNewton.fit(context, expected, spread(2), 3);

        MultiLayerNetwork net = network(Sgn.builder().build());
        JobListener cancelling = new JobListener((started, id) -> {
            if (started.equals("Gauss-Newton step 3: " + name)) {
                context.sc().cancelJob(id);
            }
        });
        JavaRDD<DataSet> examples = spread(2);
        context.sc().addSparkListener(cancelling);
        RuntimeException failed = null;
        try {
            SparkGaussNewton.builder(context).jobPerStep(isJobPerStep).build().fit(net, examples, 40);
        } catch (RuntimeException e) {
            failed = e;
        } catch (Exception e) {
            failed = new RuntimeException(e);
        }
        context.sc().removeSparkListener(cancelling);
        assertTrue(failed != null, "the job was done before it could be cancelled");
        assertSame(expected, net, "after three steps");
    }

    private static void assertSame(MultiLayerNetwork expected, MultiLayerNetwork actual, String when) {
        assertEquals(expected.getIterationCount(), actual.getIterationCount(), when);
        assertEquals(expected.params(), actual.params(), when);
        assertEquals(
                expected.getUpdater().getStateViewArray(), actual.getUpdater().getStateViewArray(), when);
    }

    @Test
    void graphsOfSeveralInputsAreTrained() {
        ComputationGraph alone = GaussNewton.attach(graph());
        ComputationGraph net = graph();
        INDArray x = EXAMPLES.getFeatures();
        MultiDataSet all = new MultiDataSet(new INDArray[] {x, x.mul(2)}, new INDArray[] {EXAMPLES.getLabels()});
        alone.fit(all);
        SparkGaussNewton.builder(context).build().fitMultiDataSet(net, twoInputs(), 1);
        double error = ClusterTolerances.relativeError(alone.params(), net.params());
        assertTrue(error <= ClusterTolerances.directions(DataType.DOUBLE), () -> "relative error " + error);
        assertEquals(1, net.getConfiguration().getEpochCount());
    }

    private static JavaRDD<MultiDataSet> twoInputs() {
        return spread(3)
                .map(e -> new MultiDataSet(
                        new INDArray[] {e.getFeatures(), e.getFeatures().mul(2)}, new INDArray[] {e.getLabels()}));
    }

    private static ComputationGraph graph() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .activation(Activation.TANH)
                .updater(Egn.builder().build())
                .graphBuilder()
                .addInputs("a", "b")
                .addLayer(
                        "left",
                        new DenseLayer.Builder().nIn(Cases.INPUTS).nOut(4).build(),
                        "a")
                .addLayer(
                        "right",
                        new DenseLayer.Builder().nIn(Cases.INPUTS).nOut(4).build(),
                        "b")
                .addLayer("out", output(8), "left", "right")
                .setOutputs("out")
                .build());
        graph.init();
        return graph;
    }

    private static OutputLayer output(int in) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(in)
                .nOut(Cases.CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    @Test
    void rowsOfADataFrameAreExamples() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < EXAMPLES.numExamples(); i++) {
            INDArray x = EXAMPLES.getFeatures().getRow(i);
            rows.add(RowFactory.create(Vectors.dense(x.toDoubleVector()), (double)
                    EXAMPLES.getLabels().getRow(i).argMax().getInt(0)));
        }
        StructType schema = new StructType().add("features", new VectorUDT()).add("class", DataTypes.DoubleType);
        Dataset<Row> frame = new SparkSession(context.sc()).createDataFrame(context.parallelize(rows, 3), schema);
        MultiLayerNetwork expected = network(Sgn.builder().build());
        SparkGaussNewton.fit(context, expected, spread(3), 2);
        MultiLayerNetwork net = network(Sgn.builder().build());
        SparkGaussNewton.fit(context, net, DataFrames.classes(frame, "features", "class", Cases.CLASSES), 2);
        assertSame(expected, net);
    }

    @Test
    void classesThatAreNoneAreNamedWithTheirPartition() {
        StructType schema = new StructType().add("features", new VectorUDT()).add("class", DataTypes.DoubleType);
        List<Row> rows = List.of(RowFactory.create(Vectors.dense(1, 2, 3, 4), 3.0));
        Dataset<Row> frame = new SparkSession(context.sc()).createDataFrame(context.parallelize(rows, 1), schema);
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> SparkGaussNewton.fit(
                        context,
                        network(Sgn.builder().build()),
                        DataFrames.classes(frame, "features", "class", Cases.CLASSES),
                        1));
        assertTrue(refused.getMessage().startsWith("Partition 0: "), refused::getMessage);
        assertTrue(refused.getMessage().contains("Column class holds 3.0"), refused::getMessage);
    }

    @Test
    void whatMakesExamplesDependOnEachOtherIsRefusedByName() {
        assertRefused(
                "Batch normalization",
                new BatchNormalization.Builder()
                        .nIn(Cases.INPUTS)
                        .nOut(Cases.INPUTS)
                        .build());
    }

    private static void assertRefused(String what, Layer layer) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(Sgn.builder().build())
                .list()
                .layer(layer)
                .layer(output(Cases.INPUTS))
                .build());
        UnsupportedNetworkException refused =
                assertThrows(UnsupportedNetworkException.class, () -> SparkGaussNewton.fit(context, net, spread(2), 1));
        assertTrue(refused.getMessage().startsWith(what), refused::getMessage);
    }

    @Test
    void sumsByATreeAreTheSameToRounding() {
        MultiLayerNetwork flat = trainedByTree(1);
        MultiLayerNetwork tree = trainedByTree(3);
        double error = ClusterTolerances.relativeError(flat.params(), tree.params());
        assertTrue(error <= ClusterTolerances.directions(DataType.DOUBLE), () -> "relative error " + error);
        assertSame(tree, trainedByTree(3));
    }

    private static MultiLayerNetwork trainedByTree(int depth) {
        MultiLayerNetwork net = network(Sgn.builder().build());
        SparkGaussNewton.builder(context).treeDepth(depth).build().fit(net, spread(9), 2);
        return net;
    }

    @Test
    void aTreeOfNoLevelsIsRefused() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> SparkGaussNewton.builder(context).treeDepth(0));
        assertTrue(refused.getMessage().contains("treeDepth is 0, but must be at least 1"), refused::getMessage);
    }
}
