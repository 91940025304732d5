package org.dl4jgn.bench.paper;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.dl4jgn.bench.PaperProblem;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Training and test examples, preprocessed as in the SGN authors' scripts: rounded to float32 whatever the network's type.
 *
 * @param train features [n, inputs]
 * @param trainLabels [n, outputs]
 * @param test features [m, inputs]
 * @param testLabels [m, outputs]
 */
record Examples(INDArray train, INDArray trainLabels, INDArray test, INDArray testLabels) {

    /** Seed of the permutation that Keras, which the authors took the data from, splits Boston housing by. */
    private static final int KERAS_SPLIT = 113;

    private static final int BOSTON_TRAIN = 404;
    private static final int DIGITS = 10;

    static Examples load(PaperProblem problem, DataFolder folder) throws IOException {
        return switch (problem) {
            case BOSTON -> boston(folder);
            case SINE -> sine(folder);
            case MNIST -> mnist(folder);
        };
    }

    Examples castTo(DataType type) {
        return new Examples(train.castTo(type), trainLabels.castTo(type), test.castTo(type), testLabels.castTo(type));
    }

    /** Boston housing, split as Keras does; features and labels divided by their largest value in each part. */
    private static Examples boston(DataFolder folder) throws IOException {
        double[][] rows;
        try (Reader in = text(folder, "boston/boston_house_prices.csv.gz");
                CSVParser csv = CSVFormat.DEFAULT.parse(in)) {
            // counts, then names
            rows = csv.stream().skip(2).map(Examples::numbers).toArray(double[][]::new);
        }
        int[] order = IntStream.range(0, rows.length).toArray();
        MersenneStream.numpy(KERAS_SPLIT).shuffle(order);
        double[][] permuted = IntStream.of(order).mapToObj(i -> rows[i]).toArray(double[][]::new);
        return new Examples(
                scaled(permuted, 0, BOSTON_TRAIN, 0, 13),
                scaled(permuted, 0, BOSTON_TRAIN, 13, 14),
                scaled(permuted, BOSTON_TRAIN, rows.length, 0, 13),
                scaled(permuted, BOSTON_TRAIN, rows.length, 13, 14));
    }

    private static double[] numbers(CSVRecord row) {
        return row.stream().mapToDouble(Double::parseDouble).toArray();
    }

    private static INDArray scaled(double[][] rows, int fromRow, int toRow, int fromColumn, int toColumn) {
        INDArray part = Nd4j.create(DataType.DOUBLE, toRow - fromRow, toColumn - fromColumn);
        for (int i = fromRow; i < toRow; i++) {
            for (int j = fromColumn; j < toColumn; j++) {
                part.putScalar(i - fromRow, j - fromColumn, rows[i][j]);
            }
        }
        return part.divi(part.maxNumber()).castTo(DataType.FLOAT);
    }

    /** sin(10x) with noise, the authors' own sample. */
    private static Examples sine(DataFolder folder) throws IOException {
        try (Reader in = text(folder, "sine/sinusoidal_data_10.0_0.01.json.gz")) {
            JsonNode data = new ObjectMapper().readTree(in);
            return new Examples(
                    column(data.get("X_train")),
                    column(data.get("y_train")),
                    column(data.get("X_test")),
                    column(data.get("y_test")));
        }
    }

    /** A list of numbers, each of them alone or in a list of its own. */
    private static INDArray column(JsonNode list) {
        INDArray column = Nd4j.create(DataType.FLOAT, list.size(), 1);
        for (int i = 0; i < list.size(); i++) {
            JsonNode item = list.get(i);
            column.putScalar(i, (item.isArray() ? item.get(0) : item).doubleValue());
        }
        return column;
    }

    /** MNIST: pixels in [0, 1], labels one-hot. */
    private static Examples mnist(DataFolder folder) throws IOException {
        return new Examples(
                pixels(folder, "mnist/train-images-idx3-ubyte.gz"),
                oneHot(folder, "mnist/train-labels-idx1-ubyte.gz"),
                pixels(folder, "mnist/t10k-images-idx3-ubyte.gz"),
                oneHot(folder, "mnist/t10k-labels-idx1-ubyte.gz"));
    }

    private static INDArray pixels(DataFolder folder, String file) throws IOException {
        Idx images = Idx.read(folder, file);
        float[] values = new float[images.bytes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((images.bytes[i] & 0xFF) / 255.0);
        }
        return Nd4j.createFromArray(values).reshape(images.shape.get(0), values.length / images.shape.get(0));
    }

    private static INDArray oneHot(DataFolder folder, String file) throws IOException {
        Idx labels = Idx.read(folder, file);
        INDArray hot = Nd4j.zeros(DataType.FLOAT, labels.shape.get(0), DIGITS);
        for (int i = 0; i < labels.bytes.length; i++) {
            hot.putScalar(i, labels.bytes[i], 1);
        }
        return hot;
    }

    private static Reader text(DataFolder folder, String file) throws IOException {
        return new InputStreamReader(folder.open(file), StandardCharsets.UTF_8);
    }

    /** An array of unsigned bytes in the IDX format: type, number of dimensions, big-endian sizes, values. */
    private record Idx(List<Integer> shape, byte[] bytes) {

        private static final int UNSIGNED_BYTES = 0x08;

        static Idx read(DataFolder folder, String file) throws IOException {
            try (DataInputStream in = new DataInputStream(folder.open(file))) {
                int magic = in.readInt();
                if (magic >>> 8 != UNSIGNED_BYTES) {
                    throw new IOException(file + " is not an IDX file of unsigned bytes: it starts with "
                            + Integer.toHexString(magic));
                }
                Integer[] shape = new Integer[magic & 0xFF];
                int size = 1;
                for (int i = 0; i < shape.length; i++) {
                    shape[i] = in.readInt();
                    size *= shape[i];
                }
                byte[] bytes = new byte[size];
                in.readFully(bytes);
                return new Idx(List.of(shape), bytes);
            }
        }
    }
}
