package org.dl4jgn.translate;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PoolHelperVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;

/**
 * The vertices of computation graphs that can be translated, each with its translator; layers have theirs in {@link
 * LayerTranslators}.
 *
 * <p>A vertex is found by its exact class: a subclass may compute something else, so it is refused until it is registered.
 */
public final class VertexTranslators {

    private static final Map<Class<? extends GraphVertex>, VertexTranslator<?>> BUILT_IN = Map.ofEntries(
            entry(AttentionVertex.class, new AttentionVertexTranslator()),
            entry(ElementWiseVertex.class, new ElementWiseTranslator()),
            entry(MergeVertex.class, new MergeTranslator()),
            entry(SubsetVertex.class, MovingVertices::subset),
            entry(StackVertex.class, StackTranslators::stack),
            entry(UnstackVertex.class, StackTranslators::unstack),
            entry(ScaleVertex.class, (vertex, inputs, writer) -> {
                Activations x = inputs.get(0);
                return x.with(x.variable().mul(vertex.getScaleFactor()));
            }),
            entry(ShiftVertex.class, (vertex, inputs, writer) -> {
                Activations x = inputs.get(0);
                return x.with(x.variable().add(vertex.getShiftFactor()));
            }),
            entry(ReshapeVertex.class, MovingVertices::reshape),
            entry(PoolHelperVertex.class, MovingVertices::poolHelper),
            entry(PreprocessorVertex.class, (vertex, inputs, writer) -> {
                if (vertex.getPreProcessor() == null) {
                    throw writer.unsupported("no preprocessor (null)", Set.of("a preprocessor"));
                }
                return PreprocessorTranslator.translate(vertex.getPreProcessor(), inputs.get(0), writer);
            }),
            entry(FrozenVertex.class, (vertex, inputs, writer) -> {
                inputs.forEach(input -> FrozenTranslator.requireConstant(input, writer));
                return writer.frozen()
                        .write(() ->
                                of(vertex.getUnderlying(), writer).translate(vertex.getUnderlying(), inputs, writer));
            }),
            entry(L2Vertex.class, NormVertices::distance),
            entry(L2NormalizeVertex.class, NormVertices::normalize),
            entry(LastTimeStepVertex.class, MovingVertices::lastTimeStep),
            entry(DuplicateToTimeSeriesVertex.class, MovingVertices::duplicate),
            entry(ReverseTimeSeriesVertex.class, MovingVertices::reverse));

    private static final Map<Class<? extends GraphVertex>, VertexTranslator<?>> REGISTERED = new ConcurrentHashMap<>();

    private static <V extends GraphVertex> Map.Entry<Class<? extends GraphVertex>, VertexTranslator<?>> entry(
            Class<V> vertex, VertexTranslator<? super V> translator) {
        return Map.entry(vertex, translator);
    }

    private VertexTranslators() {}

    /**
     * Makes graphs with a vertex of one's own trainable, in this process; to be called before {@code attach}.
     *
     * @param vertex the class of its configuration, exactly: subclasses are registered on their own
     * @param translator writes it; operations that are new to the library need tangent rules
     * @throws IllegalArgumentException if the class has a translator already
     */
    public static <V extends GraphVertex> void register(Class<V> vertex, VertexTranslator<? super V> translator) {
        if (BUILT_IN.containsKey(vertex) || REGISTERED.putIfAbsent(vertex, translator) != null) {
            throw new IllegalArgumentException("Vertex " + vertex.getName() + " has a translator already, "
                    + (BUILT_IN.containsKey(vertex) ? "the library's" : "registered before")
                    + "; register a class that has none");
        }
    }

    /**
     * The translator of a vertex.
     *
     * @throws UnsupportedNetworkException if there is none
     */
    @SuppressWarnings("unchecked") // the maps pair each class with a translator of it
    static VertexTranslator<GraphVertex> of(GraphVertex vertex, GraphWriter writer) {
        VertexTranslator<?> translator = Optional.<VertexTranslator<?>>ofNullable(BUILT_IN.get(vertex.getClass()))
                .orElse(REGISTERED.get(vertex.getClass()));
        if (translator == null) {
            throw writer.unsupported("this vertex type (" + vertex.getClass().getName() + ")", names());
        }
        return (VertexTranslator<GraphVertex>) translator;
    }

    /** The library's, then those that were registered. */
    private static Set<String> names() {
        return Stream.concat(
                        Stream.of("LayerVertex"),
                        Stream.of(BUILT_IN, REGISTERED)
                                .flatMap(map -> map.keySet().stream()
                                        .map(Class::getSimpleName)
                                        .sorted()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
