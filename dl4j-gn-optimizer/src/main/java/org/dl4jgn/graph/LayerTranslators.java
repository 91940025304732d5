package org.dl4jgn.graph;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The layers that can be translated, each with its translator.
 *
 * <p>A layer is found by its exact class: a subclass may compute something else, so it is refused until it has an entry.
 */
final class LayerTranslators {

    private static final Map<Class<? extends Layer>, LayerTranslator<?>> TRANSLATORS = Map.of(
            DenseLayer.class, new DenseTranslator<DenseLayer>(),
            OutputLayer.class, new DenseTranslator<OutputLayer>(),
            LossLayer.class, (LayerTranslator<LossLayer>) LayerTranslators::loss,
            ActivationLayer.class, (LayerTranslator<ActivationLayer>) LayerTranslators::activation,
            DropoutLayer.class, (LayerTranslator<DropoutLayer>) LayerTranslators::dropout);

    private LayerTranslators() {}

    /**
     * The translator of a layer.
     *
     * @throws UnsupportedNetworkException if there is none
     */
    @SuppressWarnings("unchecked") // the map pairs each class with a translator of it
    static LayerTranslator<Layer> of(Layer layer, GraphWriter writer) {
        LayerTranslator<Layer> translator = (LayerTranslator<Layer>) TRANSLATORS.get(layer.getClass());
        if (translator == null) {
            throw writer.unsupported("this layer type (" + layer.getClass().getName() + ")", names());
        }
        return translator;
    }

    private static Set<String> names() {
        return TRANSLATORS.keySet().stream().map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new));
    }

    private static LayerTranslator.Activations loss(
            LossLayer layer, SDVariable input, long[] inputShape, GraphWriter writer) {
        if (layer.getIDropout() != null) {
            throw writer.unsupported(
                    "dropout on a loss layer, which DL4J itself ignores,", Set.of("a DropoutLayer before it"));
        }
        return new LayerTranslator.Activations(input, inputShape);
    }

    private static LayerTranslator.Activations activation(
            ActivationLayer layer, SDVariable input, long[] inputShape, GraphWriter writer) {
        return new LayerTranslator.Activations(
                ActivationWriter.write(layer.getActivationFn(), input, inputShape, writer), inputShape);
    }

    private static LayerTranslator.Activations dropout(
            DropoutLayer layer, SDVariable input, long[] inputShape, GraphWriter writer) {
        return new LayerTranslator.Activations(
                DropoutWriter.write(layer.getIDropout(), input, inputShape, writer), inputShape);
    }
}
