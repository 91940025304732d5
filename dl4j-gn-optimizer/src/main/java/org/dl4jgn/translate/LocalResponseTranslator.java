package org.dl4jgn.translate;

import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** y = x / (k + α Σx²)^β, the sum over the channels that are at most n/2 away. */
final class LocalResponseTranslator implements LayerTranslator<LocalResponseNormalization> {

    @Override
    public Activations translate(LocalResponseNormalization layer, Activations input, GraphWriter writer) {
        Formats.require(layer.getDataFormat(), input, writer);
        input.requirePositions(2, writer);
        SDVariable x = DropoutWriter.write(layer.getIDropout(), input, writer).variable();
        SDVariable near = writer.graph().constant(neighbours((int) input.channels(), (int) layer.getN() / 2, input));
        SDVariable sum = writer.graph().mmul(x.mul(x), near);
        SDVariable scale = writer.graph().math().pow(sum.mul(layer.getAlpha()).add(layer.getK()), -layer.getBeta());
        return input.with(x.mul(scale));
    }

    /** Ones where two channels are at most {@code reach} apart, [c, c]. */
    private static INDArray neighbours(int c, int reach, Activations input) {
        INDArray near = Nd4j.zeros(input.type(), c, c);
        for (int i = 0; i < c; i++) {
            for (int j = Math.max(0, i - reach); j <= Math.min(c - 1, i + reach); j++) {
                near.putScalar(i, j, 1.0);
            }
        }
        return near;
    }
}
