package org.dl4jgn.bench.problem;

import java.util.Map;
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

    /** In units of the data: the root of the mean squared error, or the share of test examples of the class. */
    Map<Measure, Double> measures(double targetScale) {
        INDArray mean = examples.trainLabels().castTo(DataType.DOUBLE).mean(true, 0);
        INDArray labels = examples.testLabels().castTo(DataType.DOUBLE);
        return switch (task) {
            case REGRESSION -> Map.of(Measure.TEST_RMSE, targetScale * Math.sqrt(loss()));
            case BINARY ->
                Map.of(
                        Measure.TEST_ACCURACY,
                        mean.getDouble(0) > 0.5
                                ? labels.meanNumber().doubleValue()
                                : 1 - labels.meanNumber().doubleValue());
            case CLASSES ->
                Map.of(
                        Measure.TEST_ACCURACY,
                        labels.getColumn(mean.argMax().getInt(0)).meanNumber().doubleValue());
        };
    }

    private static INDArray log(INDArray shares) {
        return Transforms.log(Transforms.max(shares, SMALLEST, true), false);
    }

    private static double sum(INDArray values) {
        return values.sumNumber().doubleValue();
    }
}
