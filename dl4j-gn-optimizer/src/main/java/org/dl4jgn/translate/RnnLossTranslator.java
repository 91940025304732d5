package org.dl4jgn.translate;

import java.util.Set;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;

/** A loss layer of sequences: its input is z. */
final class RnnLossTranslator implements LayerTranslator<RnnLossLayer> {

    @Override
    public Activations translate(RnnLossLayer layer, Activations input, GraphWriter writer) {
        if (layer.getIDropout() != null) {
            throw writer.unsupported(
                    "dropout on a loss layer, which DL4J itself ignores,", Set.of("a DropoutLayer before it"));
        }
        input.requireSteps(writer);
        Formats.require(layer.getRnnDataFormat() != RNNFormat.NWC, input, writer);
        return input;
    }

    @Override
    public long inputs(RnnLossLayer layer) {
        return 0;
    }
}
