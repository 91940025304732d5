package org.dl4jgn.translate;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;

/** A DL4J {@link MultiLayerNetwork} as a {@link Model}; it reads the network's configuration and parameters, always anew. */
public final class MultiLayerModel implements Model {

    private final Supplier<@Nullable MultiLayerNetwork> reference;

    private MultiLayerModel(Supplier<@Nullable MultiLayerNetwork> reference) {
        this.reference = reference;
    }

    /** The model of an initialised network. */
    public MultiLayerModel(MultiLayerNetwork net) {
        this(() -> net);
    }

    /** The model of an initialised network that does not keep it from being collected. */
    public static MultiLayerModel weak(MultiLayerNetwork net) {
        return new MultiLayerModel(new WeakReference<>(net)::get);
    }

    private MultiLayerNetwork net() {
        MultiLayerNetwork net = reference.get();
        if (net == null) {
            throw new IllegalStateException("The network of this model does not exist any more");
        }
        return net;
    }

    @Override
    public DataType type() {
        return net().params().dataType();
    }

    @Override
    public INDArray params() {
        return net().params();
    }

    @Override
    public long parameterCount() {
        return net().numParams();
    }

    @Override
    public long seed() {
        return net().getDefaultConfiguration().getSeed();
    }

    @Override
    public int iteration() {
        return net().getIterationCount();
    }

    @Override
    public int epoch() {
        return net().getEpochCount();
    }

    @Override
    public FeatureFormat features() {
        return NetworkTranslator.check(net());
    }

    @Override
    public TranslatedNetwork translate(long batch, long... example) {
        return NetworkTranslator.translate(net(), batch, example);
    }

    @Override
    public TranslatedNetwork translateAny() {
        return NetworkTranslator.translateAny(net());
    }

    @Override
    public Regularized regularization(ParameterSlot slot) {
        Layer layer = layer(slot.layer());
        String description = GraphWriter.describe(slot.layer(), layer);
        List<Regularization> terms = layer instanceof BaseLayer base ? base.getRegularizationByParam(slot.key()) : null;
        return new Regularized(description, terms == null ? List.of() : terms);
    }

    @Override
    public Head head() {
        return Head.of(net());
    }

    private Layer layer(int index) {
        return net().getLayerWiseConfigurations().getConf(index).getLayer();
    }
}
