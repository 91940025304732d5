package org.dl4jgn.testing;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What DL4J itself computes for a batch.
 *
 * @param score the mean loss with regularization
 * @param gradient of the mean loss without regularization, [d]
 */
public record Dl4j(double score, INDArray gradient) {

    /** Score and backpropagation in training mode. */
    public static Dl4j of(MultiLayerNetwork net, INDArray features, INDArray labels, @Nullable INDArray labelMask) {
        net.setInput(features);
        net.setLabels(labels);
        net.setLayerMaskArrays(null, labelMask);
        net.computeGradientAndScore();
        INDArray sum = net.getFlattenedGradients().dup();
        net.clearLayerMaskArrays();
        return new Dl4j(net.score(), sum.div(features.size(0)).reshape(sum.length()));
    }
}
