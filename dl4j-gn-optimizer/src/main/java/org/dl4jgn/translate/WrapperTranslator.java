package org.dl4jgn.translate;

import java.util.Set;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Layers around another, with its parameters.
 *
 * @param <L> the layer
 */
abstract class WrapperTranslator<L extends BaseWrapperLayer> implements LayerTranslator<L> {

    /** The layer inside, on another input. */
    final Activations inner(L layer, Activations input, GraphWriter writer) {
        if (writer.carriesState() && Formats.isRecurrent(layer.getUnderlying())) {
            throw writer.unsupported(
                    "truncated backpropagation through time of a recurrent layer inside another",
                    Set.of("BackpropType.Standard", "recurrent layers by themselves"));
        }
        return LayerTranslators.of(layer.getUnderlying(), writer).translate(layer.getUnderlying(), input, writer);
    }

    @Override
    public final long inputs(L layer) {
        return LayerTranslators.inputs(layer.getUnderlying());
    }

    /** The last step that is there. The layer inside gets the mask, and an LSTM obeys it then. */
    static WrapperTranslator<LastTimeStep> lastTimeStep() {
        return new WrapperTranslator<>() {
            @Override
            public Activations translate(LastTimeStep layer, Activations input, GraphWriter writer) {
                input.requireSteps(writer);
                Sequences obeyed = input.sequences().obeyed(input.mask());
                return SequenceMoves.last(inner(layer, input.of(obeyed), writer));
            }
        };
    }

    /** Each step for itself. */
    static WrapperTranslator<TimeDistributed> timeDistributed() {
        return new WrapperTranslator<>() {
            @Override
            public Activations translate(TimeDistributed layer, Activations input, GraphWriter writer) {
                boolean first = layer.getRnnDataFormat() != RNNFormat.NWC;
                input.requireSteps(writer);
                Formats.require(first, input, writer);
                return inner(layer, input.folded(), writer).unfolded(first);
            }
        };
    }

    /** Steps whose channels all have one value are masked. It has to be the first layer: what that value is must not change. */
    static WrapperTranslator<MaskZeroLayer> maskZero() {
        return new WrapperTranslator<>() {
            @Override
            public Activations translate(MaskZeroLayer layer, Activations input, GraphWriter writer) {
                if (writer.hasParameters()) {
                    throw writer.unsupported(
                            "a mask of what layers with parameters compute", Set.of("MaskZeroLayer before those"));
                }
                input.requireSteps(writer);
                SDVariable away = writer.graph().math().abs(input.variable().sub(layer.getMaskingValue()));
                SDVariable count = writer.graph().math().step(away, 0.0).sum(true, 1);
                SDVariable mask = writer.graph().nn().relu(count.rsub(1.0), 0.0).rsub(1.0);
                Sequences masked = input.sequences().obeyed(mask);
                Activations output = inner(layer, input.of(masked), writer);
                return output.of(output.sequences().masked(null));
            }
        };
    }
}
