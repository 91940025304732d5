package org.dl4jgn.bench.problem;

import java.util.List;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What a supervised network is to learn. */
public enum Task {
    /** Numbers: mean squared error. */
    REGRESSION(
            LossFunction.MSE, Activation.IDENTITY, List.of(Measure.TEST_LOSS, Measure.TEST_RMSE, Measure.TRAIN_LOSS)),
    /** One of two classes, label 0 or 1: cross-entropy of a sigmoid. */
    BINARY(
            LossFunction.XENT,
            Activation.SIGMOID,
            List.of(Measure.TEST_LOSS, Measure.TEST_ACCURACY, Measure.TRAIN_LOSS)),
    /** One of several classes, one-hot: cross-entropy of a softmax. */
    CLASSES(
            LossFunction.MCXENT,
            Activation.SOFTMAX,
            List.of(Measure.TEST_LOSS, Measure.TEST_ACCURACY, Measure.TRAIN_LOSS));

    private final LossFunction loss;
    private final Activation activation;
    private final List<Measure> measures;

    Task(LossFunction loss, Activation activation, List<Measure> measures) {
        this.loss = loss;
        this.activation = activation;
        this.measures = measures;
    }

    LossFunction loss() {
        return loss;
    }

    Activation activation() {
        return activation;
    }

    List<Measure> measures() {
        return measures;
    }
}
