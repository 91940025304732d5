package org.dl4jgn.translate;

import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.dl4jgn.translate.Attention.Projections;
import org.dl4jgn.translate.Attention.Shape;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Attention of queries to keys and values of other sequences: inputs 0, 1 and 2. A step of keys and values is there where neither is
 * masked; where a query is masked, what it sees is zero, and it stays masked.
 */
final class AttentionVertexTranslator implements VertexTranslator<AttentionVertex> {

    @Override
    public Activations translate(AttentionVertex vertex, List<Activations> inputs, GraphWriter writer) {
        if (inputs.size() != 3) {
            throw writer.unsupported(inputs.size() + " inputs", Set.of("3: queries, keys, values"));
        }
        Activations queries = inputs.get(0);
        Activations keys = inputs.get(1);
        Activations values = inputs.get(2);
        Attention.requireSequence(vertex.getNInQueries(), queries, writer);
        Attention.requireSequence(vertex.getNInKeys(), keys, writer);
        Attention.requireSequence(vertex.getNInValues(), values, writer);
        if (keys.shape()[0] != values.shape()[0]) {
            throw new GeometryException("as many keys as values are needed, got " + keys.shape()[0] + " and "
                    + values.shape()[0] + " steps");
        }
        Shape shape = new Shape(vertex.isProjectInput(), vertex.getNHeads(), vertex.getHeadSize(), vertex.getNOut());
        Attention attention = new Attention(writer, shape);
        Projections by = attention.declare(queries.channels(), keys.channels(), values.channels());
        long steps = queries.shape()[0];
        long width = shape.width(values.channels());
        if (queries.isOutline()) {
            return queries.with(queries.variable(), steps, width);
        }
        SDVariable seen = attention.attend(
                queries.batch(),
                Attention.stepsOf(queries),
                Attention.stepsOf(keys),
                Attention.stepsOf(values),
                by,
                both(keys.mask(), values.mask()));
        return queries.with(seen, steps, width).masked();
    }

    private static @Nullable SDVariable both(@Nullable SDVariable a, @Nullable SDVariable b) {
        if (a == null || b == null || a.name().equals(b.name())) {
            return a == null ? b : a;
        }
        return a.mul(b);
    }
}
