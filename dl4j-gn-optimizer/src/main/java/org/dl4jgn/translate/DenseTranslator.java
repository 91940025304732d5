package org.dl4jgn.translate;

import java.util.Set;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.nd4j.autodiff.samediff.SDVariable;

/** Dense layers, a = σ(xW + b), and output layers, z = xW + b. */
final class DenseTranslator<L extends FeedForwardLayer> implements LayerTranslator<L> {

    @Override
    public Activations translate(L layer, Activations input, GraphWriter writer) {
        refuse(layer, writer);
        input.requireVector(layer.getNIn(), writer);
        if (layer instanceof BaseOutputLayer && input.sequences().ofSteps()) {
            throw writer.unsupported("an output layer on the steps of sequences", Set.of("RnnOutputLayer"));
        }
        SDVariable x = DropoutWriter.write(layer.getIDropout(), input, writer).variable();
        long nIn = layer.getNIn();
        long nOut = layer.getNOut();
        SDVariable z = AffineWriter.write(
                writer, x, nIn, nOut, hasBias(layer), input.sequences().folded());
        Activations output = input.with(z, nOut);
        return layer instanceof BaseOutputLayer
                ? output
                : ActivationWriter.write(layer.getActivationFn(), output.masked(), writer)
                        .masked();
    }

    private static void refuse(BaseLayer layer, GraphWriter writer) {
        ConvolutionTranslator.refuseWeightNoise(layer, writer);
        if (layer instanceof DenseLayer dense && dense.hasLayerNorm()) {
            writer.refuse("layer normalization", Set.of("dense layers without it"));
        }
    }

    private static boolean hasBias(FeedForwardLayer layer) {
        if (layer instanceof DenseLayer dense) {
            return dense.hasBias();
        }
        return !(layer instanceof BaseOutputLayer output) || output.hasBias();
    }
}
