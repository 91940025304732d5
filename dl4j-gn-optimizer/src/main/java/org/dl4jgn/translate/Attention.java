package org.dl4jgn.translate;

import java.util.Set;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * An attention with its parameters, as DL4J's layers have it: queries, keys and values are projected to each head by Wq, Wk and Wv,
 * and what the heads see is projected to the output by Wo; or none of it is.
 */
final class Attention {

    private final GraphWriter writer;
    private final Shape shape;

    /**
     * What it is made of.
     *
     * @param projected whether there are projections; else there is one head, and queries are as wide as keys
     * @param headSize numbers of a head
     * @param out numbers that come out, where there are projections
     */
    record Shape(boolean projected, int heads, long headSize, long out) {

        /** Numbers that come out, of values of so many. */
        long width(long values) {
            return projected ? out : values;
        }
    }

    /** The projections of an attention: variables of the graph, all null where there are none. */
    record Projections(
            @Nullable SDVariable query,
            @Nullable SDVariable key,
            @Nullable SDVariable value,
            @Nullable SDVariable out) {}

    Attention(GraphWriter writer, Shape shape) {
        this.writer = writer;
        this.shape = shape;
    }

    /** Refuses what DL4J ignores on layers of SameDiff operations, and takes sequences with their channels first only. */
    static void check(SameDiffLayer layer, long channels, Activations input, GraphWriter writer) {
        if (layer.getIDropout() != null) {
            writer.refuse("dropout of an attention layer", Set.of("a DropoutLayer before it"));
        }
        requireSequence(channels, input, writer);
    }

    /** Makes sure of sequences of so many channels, before the steps in DL4J. */
    static void requireSequence(long channels, Activations input, GraphWriter writer) {
        input.requireSteps(writer);
        Formats.require(true, input, writer);
        if (input.channels() != channels) {
            throw GeometryException.channels(channels, input.channels());
        }
    }

    /** Declares the projections, if there are any. */
    Projections declare(long queries, long keys, long values) {
        if (!shape.projected) {
            return new Projections(null, null, null, null);
        }
        long width = shape.heads * shape.headSize;
        return new Projections(
                toHeads("Wq", queries, width),
                toHeads("Wk", keys, width),
                toHeads("Wv", values, width),
                writer.parameter("Wo", width, shape.out));
    }

    /** DL4J has it as [heads, head's size, numbers]. */
    private SDVariable toHeads(String key, long numbers, long width) {
        return writer.parameter(key, ParameterLayout.columns(numbers, width), numbers, width);
    }

    /** Projects the steps of an array. */
    AttentionWriter.Steps project(AttentionWriter.Steps x, @Nullable SDVariable weights) {
        return weights == null
                ? x
                : new AttentionWriter.Steps(product(x.rows(), weights, x.steps()), x.steps(), shape.headSize);
    }

    /** Rows times a parameter, of which rows of the Jacobian are formed. */
    SDVariable product(SDVariable rows, SDVariable weights, long steps) {
        SDVariable result = writer.graph().mmul(rows, weights);
        writer.affine(rows, weights, null, result, steps);
        return result;
    }

    /**
     * What projected queries see of projected keys and values, projected to the output: [b·steps of the queries, width].
     *
     * @param mask which steps of keys and values are there, [b·steps, 1]; null for all
     */
    SDVariable write(
            long batch,
            AttentionWriter.Steps queries,
            AttentionWriter.Steps keys,
            AttentionWriter.Steps values,
            @Nullable SDVariable out,
            @Nullable SDVariable mask) {
        SDVariable seen = new AttentionWriter(writer.graph(), batch, shape.heads).write(queries, keys, values, mask);
        return out == null ? seen : product(seen, out, queries.steps());
    }

    /** The same with the projections of what it is all made of. */
    SDVariable attend(
            long batch,
            AttentionWriter.Steps queries,
            AttentionWriter.Steps keys,
            AttentionWriter.Steps values,
            Projections by,
            @Nullable SDVariable mask) {
        return write(
                batch,
                project(queries, by.query()),
                project(keys, by.key()),
                project(values, by.value()),
                by.out(),
                mask);
    }

    /** The rows of sequences. */
    static AttentionWriter.Steps stepsOf(Activations x) {
        return new AttentionWriter.Steps(x.variable(), x.shape()[0], x.channels());
    }
}
