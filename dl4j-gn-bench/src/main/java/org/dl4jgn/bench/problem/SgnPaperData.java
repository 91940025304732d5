package org.dl4jgn.bench.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.bench.data.Examples;
import org.dl4jgn.bench.data.MersenneStream;
import org.dl4jgn.tables.DataException;
import org.dl4jgn.tables.DataFile;
import org.dl4jgn.tables.Table;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The SGN paper's small problems, preprocessed as in its authors' scripts: rounded to float whatever the network's type. */
final class SgnPaperData {

    /** Seed of the permutation that Keras, which the authors took the data from, splits Boston housing by. */
    private static final int KERAS_SPLIT = 113;

    private static final int BOSTON_TRAIN = 404;
    private static final int BOSTON_ROWS = 506;
    private static final int BOSTON_FEATURES = 13;

    private SgnPaperData() {}

    /** Boston housing, split as Keras does; features and labels divided by their largest value in each part. */
    static LoadedData boston(DataFolders folders) throws IOException {
        DataFile file = folders.require("boston/boston_house_prices.csv");
        Table table = Table.read(file, CSVFormat.DEFAULT, file.text().startsWith("506,") ? 1 : 0);
        double[][] rows = table.numbers();
        if (rows.length != BOSTON_ROWS || rows[0].length != BOSTON_FEATURES + 1) {
            throw new DataException(file.path() + " has " + rows.length + " rows of " + rows[0].length
                    + " numbers, and Boston housing has 506 of 14: it is damaged or another file.");
        }
        int[] order = IntStream.range(0, rows.length).toArray();
        MersenneStream.numpy(KERAS_SPLIT).shuffle(order);
        double[][] permuted = IntStream.of(order).mapToObj(i -> rows[i]).toArray(double[][]::new);
        INDArray testLabels = part(permuted, BOSTON_TRAIN, rows.length, BOSTON_FEATURES, BOSTON_FEATURES + 1);
        Examples examples = new Examples(
                scaled(part(permuted, 0, BOSTON_TRAIN, 0, BOSTON_FEATURES)),
                scaled(part(permuted, 0, BOSTON_TRAIN, BOSTON_FEATURES, BOSTON_FEATURES + 1)),
                scaled(part(permuted, BOSTON_TRAIN, rows.length, 0, BOSTON_FEATURES)),
                scaled(testLabels.dup()));
        return LoadedData.of(examples, Task.REGRESSION, testLabels.maxNumber().doubleValue(), List.of(file));
    }

    private static INDArray part(double[][] rows, int fromRow, int toRow, int fromColumn, int toColumn) {
        INDArray part = Nd4j.create(DataType.DOUBLE, toRow - fromRow, toColumn - fromColumn);
        for (int i = fromRow; i < toRow; i++) {
            for (int j = fromColumn; j < toColumn; j++) {
                part.putScalar(i - fromRow, j - fromColumn, rows[i][j]);
            }
        }
        return part;
    }

    private static INDArray scaled(INDArray part) {
        return part.divi(part.maxNumber()).castTo(DataType.FLOAT);
    }

    /** sin(frequency · x) with noise, the authors' own sample. */
    static LoadedData.Loader sine(int frequency) {
        return folders -> {
            DataFile file = folders.require("sine/sinusoidal_data_" + frequency + ".0_0.01.json");
            JsonNode data;
            try {
                data = new ObjectMapper().readTree(file.bytes());
            } catch (JsonProcessingException e) {
                throw new DataException(
                        file.path() + " is damaged or truncated: it is not whole JSON; get it again.", e);
            }
            Examples examples = new Examples(
                    column(file, data, "X_train"),
                    column(file, data, "y_train"),
                    column(file, data, "X_test"),
                    column(file, data, "y_test"));
            return LoadedData.of(examples, Task.REGRESSION, 1, List.of(file));
        };
    }

    /** A list of numbers, each of them alone or in a list of its own. */
    private static INDArray column(DataFile file, JsonNode data, String name) throws DataException {
        JsonNode list = data.get(name);
        if (list == null || list.isEmpty()) {
            throw new DataException(file.path() + " has no list \"" + name + "\".");
        }
        INDArray column = Nd4j.create(DataType.FLOAT, list.size(), 1);
        for (int i = 0; i < list.size(); i++) {
            JsonNode item = list.get(i);
            column.putScalar(i, (item.isArray() ? item.get(0) : item).doubleValue());
        }
        return column;
    }
}
