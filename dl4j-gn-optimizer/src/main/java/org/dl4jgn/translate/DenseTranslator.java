package org.dl4jgn.translate;

import java.util.Set;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.autodiff.samediff.SDVariable;

/** Dense layers, a = σ(xW + b), with layer normalization a = σ(LN(xW)∘g + b), and output layers, z = xW + b. */
final class DenseTranslator<L extends FeedForwardLayer> implements LayerTranslator<L> {

    @Override
    public Activations translate(L layer, Activations input, GraphWriter writer) {
        writer.weightNoise(layer);
        input.requireVector(layer.getNIn(), writer);
        boolean stacked = layer instanceof BaseOutputLayer && input.sequences().ofSteps();
        if (stacked && (input.mask() != null || writer.carriesState())) {
            throw writer.unsupported(
                    "an output layer on the steps of sequences that are masked, or of truncated backpropagation,",
                    Set.of("RnnOutputLayer"));
        }
        SDVariable x = DropoutWriter.write(layer.getIDropout(), input, writer).variable();
        long nIn = layer.getNIn();
        long nOut = layer.getNOut();
        SDVariable z = hasLayerNorm(layer)
                ? normalized(writer, layer, input, x)
                : AffineWriter.write(
                        writer, x, nIn, nOut, hasBias(layer), input.sequences().folded());
        Activations output = input.with(z, nOut);
        if (stacked) {
            return output.unfolded(true);
        }
        return layer instanceof BaseOutputLayer
                ? output
                : ActivationWriter.write(layer.getActivationFn(), output.masked(), writer)
                        .masked();
    }

    private static boolean hasLayerNorm(FeedForwardLayer layer) {
        return layer instanceof DenseLayer dense && dense.hasLayerNorm();
    }

    /** z = LN(xW)∘g + b, whose rows are not formed. */
    private static SDVariable normalized(GraphWriter writer, FeedForwardLayer layer, Activations input, SDVariable x) {
        long nIn = layer.getNIn();
        long nOut = layer.getNOut();
        SDVariable w =
                writer.parameter(DefaultParamInitializer.WEIGHT_KEY, ParameterLayout.columns(nIn, nOut), nIn, nOut);
        SDVariable b = hasBias(layer) ? writer.parameter(DefaultParamInitializer.BIAS_KEY, nOut) : null;
        SDVariable gain = writer.parameter(DefaultParamInitializer.GAIN_KEY, 1, nOut);
        writer.withoutRows();
        SDVariable product = writer.graph().mmul(x, w);
        if (input.isOutline()) {
            return product;
        }
        SDVariable normalized = LayerNormWriter.write(writer.graph(), product, gain, input.matrixShape()[0], nOut);
        return b == null ? normalized : writer.graph().nn().biasAdd(normalized, b, false);
    }

    private static boolean hasBias(FeedForwardLayer layer) {
        if (layer instanceof DenseLayer dense) {
            return dense.hasBias();
        }
        return !(layer instanceof BaseOutputLayer output) || output.hasBias();
    }
}
