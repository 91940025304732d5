package org.dl4jgn.translate;

import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.nd4j.autodiff.samediff.SDVariable;

/** z = xW + b at each step. */
final class RnnOutputTranslator implements LayerTranslator<RnnOutputLayer> {

    @Override
    public Activations translate(RnnOutputLayer layer, Activations input, GraphWriter writer) {
        writer.weightNoise(layer);
        input.requireSteps(writer);
        Formats.require(layer.getRnnDataFormat() != RNNFormat.NWC, input, writer);
        long nIn = layer.getNIn();
        long nOut = layer.getNOut();
        if (input.channels() != nIn) {
            throw new GeometryException(nIn + " channels are needed, got " + input.channels());
        }
        SDVariable x = DropoutWriter.write(layer.getIDropout(), input, writer).variable();
        long steps = input.shape()[0];
        SDVariable z = AffineWriter.write(
                writer, x, nIn, nOut, layer.hasBias(), steps * input.sequences().folded());
        return input.with(z, steps, nOut);
    }
}
