package org.dl4jgn.translate;

import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.layers.AbstractLSTM;
import org.dl4jgn.ops.RecurrentCell;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * LSTM, without peepholes and, as Graves (2013) has it, with them. The state runs on through masked steps, as with DL4J, unless
 * a layer around it hands it the mask.
 *
 * @param <L> the layer
 */
final class LstmTranslator<L extends AbstractLSTM> implements LayerTranslator<L> {

    private final boolean peepholes;

    LstmTranslator(boolean peepholes) {
        this.peepholes = peepholes;
    }

    @Override
    public Activations translate(L layer, Activations input, GraphWriter writer) {
        RecurrentCell cell = RecurrentCell.lstm(
                RecurrentWriter.function(layer.getActivationFn(), writer),
                RecurrentWriter.function(layer.getGateActivationFn(), writer),
                peepholes);
        @Nullable SDVariable mask = input.sequences().obeyed() ? input.mask() : null;
        return new RecurrentWriter(writer, UnaryOperator.identity())
                .write(cell, layer.getNOut(), RecurrentWriter.input(layer, input, writer), mask);
    }
}
