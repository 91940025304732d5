package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.dl4jgn.ops.IndexMap;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Arrays one after the other along a dimension. Along the channels, the usual case, that is matrices side by side; along
 * another it is examples side by side, with their elements put into order.
 */
final class MergeTranslator implements VertexTranslator<MergeVertex> {

    @Override
    public Activations translate(MergeVertex vertex, List<Activations> inputs, GraphWriter writer) {
        Activations first = inputs.get(0);
        if (inputs.size() == 1) {
            return first;
        }
        int axis = axis(vertex.getMergeAxis(), first, writer);
        inputs.forEach(input -> Formats.require(first.channelsFirst(), input, writer));
        long[] shape = shape(inputs, axis);
        if (first.isOutline()) {
            return first.with(first.variable(), shape);
        }
        if (axis == shape.length - 1) {
            SDVariable sideBySide = writer.graph()
                    .concat(1, inputs.stream().map(Activations::variable).toArray(SDVariable[]::new));
            return first.with(sideBySide, shape).of(first.sequences().ofAny(inputs));
        }
        inputs.forEach(writer::refuseMask);
        SDVariable[] examples = inputs.stream()
                .map(input -> input.picked(() -> IndexMap.identity(input.length()), input.batch(), input.length()))
                .toArray(SDVariable[]::new);
        long length = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return first.with(writer.graph().concat(1, examples), length).moved(() -> ordered(inputs, axis, shape), shape);
    }

    /** The dimension of our arrays, channels last. */
    private static int axis(int inNetwork, Activations like, GraphWriter writer) {
        int rank = like.shape().length;
        if (rank > 3 || inNetwork < 1 || inNetwork > rank) {
            throw writer.unsupported(
                    "merging arrays of rank " + (rank + 1) + " along dimension " + inNetwork,
                    Set.of("ranks 2, 3 and 4, which DL4J itself trains, along any dimension but the examples"));
        }
        if (rank > 1 && like.channelsFirst()) {
            return inNetwork == 1 ? rank - 1 : inNetwork - 2;
        }
        return inNetwork - 1;
    }

    private static long[] shape(List<Activations> inputs, int axis) {
        long[] result = inputs.get(0).shape();
        for (Activations input : inputs.subList(1, inputs.size())) {
            long[] next = input.shape();
            if (next.length != result.length) {
                throw mismatch(inputs);
            }
            for (int i = 0; i < next.length; i++) {
                if (i != axis && next[i] != result[i]) {
                    throw mismatch(inputs);
                }
            }
            result[axis] += next[axis];
        }
        return result;
    }

    private static GeometryException mismatch(List<Activations> inputs) {
        return new GeometryException("inputs that differ in one dimension only are needed, got examples of shapes "
                + inputs.stream().map(input -> Arrays.toString(input.shape())).toList() + " (channels last)");
    }

    /** Elements of examples side by side in the order of the merged array. */
    private static IndexMap ordered(List<Activations> inputs, int axis, long[] shape) {
        int inner = 1;
        for (int i = axis + 1; i < shape.length; i++) {
            inner *= (int) shape[i];
        }
        int length = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        int[] sources = new int[length];
        int offset = 0;
        int at = 0;
        for (Activations input : inputs) {
            int own = (int) input.shape()[axis] * inner;
            for (int i = 0; i < input.length(); i++) {
                sources[i / own * (int) shape[axis] * inner + at + i % own] = offset + i;
            }
            offset += (int) input.length();
            at += own;
        }
        return IndexMap.of(sources, length);
    }
}
