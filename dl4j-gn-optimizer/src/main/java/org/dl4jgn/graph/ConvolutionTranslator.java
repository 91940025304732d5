package org.dl4jgn.graph;

import java.util.Set;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * 2D convolution, a = σ(pW + b) for the patches p, [b·positions, kh·kw·nIn].
 *
 * <p>As a matrix product of patches, and not as ND4J's conv2d: the patches of a layer's input are formed once a step and
 * serve all its products, and each product computes one gradient, where conv2d_bp computes two. Figures are in {@code
 * ConvolutionChoices} of the bench module.
 */
final class ConvolutionTranslator implements LayerTranslator<ConvolutionLayer> {

    @Override
    public Activations translate(ConvolutionLayer layer, Activations input, GraphWriter writer) {
        refuseWeightNoise(layer, writer);
        Formats.require(layer.getCnn2dDataFormat(), input, writer);
        int[] kernel = layer.getKernelSize();
        Windows windows = Windows.over(
                input,
                kernel,
                layer.getStride(),
                layer.getDilation(),
                layer.getPadding(),
                Formats.border(layer.getConvolutionMode()));
        long nIn = layer.getNIn();
        long nOut = layer.getNOut();
        if (input.channels() != nIn) {
            throw new GeometryException(nIn + " channels are needed, got " + input.channels());
        }
        SDVariable b = layer.hasBias() ? writer.parameter(ConvolutionParamInitializer.BIAS_KEY, nOut) : null;
        SDVariable w = writer.parameter(
                ConvolutionParamInitializer.WEIGHT_KEY,
                new ParameterLayout(new long[] {nOut, nIn, kernel[0], kernel[1]}, new int[] {2, 3, 1, 0}),
                windows.size() * nIn,
                nOut);
        SDVariable patches = DropoutWriter.write(layer.getIDropout(), input, writer)
                .picked(windows::patches, input.batch() * windows.count(), windows.size() * nIn);
        SDVariable z = writer.graph().mmul(patches, w);
        if (b != null) {
            z = writer.graph().nn().biasAdd(z, b, false);
        }
        writer.convolution(patches, w, b, z, windows.count());
        return ActivationWriter.write(layer.getActivationFn(), input.with(z, windows.outputShape(nOut)), writer);
    }

    static void refuseWeightNoise(BaseLayer layer, GraphWriter writer) {
        if (layer.getWeightNoise() != null) {
            throw writer.unsupported(
                    "weight noise (" + layer.getWeightNoise().getClass().getSimpleName() + ")",
                    Set.of("dropout on the layer's input"));
        }
    }
}
