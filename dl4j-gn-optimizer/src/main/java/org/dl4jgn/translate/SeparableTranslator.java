package org.dl4jgn.translate;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer;
import org.nd4j.autodiff.samediff.SDVariable;

/** A depthwise convolution, its weights from DL4J's [multiplier, nIn, kh, kw], and then a product for each position. */
final class SeparableTranslator implements LayerTranslator<SeparableConvolution2D> {

    @Override
    public Activations translate(SeparableConvolution2D layer, Activations input, GraphWriter writer) {
        ChannelwiseWriter channelwise = new ChannelwiseWriter(layer, input, writer);
        long nIn = layer.getNIn();
        long nOut = layer.getNOut();
        long multiplier = layer.getDepthMultiplier();
        int[] kernel = channelwise.windows.kernel();
        List<SDVariable> b = layer.hasBias()
                ? List.of(writer.parameter(SeparableConvolutionParamInitializer.BIAS_KEY, nOut))
                : List.of();
        SDVariable depth = writer.parameter(
                SeparableConvolutionParamInitializer.DEPTH_WISE_WEIGHT_KEY,
                new ParameterLayout(new long[] {multiplier, nIn, kernel[0], kernel[1]}, new int[] {2, 3, 1, 0}),
                channelwise.windows.size(),
                nIn * multiplier);
        SDVariable point = writer.parameter(
                SeparableConvolutionParamInitializer.POINT_WISE_WEIGHT_KEY,
                ParameterLayout.columns(nIn * multiplier, nOut),
                nIn * multiplier,
                nOut);
        SDVariable z = writer.graph().mmul(channelwise.product(depth, multiplier), point);
        return channelwise.finished(z, b, nOut);
    }
}
