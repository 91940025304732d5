package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.List;
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
        for (Activations input : inputs) {
            if (!Arrays.equals(input.shape(), first.shape()) || input.batch() != first.batch()) {
                throw new GeometryException("inputs of equal shapes are needed, got examples of shapes "
                        + Arrays.toString(first.shape()) + " and " + Arrays.toString(input.shape())
                        + " (channels last)");
            }
            Formats.require(first.channelsFirst(), input, writer);
        }
        SDVariable rows = first.isOutline() || inputs.size() == 1
                ? first.variable()
                : writer.graph()
                        .concat(0, inputs.stream().map(Activations::variable).toArray(SDVariable[]::new));
        return Activations.of(
                writer.graph(), rows, inputs.size() * first.batch(), first.channelsFirst(), first.shape());
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
        return Activations.of(writer.graph(), part, examples, x.channelsFirst(), x.shape());
    }
}
