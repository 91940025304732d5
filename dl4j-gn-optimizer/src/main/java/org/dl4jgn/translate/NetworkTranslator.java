package org.dl4jgn.translate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/** Translates a {@link MultiLayerNetwork} to the SameDiff graph of its pre-activations. */
public final class NetworkTranslator {

    /** The name of the features in the graph. */
    static final String FEATURES = "features";

    private NetworkTranslator() {}

    /**
     * Checks that {@code net} can be translated.
     *
     * @return the features that it takes
     * @throws UnsupportedNetworkException if a layer or a setting is not supported
     */
    public static FeatureFormat check(MultiLayerNetwork net) {
        checkWhole(net);
        return FeatureFormat.of(net);
    }

    /**
     * Translates {@code net} for an example of whatever sizes go through it; parameters and number of outputs do not
     * depend on the sizes.
     *
     * @throws UnsupportedNetworkException if a layer or a setting is not supported
     */
    public static TranslatedNetwork translateAny(MultiLayerNetwork net) {
        FeatureFormat format = check(net);
        return translate(net, 1, format.isFixed() ? format.pattern() : format.with(fittingSizes(net, format)));
    }

    /**
     * The smallest sizes that go through the layers: one for all dimensions, or, where a layer insists on sizes, for each
     * dimension the one with which it arrives there as it should.
     */
    private static long[] fittingSizes(MultiLayerNetwork net, FeatureFormat format) {
        long[] sizes = new long[format.freeSizes()];
        long[] found = new long[sizes.length];
        GeometryException failure = null;
        for (long size = 1; size <= LARGEST_IMAGE; size++) {
            Arrays.fill(sizes, size);
            try {
                translate(net, 0, format.with(sizes));
                return sizes;
            } catch (GeometryException e) {
                failure = e;
            }
            boolean tooLarge = failure.expected().length > 0;
            for (int i = 0; i < failure.expected().length; i++) {
                if (failure.actual()[i] == failure.expected()[i] && found[i] == 0) {
                    found[i] = size;
                }
                tooLarge &= failure.actual()[i] > failure.expected()[i];
            }
            if (tooLarge || Arrays.stream(found).allMatch(f -> f > 0)) {
                break;
            }
        }
        if (Arrays.stream(found).allMatch(size -> size > 0)) {
            return found;
        }
        throw new UnsupportedNetworkException("No features go through the network. " + failure);
    }

    private static final long LARGEST_IMAGE = 2048;

    /**
     * Translates {@code net}, in training mode, for batches of {@code batch} examples.
     *
     * @param batch b; 0 to check the sizes alone, without a graph that can be used
     * @param example the shape of an example's features, as DL4J has it
     * @throws UnsupportedNetworkException if a layer or a setting is not supported
     * @throws GeometryException if the features' sizes do not go through the layers
     */
    public static TranslatedNetwork translate(MultiLayerNetwork net, long batch, long... example) {
        checkWhole(net);
        List<Layer> layers = layers(net);
        Layer last = layers.get(layers.size() - 1);
        if (!(last instanceof BaseOutputLayer) && !(last instanceof LossLayer)) {
            throw new UnsupportedNetworkException(GraphWriter.describe(layers.size() - 1, last)
                    + " as the last layer is not supported. Supported: OutputLayer, LossLayer.");
        }
        SameDiff graph = SameDiff.create();
        GraphWriter writer = new GraphWriter(graph, net.params().dataType());
        long[] featureShape = {batch, LongStream.of(example).reduce(1, (a, b) -> a * b)};
        SDVariable features = graph.placeHolder(FEATURES, net.params().dataType(), featureShape);
        Activations current = arranged(Activations.of(graph, features, batch, true, featureShape[1]), example, net);
        List<LayerOutput> activations = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            writer.startLayer(i, layers.get(i));
            LayerTranslator<Layer> translator = LayerTranslators.of(layers.get(i), writer);
            InputPreProcessor preprocessor = net.getLayerWiseConfigurations().getInputPreProcess(i);
            try {
                current = PreprocessorTranslator.translate(preprocessor, current, writer);
                current = translator.translate(layers.get(i), current, writer);
            } catch (GeometryException e) {
                throw e.in(GraphWriter.describe(i, layers.get(i)));
            }
            activations.add(new LayerOutput(current.variable(), current.shape(), current.channelsFirst()));
        }
        activations.remove(layers.size() - 1);
        TranslatedNetwork result = new TranslatedNetwork(
                graph,
                features,
                featureShape,
                example,
                writer.parameters(),
                writer.statistics(),
                writer.uses(),
                writer.unassembled(),
                writer.noise(),
                activations,
                current.variable(),
                current.length());
        if (result.parameterCount() != net.numParams()) {
            throw new IllegalStateException("The translated network has " + result.parameterCount()
                    + " parameters, the network itself " + net.numParams());
        }
        return result;
    }

    /** The features, element after element as DL4J has them, in our order. */
    private static Activations arranged(Activations features, long[] example, MultiLayerNetwork net) {
        if (example.length == 1) {
            return features;
        }
        boolean channelsFirst = FeatureFormat.of(net).channelsFirst();
        long[] shape = example.clone();
        if (channelsFirst) {
            System.arraycopy(example, 1, shape, 0, example.length - 1);
            shape[example.length - 1] = example[0];
        }
        return features.moved(() -> Activations.fromNetworkOrder(channelsFirst, shape), shape)
                .renamed(channelsFirst);
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
}
