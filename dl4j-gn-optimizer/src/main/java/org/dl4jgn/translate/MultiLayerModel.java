package org.dl4jgn.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
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

    private final MultiLayerNetwork net;
    private @Nullable FittingInput input;

    /** The model of an initialised network. */
    public MultiLayerModel(MultiLayerNetwork net) {
        this.net = net;
    }

    @Override
    public DataType type() {
        return net.params().dataType();
    }

    @Override
    public INDArray params() {
        return net.params();
    }

    @Override
    public long parameterCount() {
        return net.numParams();
    }

    @Override
    public long seed() {
        return net.getDefaultConfiguration().getSeed();
    }

    @Override
    public FeatureFormat features() {
        return input().format();
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
    public TranslatedNetwork translate(long batch, long... example) {
        LayerStack stack = checked();
        boolean channelsFirst = InputShapes.of(stack).stream()
                .filter(shape -> shape.matches(example))
                .findFirst()
                .map(FeatureShape::channelsFirst)
                .orElse(true);
        return NetworkTranslator.translate(stack, batch, channelsFirst, example);
    }

    @Override
    public Regularized regularization(ParameterSlot slot) {
        Layer layer = layer(slot.layer());
        String description = GraphWriter.describe(slot.layer(), layer);
        List<Regularization> terms = layer.getRegularizationByParam(slot.key());
        return new Regularized(description, terms == null ? List.of() : terms);
    }

    @Override
    public Head head() {
        int last = net.getnLayers() - 1;
        Layer layer = layer(last);
        if (layer instanceof BaseOutputLayer output) {
            return new Head(last, output, output.getLossFn(), output.getActivationFn());
        }
        if (layer instanceof LossLayer output) {
            return new Head(last, output, output.getLossFn(), output.getActivationFn());
        }
        throw new UnsupportedNetworkException(GraphWriter.describe(last, layer)
                + " as the last layer is not supported. Supported: OutputLayer, LossLayer.");
    }

    private Layer layer(int index) {
        return net.getLayerWiseConfigurations().getConf(index).getLayer();
    }

    /** The layers; refuses what concerns no single one of them. */
    private LayerStack checked() {
        if (net.numParams() == 0) {
            throw new UnsupportedNetworkException(
                    "The network has no parameters. Supported: at least one layer with parameters.");
        }
        if (type() != DataType.FLOAT && type() != DataType.DOUBLE) {
            throw new UnsupportedNetworkException(
                    "Networks of type " + type() + " are not supported. Supported: FLOAT, DOUBLE.");
        }
        MultiLayerConfiguration conf = net.getLayerWiseConfigurations();
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
        return new LayerStack(layers, preprocessors, type(), net.numParams());
    }
}
