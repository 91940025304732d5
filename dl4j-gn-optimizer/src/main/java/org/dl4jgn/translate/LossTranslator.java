package org.dl4jgn.translate;

import java.util.Set;
import org.deeplearning4j.nn.conf.layers.LossLayer;

/** A loss layer: its input is z. */
final class LossTranslator implements LayerTranslator<LossLayer> {

    @Override
    public Activations translate(LossLayer layer, Activations input, GraphWriter writer) {
        if (layer.getIDropout() != null) {
            throw writer.unsupported(
                    "dropout on a loss layer, which DL4J itself ignores,", Set.of("a DropoutLayer before it"));
        }
        input.requireVector(input.length(), writer);
        if (input.sequences().ofSteps()) {
            throw writer.unsupported("a loss layer on the steps of sequences", Set.of("RnnLossLayer"));
        }
        return input;
    }

    @Override
    public long inputs(LossLayer layer) {
        return 0;
    }
}
