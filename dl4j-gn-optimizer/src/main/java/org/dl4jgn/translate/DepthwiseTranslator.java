package org.dl4jgn.translate;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.params.DepthwiseConvolutionParamInitializer;
import org.nd4j.autodiff.samediff.SDVariable;

/** z = pW + b, W from DL4J's [kh, kw, nIn, multiplier]; output c·multiplier + m belongs to channel c. */
final class DepthwiseTranslator implements LayerTranslator<DepthwiseConvolution2D> {

    @Override
    public Activations translate(DepthwiseConvolution2D layer, Activations input, GraphWriter writer) {
        ChannelwiseWriter channelwise = new ChannelwiseWriter(layer, input, writer);
        long columns = layer.getNIn() * layer.getDepthMultiplier();
        List<SDVariable> b = layer.hasBias()
                ? List.of(writer.parameter(DepthwiseConvolutionParamInitializer.BIAS_KEY, columns))
                : List.of();
        SDVariable w =
                writer.parameter(DepthwiseConvolutionParamInitializer.WEIGHT_KEY, channelwise.windows.size(), columns);
        return channelwise.finished(channelwise.product(w, layer.getDepthMultiplier()), b, columns);
    }
}
