package org.dl4jgn.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/** Translates a {@link MultiLayerNetwork} to the SameDiff graph of its pre-activations. */
public final class NetworkTranslator {

    private NetworkTranslator() {}

    /**
     * Translates {@code net}, in training mode, for batches of {@code batch} examples.
     *
     * @throws UnsupportedNetworkException if a layer or a setting is not supported
     */
    public static NetworkGraph translate(MultiLayerNetwork net, long batch) {
        checkWhole(net);
        List<Layer> layers = layers(net);
        Layer last = layers.get(layers.size() - 1);
        if (!(last instanceof BaseOutputLayer) && !(last instanceof LossLayer)) {
            throw new UnsupportedNetworkException(GraphWriter.describe(layers.size() - 1, last)
                    + " as the last layer is not supported. Supported: OutputLayer, LossLayer.");
        }
        SameDiff graph = SameDiff.create();
        GraphWriter writer = new GraphWriter(graph, net.params().dataType());
        long[] featureShape = {batch, inputSize(layers)};
        SDVariable features = graph.placeHolder("features", net.params().dataType(), featureShape);
        LayerTranslator.Activations current = new LayerTranslator.Activations(features, featureShape);
        List<SDVariable> activations = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            writer.startLayer(i, layers.get(i));
            LayerTranslator<Layer> translator = LayerTranslators.of(layers.get(i), writer);
            refusePreprocessor(net.getLayerWiseConfigurations().getInputPreProcess(i), writer);
            current = translator.translate(layers.get(i), current.variable(), current.shape(), writer);
            activations.add(current.variable());
        }
        activations.remove(layers.size() - 1);
        NetworkGraph result = new NetworkGraph(
                graph,
                features,
                featureShape,
                writer.parameters(),
                writer.uses(),
                writer.noise(),
                activations,
                current.variable(),
                current.shape()[1]);
        if (result.parameterCount() != net.numParams()) {
            throw new IllegalStateException("The translated network has " + result.parameterCount()
                    + " parameters, the network itself " + net.numParams());
        }
        return result;
    }

    /** Refuses what concerns no single layer. */
    private static void checkWhole(MultiLayerNetwork net) {
        if (net.numParams() == 0) {
            throw new UnsupportedNetworkException(
                    "The network has no parameters. Supported: at least one layer with" + " parameters.");
        }
        DataType type = net.params().dataType();
        if (type != DataType.FLOAT && type != DataType.DOUBLE) {
            throw new UnsupportedNetworkException(
                    "Networks of type " + type + " are not supported. Supported: FLOAT, DOUBLE.");
        }
        for (NeuralNetConfiguration conf : net.getLayerWiseConfigurations().getConfs()) {
            if (!conf.isMiniBatch()) {
                throw new UnsupportedNetworkException("miniBatch(false), a loss summed over the examples, is not"
                        + " supported. Supported: miniBatch(true), the mean.");
            }
        }
    }

    private static List<Layer> layers(MultiLayerNetwork net) {
        MultiLayerConfiguration conf = net.getLayerWiseConfigurations();
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < conf.getConfs().size(); i++) {
            layers.add(conf.getConf(i).getLayer());
        }
        return layers;
    }

    private static void refusePreprocessor(@Nullable InputPreProcessor preprocessor, GraphWriter writer) {
        if (preprocessor != null) {
            throw writer.unsupported(
                    "input preprocessor " + preprocessor.getClass().getSimpleName(),
                    Set.of("two-dimensional features, without preprocessors"));
        }
    }

    private static long inputSize(List<Layer> layers) {
        for (Layer layer : layers) {
            if (layer instanceof FeedForwardLayer sized && sized.getNIn() > 0) {
                return sized.getNIn();
            }
            if (!(layer instanceof BaseLayer) && layers.indexOf(layer) == layers.size() - 1) {
                break;
            }
        }
        throw new UnsupportedNetworkException("The network has no layer with a known number of inputs.");
    }
}
