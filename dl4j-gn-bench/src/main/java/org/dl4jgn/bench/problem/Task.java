package org.dl4jgn.bench.problem;

import java.util.List;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What a supervised network is to learn. */
public enum Task {
    /** Numbers: mean squared error. */
    REGRESSION(LossFunction.MSE, Activation.IDENTITY, Measure.TEST_RMSE),
    /** One of two classes, label 0 or 1: cross-entropy of a sigmoid. */
    BINARY(LossFunction.XENT, Activation.SIGMOID, Measure.TEST_ACCURACY),
    /** One of several classes, one-hot: cross-entropy of a softmax. */
    CLASSES(LossFunction.MCXENT, Activation.SOFTMAX, Measure.TEST_ACCURACY);

    private final LossFunction loss;
    private final Activation activation;
    private final Measure quality;

    Task(LossFunction loss, Activation activation, Measure quality) {
        this.loss = loss;
        this.activation = activation;
        this.quality = quality;
    }

    LossFunction loss() {
        return loss;
    }

    Activation activation() {
        return activation;
    }

    List<Measure> measures() {
        return List.of(Measure.TEST_LOSS, quality, Measure.TRAIN_LOSS);
    }
}
