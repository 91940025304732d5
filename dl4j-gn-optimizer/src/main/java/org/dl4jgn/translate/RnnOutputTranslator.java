package org.dl4jgn.translate;

import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.autodiff.samediff.SDVariable;

/** z = xW + b at each step. */
final class RnnOutputTranslator implements LayerTranslator<RnnOutputLayer> {

    @Override
    public Activations translate(RnnOutputLayer layer, Activations input, GraphWriter writer) {
        ConvolutionTranslator.refuseWeightNoise(layer, writer);
        input.requireSteps(writer);
        Formats.require(layer.getRnnDataFormat() != RNNFormat.NWC, input, writer);
        long nIn = layer.getNIn();
        long nOut = layer.getNOut();
        if (input.channels() != nIn) {
            throw new GeometryException(nIn + " channels are needed, got " + input.channels());
        }
        SDVariable x = DropoutWriter.write(layer.getIDropout(), input, writer).variable();
        SDVariable w =
                writer.parameter(DefaultParamInitializer.WEIGHT_KEY, ParameterLayout.columns(nIn, nOut), nIn, nOut);
        SDVariable z = writer.graph().mmul(x, w);
        SDVariable b = null;
        if (layer.hasBias()) {
            b = writer.parameter(DefaultParamInitializer.BIAS_KEY, nOut);
            z = writer.graph().nn().biasAdd(z, b, false);
        }
        long steps = input.shape()[0];
        writer.affine(x, w, b, z, steps * input.sequences().folded());
        return input.with(z, steps, nOut);
    }
}
