package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The shape of a mini-batch, for which a graph is translated and compiled.
 *
 * @param size b, the number of examples
 * @param examples for each input of the model the shape of an example's features, as DL4J has it
 * @param masked the inputs whose features come with a mask, by index
 * @param padded whether the masked steps are there to make sequences longer and for nothing else, so that every layer obeys the
 *     masks: DL4J's LSTM runs on through others
 */
public record BatchShape(long size, List<List<Long>> examples, Set<Integer> masked, boolean padded) {

    public BatchShape {
        examples = examples.stream().map(List::copyOf).toList();
        masked = Set.copyOf(masked);
    }

    /** A batch of sequences as they are. */
    public BatchShape(long size, List<List<Long>> examples, Set<Integer> masked) {
        this(size, examples, masked, false);
    }

    /** A batch without masks of features. */
    public static BatchShape of(long size, long[]... examples) {
        return new BatchShape(
                size,
                Arrays.stream(examples)
                        .map(e -> LongStream.of(e).boxed().toList())
                        .toList(),
                Set.of());
    }

    /** The same for another number of examples. */
    public BatchShape ofSize(long examples) {
        return new BatchShape(examples, this.examples, masked, padded);
    }

    /** Number of inputs of the model. */
    public int inputs() {
        return examples.size();
    }

    /** The shape of an example of an input, as DL4J has it. */
    public long[] example(int input) {
        return examples.get(input).stream().mapToLong(Long::longValue).toArray();
    }

    /** Number of elements of an example of an input. */
    public long length(int input) {
        return examples.get(input).stream().reduce(1L, (a, b) -> a * b);
    }
}
