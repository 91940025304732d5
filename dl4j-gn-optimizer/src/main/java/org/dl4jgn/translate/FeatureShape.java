package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A shape in which a network takes an example.
 *
 * @param sizes as DL4J has them; {@link #FREE} for those that the network does not determine
 * @param channelsFirst whether channels come before positions
 */
public record FeatureShape(long[] sizes, boolean channelsFirst) {

    /** A size that is as large as the features have it. */
    public static final long FREE = -1;

    /** Vectors of {@code n} elements. */
    static FeatureShape vector(long n) {
        return new FeatureShape(new long[] {n}, true);
    }

    /** Arrays of the given positions. */
    static FeatureShape of(boolean channelsFirst, long channels, long... positions) {
        int n = positions.length;
        long[] sizes = new long[n + 1];
        System.arraycopy(positions, 0, sizes, channelsFirst ? 1 : 0, n);
        sizes[channelsFirst ? 0 : n] = channels;
        return new FeatureShape(sizes, channelsFirst);
    }

    /** Number of sizes that the network does not determine. */
    int freeSizes() {
        return (int) LongStream.of(sizes).filter(size -> size == FREE).count();
    }

    /** The shape of an example with the given sizes in place of the free ones. */
    long[] with(long... free) {
        long[] shape = sizes.clone();
        for (int i = 0, next = 0; i < shape.length; i++) {
            if (shape[i] == FREE) {
                shape[i] = free[next++];
            }
        }
        return shape;
    }

    /** The same of as many channels as there are. */
    FeatureShape withFreeChannels() {
        long[] free = sizes.clone();
        free[channelsFirst ? 0 : free.length - 1] = FREE;
        return new FeatureShape(free, channelsFirst);
    }

    /** Whether an example of this shape is one of these. */
    boolean matches(long... example) {
        if (example.length != sizes.length) {
            return false;
        }
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] != FREE && sizes[i] != example[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FeatureShape shape
                && Arrays.equals(sizes, shape.sizes)
                && channelsFirst == shape.channelsFirst;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(sizes);
    }

    /** The shape of a batch, for messages. */
    @Override
    public String toString() {
        return LongStream.of(sizes)
                .mapToObj(size -> size == FREE ? "any" : String.valueOf(size))
                .collect(Collectors.joining(", ", "[batch, ", "]"));
    }
}
