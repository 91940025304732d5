package org.dl4jgn.translate;

import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.dl4jgn.ops.RecurrentCell;

/** Two LSTMs with peepholes, one from each end, added. Both obey the mask. */
final class GravesBidirectionalTranslator implements LayerTranslator<GravesBidirectionalLSTM> {

    @Override
    public Activations translate(GravesBidirectionalLSTM layer, Activations input, GraphWriter writer) {
        BidirectionalTranslator.refuseCarriedState(writer);
        RecurrentCell cell = RecurrentCell.lstm(
                RecurrentWriter.function(layer.getActivationFn(), writer),
                RecurrentWriter.function(layer.getGateActivationFn(), writer),
                true);
        Activations x = RecurrentWriter.input(layer, input, writer);
        Activations forwards = new RecurrentWriter(writer, key -> key + "F").write(cell, layer.getNOut(), x, x.mask());
        Activations reversed = SequenceMoves.reversed(x);
        Activations backwards =
                new RecurrentWriter(writer, key -> key + "B").write(cell, layer.getNOut(), reversed, reversed.mask());
        return forwards.with(
                forwards.variable().add(SequenceMoves.reversed(backwards).variable()));
    }
}
