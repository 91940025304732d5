package org.dl4jgn.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Examples from the rows of a DataFrame, with features as a column of vectors, as Spark's own learners have them. */
public final class DataFrames {

    /** Rows of a data set. */
    private static final int CHUNK = 256;

    private DataFrames() {}

    /**
     * Examples whose labels are numbers or vectors.
     *
     * @param features name of a column of {@code org.apache.spark.ml.linalg.Vector}
     * @param labels name of a column of the same, or of numbers
     */
    public static JavaRDD<DataSet> examples(Dataset<Row> frame, String features, String labels) {
        return rows(frame, features, labels, 0);
    }

    /**
     * Examples whose labels are classes, as {@code StringIndexer} numbers them: they become vectors with a one.
     *
     * @param labels name of a column of numbers from 0 to {@code classes} − 1
     * @param classes their number
     */
    public static JavaRDD<DataSet> classes(Dataset<Row> frame, String features, String labels, int classes) {
        if (classes < 2) {
            throw new IllegalArgumentException("classes is " + classes + ", but must be at least 2");
        }
        return rows(frame, features, labels, classes);
    }

    private static JavaRDD<DataSet> rows(Dataset<Row> frame, String features, String labels, int classes) {
        Objects.requireNonNull(frame, "frame must not be null");
        Objects.requireNonNull(features, "the name of the column of features must not be null");
        Objects.requireNonNull(labels, "the name of the column of labels must not be null");
        return frame.select(features, labels).javaRDD().mapPartitions(new Chunks(features, labels, classes), true);
    }

    /** Rows to data sets of some rows each. */
    private record Chunks(String features, String labels, int classes)
            implements FlatMapFunction<Iterator<Row>, DataSet> {

        @Override
        public Iterator<DataSet> call(Iterator<Row> rows) {
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return rows.hasNext();
                }

                @Override
                public DataSet next() {
                    List<double[]> x = new ArrayList<>();
                    List<double[]> y = new ArrayList<>();
                    while (rows.hasNext() && x.size() < CHUNK) {
                        Row row = rows.next();
                        x.add(numbers(features, row.get(0)));
                        y.add(classes == 0 ? numbers(labels, row.get(1)) : oneOf(row.get(1)));
                    }
                    return new DataSet(
                            Nd4j.createFromArray(x.toArray(new double[0][])),
                            Nd4j.createFromArray(y.toArray(new double[0][])));
                }
            };
        }

        private static double[] numbers(String column, Object cell) {
            if (cell instanceof Vector vector) {
                return vector.toArray();
            }
            if (cell instanceof Number number) {
                return new double[] {number.doubleValue()};
            }
            throw new IllegalArgumentException("Column " + column + " holds "
                    + (cell == null ? "null" : "a " + cell.getClass().getName())
                    + ", but must hold vectors of org.apache.spark.ml.linalg or numbers");
        }

        private double[] oneOf(Object cell) {
            double[] ones = new double[classes];
            if (cell instanceof Vector) {
                throw new IllegalArgumentException("Column " + labels
                        + " holds vectors, but must hold whole numbers from 0 to " + (classes - 1)
                        + "; without a number of classes vectors are labels");
            }
            double number = numbers(labels, cell)[0];
            if (!(number >= 0 && number < classes && number == Math.rint(number))) {
                throw new IllegalArgumentException("Column " + labels + " holds " + number
                        + ", but must hold whole numbers from 0 to " + (classes - 1));
            }
            ones[(int) number] = 1;
            return ones;
        }
    }
}
