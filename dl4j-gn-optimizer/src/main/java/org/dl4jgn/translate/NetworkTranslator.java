package org.dl4jgn.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** Translates layers one after the other to the SameDiff graph of their pre-activations. */
final class NetworkTranslator {

    /** The name of the features in the graph. */
    static final String FEATURES = "features";

    private NetworkTranslator() {}

    /**
     * Translates layers, in training mode, for batches of {@code batch} examples.
     *
     * @param batch b; 0 to check the sizes alone, without a graph that can be used
     * @param channelsFirst whether an example that is an array has its channels first
     * @param example the shape of an example's features, as DL4J has it
     * @throws UnsupportedNetworkException if a layer or a setting is not supported
     * @throws GeometryException if the features' sizes do not go through the layers
     */
    static TranslatedNetwork translate(LayerStack stack, long batch, boolean channelsFirst, long... example) {
        SameDiff graph = SameDiff.create();
        GraphWriter writer = new GraphWriter(graph, stack.type());
        long[] featureShape = {batch, LongStream.of(example).reduce(1, (a, b) -> a * b)};
        SDVariable features = graph.placeHolder(FEATURES, stack.type(), featureShape);
        Activations current =
                arranged(Activations.of(graph, features, batch, true, featureShape[1]), channelsFirst, example);
        List<LayerOutput> activations = new ArrayList<>();
        for (int i = 0; i < stack.size(); i++) {
            Layer layer = stack.layers().get(i);
            writer.startLayer(i, layer);
            requirePlace(layer, i == stack.size() - 1, writer);
            LayerTranslator<Layer> translator = LayerTranslators.of(layer, writer);
            Optional<InputPreProcessor> preprocessor = stack.preprocessors().get(i);
            try {
                if (preprocessor.isPresent()) {
                    current = PreprocessorTranslator.translate(preprocessor.get(), current, writer);
                }
                current = translator.translate(layer, current, writer);
            } catch (GeometryException e) {
                throw e.in(stack.describe(i));
            }
            activations.add(new LayerOutput(current.variable(), current.shape(), current.channelsFirst()));
        }
        activations.remove(stack.size() - 1);
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
                current.length(),
                writer.classes());
        if (result.parameterCount() != stack.parameterCount()) {
            throw new IllegalStateException("The translated network has " + result.parameterCount()
                    + " parameters, the network itself " + stack.parameterCount());
        }
        return result;
    }

    /** The features, element after element as DL4J has them, in our order. */
    private static Activations arranged(Activations features, boolean channelsFirst, long[] example) {
        if (example.length == 1) {
            return features;
        }
        long[] shape = example.clone();
        if (channelsFirst) {
            System.arraycopy(example, 1, shape, 0, example.length - 1);
            shape[example.length - 1] = example[0];
        }
        return features.moved(() -> Activations.fromNetworkOrder(channelsFirst, shape), shape)
                .renamed(channelsFirst);
    }

    /** A loss belongs at the end and nowhere else: of one in the middle DL4J's own backpropagation fails for lack of labels. */
    private static void requirePlace(Layer layer, boolean last, GraphWriter writer) {
        boolean hasLoss = layer instanceof BaseOutputLayer || layer instanceof LossLayer;
        if (last && !hasLoss) {
            throw writer.unsupported("a layer without a loss as the last one", Set.of("OutputLayer, LossLayer"));
        }
        if (!last && hasLoss) {
            throw writer.unsupported(
                    "a layer with a loss before the last one, which DL4J itself fails to train,",
                    Set.of("DenseLayer or ActivationLayer there"));
        }
    }
}
