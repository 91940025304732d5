package org.dl4jgn.bench.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Training and test examples, one a row.
 *
 * @param train features [n, inputs]
 * @param trainLabels [n, outputs]
 * @param test features [m, inputs]
 * @param testLabels [m, outputs]
 */
public record Examples(INDArray train, INDArray trainLabels, INDArray test, INDArray testLabels) {

    /** As another type. */
    public Examples castTo(DataType type) {
        return new Examples(train.castTo(type), trainLabels.castTo(type), test.castTo(type), testLabels.castTo(type));
    }

    /** The training examples alone: a share of them, drawn by {@code seed}, takes the place of the test examples. */
    public Examples withoutTest(double share, int seed) {
        int[] order = IntStream.range(0, count()).toArray();
        MersenneStream.numpy(seed).shuffle(order);
        int held = Math.max(1, (int) Math.round(share * count()));
        int[] validation = Arrays.copyOfRange(order, 0, held);
        int[] rest = Arrays.copyOfRange(order, held, order.length);
        return new Examples(
                rows(train, rest), rows(trainLabels, rest), rows(train, validation), rows(trainLabels, validation));
    }

    private static INDArray rows(INDArray from, int[] rows) {
        return Nd4j.pullRows(from, 1, rows);
    }

    /** Training examples. */
    public int count() {
        return train.rows();
    }

    /** Features of an example. */
    public int inputs() {
        return train.columns();
    }

    /** Labels of an example. */
    public int outputs() {
        return trainLabels.columns();
    }
}
