package org.dl4jgn.translate;

import java.util.Set;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.dl4jgn.ops.RecurrentCell;

/** hₜ = σ(xₜW + hₜ₋₁R + b). Where a step of the features is masked, h is zero. */
final class SimpleRnnTranslator implements LayerTranslator<SimpleRnn> {

    @Override
    public Activations translate(SimpleRnn layer, Activations input, GraphWriter writer) {
        if (layer.hasLayerNorm()) {
            writer.refuse(
                    "layer normalization, with which DL4J itself fails to run the layer,",
                    Set.of("recurrent layers without it"));
        }
        RecurrentCell cell = RecurrentCell.simple(RecurrentWriter.function(layer.getActivationFn(), writer));
        return new RecurrentWriter(writer, UnaryOperator.identity())
                .write(cell, layer.getNOut(), RecurrentWriter.input(layer, input, writer), input.mask());
    }
}
