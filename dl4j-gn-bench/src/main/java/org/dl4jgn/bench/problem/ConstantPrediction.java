package org.dl4jgn.bench.problem;

import org.dl4jgn.bench.data.Examples;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * What a network has learned that knows nothing of the features: it answers the training labels' mean, which for classes are
 * their shares. A loss near this one is no achievement.
 *
 * @param examples whose test labels it is measured on
 * @param task what the labels are
 */
record ConstantPrediction(Examples examples, Task task) {

    private static final double SMALLEST = 1e-10;

    /** Mean loss of the test examples. */
    double loss() {
        INDArray mean = examples.trainLabels().castTo(DataType.DOUBLE).mean(true, 0);
        INDArray labels = examples.testLabels().castTo(DataType.DOUBLE);
        double n = labels.rows();
        if (task == Task.REGRESSION) {
            return labels.subRowVector(mean).norm2Number().doubleValue()
                    * labels.subRowVector(mean).norm2Number().doubleValue()
                    / (n * labels.columns());
        }
        double loss = -sum(labels.mulRowVector(log(mean)));
        return (task == Task.BINARY ? loss - sum(labels.rsub(1).mulRowVector(log(mean.rsub(1)))) : loss) / n;
    }

    private static INDArray log(INDArray shares) {
        return Transforms.log(Transforms.max(shares, SMALLEST, true), false);
    }

    private static double sum(INDArray values) {
        return values.sumNumber().doubleValue();
    }
}
