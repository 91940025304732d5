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

/**
 * A DL4J {@link MultiLayerNetwork} as a {@link Model}. Parameters and settings are read from the network at each call; its
 * layers do not change.
 */
public final class MultiLayerModel extends NetworkModel<MultiLayerNetwork> {

    private @Nullable FittingInput input;

    private MultiLayerModel(Supplier<@Nullable MultiLayerNetwork> reference) {
        super(reference);
    }

    /** The model of an initialised network. */
    public MultiLayerModel(MultiLayerNetwork net) {
        this(() -> net);
    }

    /** The model of an initialised network that does not keep it from being collected. */
    public static MultiLayerModel weak(MultiLayerNetwork net) {
        return new MultiLayerModel(new WeakReference<>(net)::get);
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
    public StepPadding padding() {
        return StepPadding.of(checked());
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
    Layer settings(int index) {
        return net().getLayerWiseConfigurations().getConf(index).getLayer();
    }

    @Override
    String describe(int index) {
        return GraphWriter.describe(index, settings(index));
    }

    /** The layers, with their parameters in order; refuses what concerns no single one of them. */
    private LayerStack checked() {
        requireTrainable();
        EmbeddingOrder.correct(net().getLayers());
        MultiLayerConfiguration conf = net().getLayerWiseConfigurations();
        List<Layer> layers = new ArrayList<>();
        List<Optional<InputPreProcessor>> preprocessors = new ArrayList<>();
        for (NeuralNetConfiguration layer : conf.getConfs()) {
            preprocessors.add(Optional.ofNullable(conf.getInputPreProcess(layers.size())));
            layers.add(layer.getLayer());
        }
        boolean carriesState = conf.getBackpropType() == BackpropType.TruncatedBPTT;
        return new LayerStack(layers, preprocessors, type(), net().numParams(), carriesState);
    }
}
