package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.deeplearning4j.nn.conf.graph.PoolHelperVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.dl4jgn.ops.IndexMap;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;

/** The vertices that only move an example's elements: each is an {@link IndexMap}. */
final class MovingVertices {

    private MovingVertices() {}

    /** Some channels of each position, both ends included; in DL4J the second dimension, whatever that is. */
    static Activations subset(SubsetVertex vertex, List<Activations> inputs, GraphWriter writer) {
        Activations x = inputs.get(0);
        if (!x.channelsFirst() && x.spatialRank() > 0) {
            throw writer.unsupported(
                    "a subset of arrays with channels last, which in DL4J is one of positions,",
                    Set.of("channels first"));
        }
        int from = vertex.getFrom();
        int count = vertex.getTo() - from + 1;
        int channels = (int) x.channels();
        if (from < 0 || count < 1 || vertex.getTo() >= channels) {
            throw new GeometryException("channels " + from + " to " + vertex.getTo() + " are needed, got " + channels);
        }
        long[] shape = x.shape();
        shape[shape.length - 1] = count;
        return moved(x, i -> i / count * channels + from + i % count, shape);
    }

    /** The elements of an example, as DL4J has them in memory, in another shape. */
    static Activations reshape(ReshapeVertex vertex, List<Activations> inputs, GraphWriter writer) {
        Activations x = inputs.get(0);
        int[] wanted = vertex.getNewShape();
        if (vertex.getReshapeOrder() != 'c' || wanted.length < 2) {
            throw writer.unsupported(
                    "reshaping in order '" + vertex.getReshapeOrder() + "' to " + Arrays.toString(wanted),
                    Set.of("order 'c' to 2 dimensions or more, the first of which counts examples"));
        }
        long[] example = example(wanted, x);
        if (example.length == 1) {
            return x.moved(x::toNetworkOrder, example).renamed(true);
        }
        long[] shape = new long[example.length];
        System.arraycopy(example, 1, shape, 0, example.length - 1);
        shape[example.length - 1] = example[0];
        return x.moved(() -> x.toNetworkOrder().then(Activations.fromNetworkOrder(true, shape)), shape)
                .renamed(true);
    }

    /** The shape of an example in DL4J's order, with a −1 filled in. */
    private static long[] example(int[] wanted, Activations x) {
        long[] shape = Arrays.stream(wanted).skip(1).asLongStream().toArray();
        long known = 1;
        int open = -1;
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] == -1) {
                open = i;
            } else {
                known *= shape[i];
            }
        }
        if (open >= 0 && x.length() % known == 0) {
            shape[open] = x.length() / known;
            known = x.length();
        }
        if (known != x.length() || wanted[0] != -1 && x.batch() > 0 && wanted[0] != x.batch()) {
            throw new GeometryException("examples of " + x.length() + " elements in batches of " + x.batch()
                    + " do not have the shape " + Arrays.toString(wanted));
        }
        return shape;
    }

    /** Images without their first row and column. */
    static Activations poolHelper(PoolHelperVertex vertex, List<Activations> inputs, GraphWriter writer) {
        Activations x = inputs.get(0);
        x.requirePositions(2, writer);
        Formats.require(true, x, writer);
        long[] shape = x.shape();
        if (shape[0] < 2 || shape[1] < 2) {
            throw new GeometryException("nothing is left of an image of " + shape[0] + " × " + shape[1]);
        }
        int width = (int) shape[1];
        int channels = (int) shape[2];
        int row = (width - 1) * channels;
        return moved(
                x,
                i -> ((i / row + 1) * width + i % row / channels + 1) * channels + i % channels,
                shape[0] - 1,
                shape[1] - 1,
                channels);
    }

    /** The last step of a sequence, or the last that is there of an input of the network. */
    static Activations lastTimeStep(LastTimeStepVertex vertex, List<Activations> inputs, GraphWriter writer) {
        Activations x = sequence(inputs.get(0), writer);
        return SequenceMoves.last(x.of(x.sequences().masked(maskOf(vertex.getMaskArrayInputName(), x, writer))));
    }

    /** The mask of an input of the network, for sequences that are as long; null for none. */
    private static @Nullable SDVariable maskOf(@Nullable String input, Activations x, GraphWriter writer) {
        if (input == null) {
            return null;
        }
        Activations features = writer.networkInput(input);
        if (features.mask() != null && (features.shape()[0] != x.shape()[0] || features.batch() != x.batch())) {
            throw new GeometryException("the mask of '" + input + "' has " + features.shape()[0]
                    + " steps, the sequences have " + x.shape()[0]);
        }
        return features.mask();
    }

    /** A sequence whose steps are all the same, as long as that of an input of the network. */
    static Activations duplicate(DuplicateToTimeSeriesVertex vertex, List<Activations> inputs, GraphWriter writer) {
        Activations x = inputs.get(0);
        writer.refuseSteps(x);
        x.requireVector(x.length(), writer);
        Activations like = sequence(writer.networkInput(vertex.getInputName()), writer);
        int channels = (int) x.channels();
        return moved(x, i -> i % channels, like.shape()[0], channels)
                .of(x.sequences().masked(like.mask()));
    }

    /** A sequence from its last step to its first; masked steps of an input of the network are passed over, and become zero. */
    static Activations reverse(ReverseTimeSeriesVertex vertex, List<Activations> inputs, GraphWriter writer) {
        Activations x = sequence(inputs.get(0), writer);
        @Nullable SDVariable mask = maskOf(vertex.getMaskArrayInputName(), x, writer);
        if (mask != null && !x.isOutline()) {
            return x.with(MaskedReversal.write(writer.graph(), x, mask));
        }
        int channels = (int) x.channels();
        int last = (int) (x.length() - x.channels());
        // the mask stays as it is, as in DL4J
        return moved(x, i -> last - i / channels * channels + i % channels, x.shape());
    }

    private static Activations sequence(Activations x, GraphWriter writer) {
        x.requirePositions(1, writer);
        Formats.require(true, x, writer);
        return x;
    }

    private static Activations moved(Activations x, IntUnaryOperator source, long... shape) {
        return x.moved(
                () -> {
                    int[] sources = new int[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
                    Arrays.setAll(sources, source);
                    return IndexMap.of(sources, x.length());
                },
                shape);
    }
}
