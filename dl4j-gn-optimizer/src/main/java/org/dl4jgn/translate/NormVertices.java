package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.dl4jgn.ops.IndexMap;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Euclidean norms of examples. A norm is at least ε, where DL4J bounds its derivative alone: at the kink of the norm, where
 * there is none, it is zero here.
 */
final class NormVertices {

    /** DL4J's default for distances, of which it does not tell another. */
    private static final double EPSILON = 1e-8;

    private NormVertices() {}

    /** ‖a − b‖ of each example, [b, 1]. */
    static Activations distance(L2Vertex vertex, List<Activations> inputs, GraphWriter writer) {
        Activations a = inputs.get(0);
        Activations b = inputs.get(1);
        if (!Arrays.equals(a.shape(), b.shape()) || a.channelsFirst() != b.channelsFirst()) {
            throw new GeometryException("two inputs of equal shapes are needed");
        }
        if (a.isOutline()) {
            return a.with(a.variable(), 1);
        }
        SDVariable difference = examples(a).sub(examples(b));
        SDVariable squares = squares(difference, a, EPSILON, writer.graph());
        return a.with(writer.graph().math().pow(squares, 0.5), 1).renamed(true);
    }

    /** x/‖x‖ of each example. */
    static Activations normalize(L2NormalizeVertex vertex, List<Activations> inputs, GraphWriter writer) {
        Activations x = inputs.get(0);
        int[] dimensions = vertex.getDimension();
        boolean whole = dimensions == null
                || dimensions.length == 0
                || Arrays.equals(
                        dimensions, IntStream.rangeClosed(1, x.shape().length).toArray());
        if (!whole) {
            throw writer.unsupported(
                    "a norm along some dimensions of an example", Set.of("that of the whole example, the default"));
        }
        if (x.isOutline()) {
            return x;
        }
        SameDiff graph = writer.graph();
        SDVariable values = examples(x);
        SDVariable inverse = graph.math().pow(squares(values, x, vertex.getEps(), graph), -0.5);
        SDVariable copies = graph.constant(Nd4j.ones(x.type(), 1, x.length()));
        return x.with(values.mul(graph.mmul(inverse, copies)), x.length())
                .moved(() -> IndexMap.identity(x.length()), x.shape())
                .renamed(x.channelsFirst());
    }

    /** [b, n]. */
    private static SDVariable examples(Activations x) {
        return x.picked(() -> IndexMap.identity(x.length()), x.batch(), x.length());
    }

    /** max(Σx², ε²), [b, 1]. */
    private static SDVariable squares(SDVariable x, Activations like, double eps, SameDiff graph) {
        SDVariable ones = graph.constant(Nd4j.ones(like.type(), like.length(), 1));
        SDVariable floor = graph.constant(
                Nd4j.valueArrayOf(new long[] {like.batch(), 1}, Math.max(eps * eps, 1e-30), like.type()));
        return graph.math().max(floor, graph.mmul(x.mul(x), ones));
    }
}
