package org.dl4jgn.translate;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * A DL4J {@link MultiLayerNetwork} as a {@link Model}. Parameters and settings are read from the network at each call; its
 * layers do not change.
 */
public final class MultiLayerModel implements Model {

    private final Supplier<@Nullable MultiLayerNetwork> reference;
    private @Nullable FittingInput input;

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
    public List<FeatureFormat> features() {
        return input().formats();
    }

    @Override
    public TranslatedNetwork translateAny() {
        return input().any();
    }

    private FittingInput input() {
        if (input == null) {
            input = FittingInput.of(checked());
        }
        return input;
    }

    @Override
    public TranslatedNetwork translate(BatchShape batch) {
        LayerStack stack = checked();
        long[] example = batch.example(0);
        boolean channelsFirst = InputShapes.of(stack).stream()
                .filter(shape -> shape.matches(example))
                .findFirst()
                .map(FeatureShape::channelsFirst)
                .orElse(true);
        return NetworkTranslator.translate(stack, batch, channelsFirst);
    }

    @Override
    public Regularized regularization(ParameterSlot slot) {
        Layer layer = layer(slot.layer());
        String description = GraphWriter.describe(slot.layer(), layer);
        List<Regularization> terms = layer.getRegularizationByParam(slot.key());
        return new Regularized(description, terms == null ? List.of() : terms);
    }

    private Layer layer(int index) {
        return net().getLayerWiseConfigurations().getConf(index).getLayer();
    }

    /** The layers; refuses what concerns no single one of them. */
    private LayerStack checked() {
        if (net().numParams() == 0) {
            throw new UnsupportedNetworkException(
                    "The network has no parameters. Supported: at least one layer with parameters.");
        }
        if (type() != DataType.FLOAT && type() != DataType.DOUBLE) {
            throw new UnsupportedNetworkException(
                    "Networks of type " + type() + " are not supported. Supported: FLOAT, DOUBLE.");
        }
        MultiLayerConfiguration conf = net().getLayerWiseConfigurations();
        List<Layer> layers = new ArrayList<>();
        List<Optional<InputPreProcessor>> preprocessors = new ArrayList<>();
        for (NeuralNetConfiguration layer : conf.getConfs()) {
            if (!layer.isMiniBatch()) {
                throw new UnsupportedNetworkException("miniBatch(false), a loss summed over the examples, is not"
                        + " supported. Supported: miniBatch(true), the mean.");
            }
            preprocessors.add(Optional.ofNullable(conf.getInputPreProcess(layers.size())));
            layers.add(layer.getLayer());
        }
        boolean carriesState = conf.getBackpropType() == BackpropType.TruncatedBPTT;
        return new LayerStack(layers, preprocessors, type(), net().numParams(), carriesState);
    }
}
