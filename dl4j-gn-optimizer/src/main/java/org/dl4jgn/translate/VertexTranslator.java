package org.dl4jgn.translate;

import java.util.List;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/**
 * Writes one kind of vertex of a DL4J computation graph, in training mode, as SameDiff operations that have tangent rules.
 *
 * @param <V> the vertex's configuration
 */
@FunctionalInterface
public interface VertexTranslator<V extends GraphVertex> {

    /**
     * Writes the vertex. Called with no examples ({@link Activations#isOutline}) it says what shape comes out; its operations
     * are not run then.
     *
     * @param vertex its settings; those that are not supported have to be refused, see {@link GraphWriter#unsupported}
     * @param inputs what it reads, at least one
     * @return its output
     * @throws UnsupportedNetworkException if a setting of the vertex is not supported
     * @throws GeometryException if the inputs' sizes do not go through the vertex
     */
    Activations translate(V vertex, List<Activations> inputs, GraphWriter writer);
}
