package org.dl4jgn.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.spark.testing.Cases;
import org.dl4jgn.spark.testing.Clusters;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** What users do wrong is said in a sentence, and changes nothing. */
class MistakesTest extends OnTwoThreads {

    private static final int COUNT = 96;
    private static final DataSet EXAMPLES = Cases.synthetic(COUNT, 5);
    private static final StructType SCHEMA =
            new StructType().add("features", new VectorUDT()).add("class", DataTypes.DoubleType);

    private final MultiLayerNetwork net = Cases.SYNTHETIC.network(Sgn.builder().build(), DataType.DOUBLE);

    private static JavaRDD<DataSet> spread(int partitions) {
        return Clusters.spread(context, EXAMPLES, partitions);
    }

    private static Dataset<Row> frame(StructType schema, Row row) {
        return new SparkSession(context.sc()).createDataFrame(context.parallelize(List.of(row), 1), schema);
    }

    private static Row row(Object features, Object label) {
        return RowFactory.create(features, label);
    }

    private void assertRefused(String sentence, JavaRDD<DataSet> examples) {
        assertRefused(IllegalArgumentException.class, sentence, () -> SparkGaussNewton.fit(context, net, examples, 1));
    }

    private void assertRefused(Class<? extends Exception> kind, String sentence, Runnable training) {
        INDArray before = net.params().dup();
        Exception refused = assertThrows(kind, training::run);
        assertTrue(refused.getMessage().contains(sentence), refused::getMessage);
        assertEquals(before, net.params());
        assertEquals(0, net.getIterationCount());
    }

    private void assertRefused(String sentence, Function<DataSet, DataSet> damage) {
        assertRefused(sentence, spread(3).map(damage));
    }

    @Test
    void noExamples() {
        assertRefused("There are no examples; at least one is needed", context.emptyRDD());
    }

    @Test
    void aDataSetThatIsNull() {
        assertRefused("Partition 2: after 31 data sets: a data set is null; filter them out before", new LastIsNull());
    }

    private record LastIsNull() implements Function<DataSet, DataSet> {

        @Override
        public DataSet call(DataSet data) {
            return data.getFeatures().equals(EXAMPLES.getFeatures().getRow(COUNT - 1, true)) ? null : data;
        }
    }

    @Test
    void dataSetsWithoutLabels() {
        assertRefused(
                "Partition 0: after 0 data sets: a data set has no labels",
                data -> new DataSet(data.getFeatures(), null));
    }

    @Test
    void dataSetsWithoutFeatures() {
        assertRefused(
                "Partition 0: after 0 data sets: a data set has no features",
                data -> new DataSet(null, data.getLabels()));
    }

    /** Twelve pieces of partitions of four leave some of each partition, and of all, without examples. */
    @Test
    void miniBatchesSmallerThanTheNumberOfPartitions() {
        JavaRDD<DataSet> twelve = Clusters.spread(context, Cases.synthetic(12, 5), 3);
        assertRefused(
                IllegalArgumentException.class,
                "but the largest partition has 4 examples. Take mini-batches of at least 3, or fewer partitions",
                () -> SparkGaussNewton.builder(context)
                        .miniBatches(MiniBatches.of(1))
                        .build()
                        .fit(net, twelve, 1));
        // as small as that says
        SparkGaussNewton.builder(context).miniBatches(MiniBatches.of(3)).build().fit(net, twelve, 1);
        assertEquals(4, net.getIterationCount());
    }

    /** Partitions without examples have no part in a step, and a mini-batch larger than all is all. */
    @Test
    void whatIsNoMistake() {
        SparkGaussNewton.builder(context)
                .miniBatches(MiniBatches.of(1_000))
                .build()
                .fit(net, Clusters.spread(context, Cases.synthetic(3, 5), 5), 2);
        assertEquals(2, net.getIterationCount());
    }

    @Test
    void columnsOfOtherTypes() {
        StructType text = new StructType().add("features", DataTypes.StringType).add("class", DataTypes.DoubleType);
        assertRefused(
                "Column features holds a java.lang.String, but must hold vectors",
                DataFrames.classes(frame(text, row("1 2 3 4", 1.0)), "features", "class", Cases.CLASSES));
        assertRefused(
                "Column features holds null",
                DataFrames.classes(frame(SCHEMA, row(null, 1.0)), "features", "class", Cases.CLASSES));
        assertRefused(
                "Column features holds vectors, but must hold whole numbers from 0 to 2",
                DataFrames.classes(
                        frame(SCHEMA, row(Vectors.dense(1, 2, 3, 4), 1.0)), "features", "features", Cases.CLASSES));
    }

    @Test
    void nothingAtAll() {
        assertRefused(
                NullPointerException.class,
                "examples must not be null",
                () -> SparkGaussNewton.builder(context).build().fit(net, null, 1));
        assertRefused(
                NullPointerException.class,
                "frame must not be null",
                () -> DataFrames.examples(null, "features", "class"));
        assertRefused(
                NullPointerException.class,
                "the name of the column of labels must not be null",
                () -> DataFrames.examples(frame(SCHEMA, row(Vectors.dense(1), 1.0)), "features", null));
        assertRefused(
                IllegalArgumentException.class,
                "The folder of checkpoints has no name",
                () -> SparkGaussNewton.builder(context).checkpoints(" ", 1));
    }
}
