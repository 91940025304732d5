package org.dl4jgn.translate;

import java.util.Set;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;

/**
 * Layers whose parameters stay as they are, in test mode: without dropout, and with the running statistics of a batch
 * normalization. Their parameters are no part of any system: J has zeros in their columns.
 *
 * @param <L> the layer around the frozen one
 */
final class FrozenTranslator<L extends Layer> implements LayerTranslator<L> {

    private final Function<L, Layer> inside;
    private final boolean endsBackpropagation;

    private FrozenTranslator(Function<L, Layer> inside, boolean endsBackpropagation) {
        this.inside = inside;
        this.endsBackpropagation = endsBackpropagation;
    }

    /** Those behind which DL4J's backpropagation ends, so that nothing before them can be trained. */
    static FrozenTranslator<FrozenLayer> ending() {
        return new FrozenTranslator<>(FrozenLayer::getLayer, true);
    }

    /** Those that let it through. */
    static FrozenTranslator<FrozenLayerWithBackprop> passing() {
        return new FrozenTranslator<>(FrozenLayerWithBackprop::getUnderlying, false);
    }

    @Override
    public Activations translate(L layer, Activations input, GraphWriter writer) {
        if (endsBackpropagation) {
            requireConstant(input, writer);
        }
        Layer frozen = inside.apply(layer);
        return writer.frozen().write(() -> LayerTranslators.of(frozen, writer).translate(frozen, input, writer));
    }

    /** Refuses input that depends on what is trained. */
    static void requireConstant(Activations input, GraphWriter writer) {
        if (writer.frozen().trainedReach(input.variable(), writer.graph(), writer.parameters())) {
            throw writer.unsupported(
                    "a frozen layer behind one that is trained, to which DL4J passes no gradient,",
                    Set.of("frozen layers before all that are trained", "FrozenLayerWithBackprop"));
        }
    }

    @Override
    public long inputs(L layer) {
        return LayerTranslators.inputs(inside.apply(layer));
    }
}
