package org.dl4jgn.dl4j;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.optimize.StepBounds.Bound;
import org.dl4jgn.optimize.StepBounds.Norm;
import org.dl4jgn.translate.GraphWriter;
import org.dl4jgn.translate.ParameterSlot;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.jspecify.annotations.Nullable;

/**
 * DL4J's {@code gradientNormalization} of each layer as bounds on a step's direction.
 *
 * <p>{@code Clip...} bounds the direction in the same parts, the same norm and by the same threshold as DL4J bounds the gradient.
 * {@code Renormalize...} makes a gradient's norm one whatever it was; here it is a bound of one: a Gauss-Newton direction that is
 * shorter is so because the curvature says it, and is not lengthened.
 */
final class GradientBounds {

    private final List<Bound> bounds = new ArrayList<>();

    private GradientBounds() {}

    /**
     * The bounds of a network.
     *
     * @param slots its trained parameters
     * @throws UnsupportedNetworkException if a threshold is not a positive number
     */
    static List<Bound> of(AttachableNetwork net, List<ParameterSlot> slots) {
        GradientBounds all = new GradientBounds();
        for (Layer layer : net.layers()) {
            int index = layer.getIndex();
            all.add(GraphWriter.describe(index, layer.conf().getLayer()), index, layer.getConfig(), slots);
        }
        for (GraphVertex vertex : net.vertices()) {
            String where = "Vertex '" + vertex.getVertexName() + "'";
            all.add(where, vertex.getVertexIndex(), vertex.getConfig(), slots);
        }
        return all.bounds;
    }

    private void add(String where, int index, @Nullable TrainingConfig conf, List<ParameterSlot> slots) {
        if (conf != null && conf.getGradientNormalization() != null) {
            add(
                    where,
                    conf.getGradientNormalization(),
                    conf.getGradientNormalizationThreshold(),
                    slots.stream().filter(slot -> slot.layer() == index).toList());
        }
    }

    private void add(String where, GradientNormalization kind, double threshold, List<ParameterSlot> slots) {
        switch (kind) {
            case None -> {}
            case RenormalizeL2PerLayer -> bound(slots, Norm.EUCLIDEAN, 1);
            case RenormalizeL2PerParamType -> byType(slots).forEach(type -> bound(type, Norm.EUCLIDEAN, 1));
            case ClipElementWiseAbsoluteValue -> bound(slots, Norm.LARGEST, checked(where, threshold));
            case ClipL2PerLayer -> bound(slots, Norm.EUCLIDEAN, checked(where, threshold));
            case ClipL2PerParamType ->
                byType(slots).forEach(type -> bound(type, Norm.EUCLIDEAN, checked(where, threshold)));
        }
    }

    private void bound(List<ParameterSlot> slots, Norm norm, double threshold) {
        if (!slots.isEmpty()) {
            bounds.add(new Bound(
                    slots.stream()
                            .map(slot -> new Span(slot.offset(), slot.length()))
                            .toList(),
                    norm,
                    threshold));
        }
    }

    private static double checked(String where, double threshold) {
        if (!(threshold > 0)) {
            throw new UnsupportedNetworkException(where + ": a gradientNormalizationThreshold of " + threshold
                    + " is not supported. Supported: positive numbers.");
        }
        return threshold;
    }

    /** By DL4J's names of a layer's parameters; what is one array there can be several here. */
    private static Collection<List<ParameterSlot>> byType(List<ParameterSlot> slots) {
        Map<String, List<ParameterSlot>> types = new LinkedHashMap<>();
        for (ParameterSlot slot : slots) {
            types.computeIfAbsent(slot.key(), key -> new ArrayList<>()).add(slot);
        }
        return types.values();
    }
}
