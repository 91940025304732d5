package org.dl4jgn.translate;

import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.samediff.AbstractSameDiffLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * A DL4J network as a {@link Model}, as far as its kind does not matter. Parameters and settings are read from the network at
 * each call; its layers do not change.
 *
 * @param <N> the kind of network
 */
abstract class NetworkModel<N extends org.deeplearning4j.nn.api.Model> implements Model {

    private final Supplier<@Nullable N> reference;

    /** The model of the network that {@code reference} gives, as long as it gives one. */
    NetworkModel(Supplier<@Nullable N> reference) {
        this.reference = reference;
    }

    final N net() {
        N net = reference.get();
        if (net == null) {
            throw new IllegalStateException("The network of this model does not exist any more");
        }
        return net;
    }

    @Override
    public final DataType type() {
        return net().params().dataType();
    }

    @Override
    public final INDArray params() {
        return net().params();
    }

    /** The parameters there are: DL4J's {@code numParams()} of a graph does not count those of vertices. */
    private static long countOf(org.deeplearning4j.nn.api.Model net) {
        return net.params() == null ? 0 : net.params().length();
    }

    @Override
    public final long parameterCount() {
        return countOf(net());
    }

    /** The settings of the layer, or vertex, whose parameters have this index. */
    abstract TrainingConfig settings(int index);

    /** How messages name it. */
    abstract String describe(int index);

    @Override
    public final Regularized regularization(ParameterSlot slot) {
        TrainingConfig settings = settings(slot.layer());
        List<Regularization> terms = settings.getRegularizationByParam(slot.key());
        return new Regularized(describe(slot.layer()), terms == null ? List.of() : terms, isInScore(settings));
    }

    /** DL4J's score goes over the layers, not the vertices, and those of SameDiff operations have none for it. */
    private static boolean isInScore(TrainingConfig settings) {
        return settings instanceof BaseWrapperLayer wrapper
                ? isInScore(wrapper.getUnderlying())
                : settings instanceof Layer && !(settings instanceof AbstractSameDiffLayer);
    }

    /** Refuses a network without parameters, and of a type that nothing is compiled for. */
    final void requireTrainable() {
        if (parameterCount() == 0) {
            throw new UnsupportedNetworkException(
                    "The network has no parameters. Supported: at least one layer with parameters.");
        }
        if (type() != DataType.FLOAT && type() != DataType.DOUBLE) {
            throw new UnsupportedNetworkException(
                    "Networks of type " + type() + " are not supported. Supported: FLOAT, DOUBLE.");
        }
    }

    /** DL4J's {@code miniBatch}, which it has for each layer and reads of the network. */
    @Override
    public final boolean isMean() {
        return net().conf().isMiniBatch();
    }
}
