package org.dl4jgn.translate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.autodiff.samediff.SameDiff;

/** Translates layers one after the other to the SameDiff graph of their pre-activations. */
final class NetworkTranslator {

    private NetworkTranslator() {}

    /**
     * Translates layers, in training mode, for batches of {@code batch} examples.
     *
     * @param batch of 0 examples to check the sizes alone, without a graph that can be used
     * @param channelsFirst whether an example that is an array has its channels first
     * @throws UnsupportedNetworkException if a layer or a setting is not supported
     * @throws GeometryException if the features' sizes do not go through the layers
     */
    static TranslatedNetwork translate(LayerStack stack, BatchShape batch, boolean channelsFirst) {
        SameDiff graph = SameDiff.create();
        GraphWriter writer = new GraphWriter(graph, stack.type());
        if (stack.carriesState()) {
            writer.carryState();
        }
        Activations current = writer.features(batch, 0, channelsFirst);
        Map<String, LayerOutput> activations = new LinkedHashMap<>();
        for (int i = 0; i < stack.size(); i++) {
            Layer layer = stack.layers().get(i);
            writer.startLayer(i, layer);
            Optional<InputPreProcessor> preprocessor = stack.preprocessors().get(i);
            try {
                requirePlace(layer, i == stack.size() - 1, writer);
                if (preprocessor.isPresent()) {
                    current = PreprocessorTranslator.translate(preprocessor.get(), current, writer);
                }
                current = LayerTranslators.of(layer, writer).translate(layer, current, writer);
            } catch (UnsupportedNetworkException e) {
                writer.refusals().note(e);
                current = StandIn.behind(i, layer, current, writer)
                        .orElseThrow(() -> writer.refusals().all());
            } catch (GeometryException e) {
                writer.refusals().throwAny();
                throw e.in(stack.describe(i));
            }
            activations.put(String.valueOf(i), LayerOutput.of(current));
        }
        writer.refusals().throwAny();
        int last = stack.size() - 1;
        activations.remove(String.valueOf(last));
        if (stack.carriesState() && current.spatialRank() == 0) {
            throw writer.unsupported(
                    "truncated backpropagation through time of a network that has one output for a sequence, which DL4J"
                            + " takes no step with,",
                    Set.of("BackpropType.Standard", "an output for each step"));
        }
        NetworkHead head = NetworkHead.of(Head.of(last, stack.layers().get(last)), current, writer);
        TranslatedNetwork result = writer.finished(batch, activations, List.of(head));
        if (result.parameterCount() != stack.parameterCount()) {
            throw new IllegalStateException("The translated network has " + result.parameterCount()
                    + " parameters, the network itself " + stack.parameterCount());
        }
        return result;
    }

    /** A loss belongs at the end and nowhere else: of one in the middle DL4J's own backpropagation fails for lack of labels. */
    private static void requirePlace(Layer layer, boolean last, GraphWriter writer) {
        boolean hasLoss = Head.isHead(layer);
        if (last && !hasLoss) {
            throw writer.unsupported("a layer without a loss as the last one", Set.of(Head.KINDS));
        }
        if (!last && hasLoss) {
            throw writer.unsupported(
                    "a layer with a loss before the last one, which DL4J itself fails to train,",
                    Set.of("DenseLayer or ActivationLayer there"));
        }
    }
}
