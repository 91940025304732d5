package org.dl4jgn.translate;

import java.util.Set;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.nd4j.autodiff.samediff.SDVariable;

/** A layer and another of its kind on the sequence from its end; their outputs are put together. */
final class BidirectionalTranslator implements LayerTranslator<Bidirectional> {

    @Override
    public Activations translate(Bidirectional layer, Activations input, GraphWriter writer) {
        refuseCarriedState(writer);
        Activations a = inner(layer.getFwd(), "f", input, writer);
        Activations reversed = SequenceMoves.reversed(input);
        Activations b = SequenceMoves.reversed(inner(layer.getBwd(), "b", reversed, writer));
        SDVariable together = switch (layer.getMode()) {
            case ADD -> a.variable().add(b.variable());
            case MUL -> a.variable().mul(b.variable());
            case AVERAGE -> a.variable().add(b.variable()).mul(0.5);
            case CONCAT -> SequenceMoves.concatenated(a, b);
        };
        if (layer.getMode() != Bidirectional.Mode.CONCAT) {
            return a.with(together);
        }
        long[] shape = a.shape();
        shape[shape.length - 1] += b.channels();
        return a.with(together, shape);
    }

    /** What comes from the end of a sequence cannot go on into the next piece. */
    static void refuseCarriedState(GraphWriter writer) {
        if (writer.carriesState()) {
            throw writer.unsupported(
                    "truncated backpropagation through time, which DL4J itself refuses here,",
                    Set.of("BackpropType.Standard"));
        }
    }

    private static Activations inner(Layer layer, String prefix, Activations input, GraphWriter writer) {
        return writer.within(prefix, () -> LayerTranslators.of(layer, writer).translate(layer, input, writer));
    }

    @Override
    public long inputs(Bidirectional layer) {
        return LayerTranslators.inputs(layer.getFwd());
    }
}
