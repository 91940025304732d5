package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.dl4jgn.ops.Rows;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Several batches as one, for layers that share their parameters, and back. An example of the network is then several of
 * those layers', which do not lie in a row, so that no rows of the Jacobian are formed of these: see {@link
 * GraphWriter#affine}.
 */
final class StackTranslators {

    private StackTranslators() {}

    /** All examples of the first input, then all of the second, ... */
    static Activations stack(StackVertex vertex, List<Activations> inputs, GraphWriter writer) {
        Activations first = inputs.get(0);
        writer.refuseSteps(first);
        boolean masked = first.mask() != null;
        for (Activations input : inputs) {
            if (masked != (input.mask() != null)) {
                throw writer.unsupported("a mask of features in some of its inputs", Set.of("masks in all or none"));
            }
            if (!Arrays.equals(input.shape(), first.shape()) || input.batch() != first.batch()) {
                throw new GeometryException("inputs of equal shapes are needed, got examples of shapes "
                        + Arrays.toString(first.shape()) + " and " + Arrays.toString(input.shape())
                        + " (channels last)");
            }
            Formats.require(first.channelsFirst(), input, writer);
        }
        Activations stacked = Activations.of(
                writer.graph(),
                stacked(writer, inputs, Activations::variable),
                inputs.size() * first.batch(),
                first.channelsFirst(),
                first.shape());
        return masked
                ? stacked.of(Sequences.NONE.masked(stacked(writer, inputs, x -> Objects.requireNonNull(x.mask()))))
                : stacked;
    }

    private static SDVariable stacked(
            GraphWriter writer, List<Activations> inputs, Function<Activations, SDVariable> what) {
        return inputs.get(0).isOutline() || inputs.size() == 1
                ? what.apply(inputs.get(0))
                : writer.graph().concat(0, inputs.stream().map(what).toArray(SDVariable[]::new));
    }

    /** One of the batches in a stack. */
    static Activations unstack(UnstackVertex vertex, List<Activations> inputs, GraphWriter writer) {
        Activations x = inputs.get(0);
        writer.refuseSteps(x);
        long examples = x.batch() / vertex.getStackSize();
        if (vertex.getFrom() >= vertex.getStackSize() || examples * vertex.getStackSize() != x.batch()) {
            throw new GeometryException("part " + vertex.getFrom() + " of " + vertex.getStackSize() + " of " + x.batch()
                    + " examples is none");
        }
        if (x.isOutline()) {
            return x;
        }
        long[] shape = x.matrixShape();
        long rows = shape[0] / vertex.getStackSize();
        SDVariable part = Rows.of(writer.graph(), x.variable(), vertex.getFrom() * rows, rows, shape);
        Activations result = Activations.of(writer.graph(), part, examples, x.channelsFirst(), x.shape());
        SDVariable mask = x.mask();
        return mask == null
                ? result
                : result.of(Sequences.NONE.masked(
                        Rows.of(writer.graph(), mask, vertex.getFrom() * rows, rows, shape[0], 1)));
    }
}
