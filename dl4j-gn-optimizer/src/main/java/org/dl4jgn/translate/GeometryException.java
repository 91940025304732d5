package org.dl4jgn.translate;

import java.util.Arrays;

/** The sizes of a batch's features do not go through the network's layers. */
public final class GeometryException extends IllegalArgumentException {

    private final transient long[] expected;
    private final transient long[] actual;

    GeometryException(String message) {
        this(message, new long[0], new long[0]);
    }

    private GeometryException(String message, long[] expected, long[] actual) {
        super(message);
        this.expected = expected;
        this.actual = actual;
    }

    /** Where a layer needs certain sizes, without channels. */
    static GeometryException sizes(long[] expected, long[] actual) {
        return new GeometryException(
                "sizes " + Arrays.toString(expected) + " are needed, got " + Arrays.toString(actual), expected, actual);
    }

    /** The same with a layer's name in front. */
    GeometryException in(String layer) {
        return new GeometryException(layer + ": " + getMessage(), expected, actual);
    }

    /** Sizes that are needed; empty if the trouble is another. */
    long[] expected() {
        return expected;
    }

    /** Sizes that are there instead. */
    long[] actual() {
        return actual;
    }
}
