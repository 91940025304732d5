package org.dl4jgn.translate;

import java.util.Arrays;

/** The sizes of a batch's features do not go through the network's layers. */
public final class GeometryException extends IllegalArgumentException {

    private final transient long[] expected;
    private final transient long[] actual;
    private final boolean ofVector;

    GeometryException(String message) {
        this(message, new long[0], new long[0]);
    }

    /** Where a layer needs vectors of a certain length. */
    static GeometryException length(long expected, long actual) {
        return new GeometryException(
                "vectors of " + expected + " elements are needed, got " + actual,
                new long[] {expected},
                new long[] {actual},
                true);
    }

    /** Where a layer needs so many channels at each position. */
    static GeometryException channels(long expected, long actual) {
        return new GeometryException(
                expected + " channels are needed, got " + actual, new long[] {expected}, new long[] {actual}, true);
    }

    /**
     * Where a layer has parameters or outputs for another input; the sizes are sums, so that larger inputs have larger ones.
     */
    static GeometryException made(String what, long expected, long actual, Object type) {
        return new GeometryException(
                "it was made for another input: its " + what + " have other sizes for " + type,
                new long[] {expected},
                new long[] {actual},
                true);
    }

    private GeometryException(String message, long[] expected, long[] actual) {
        this(message, expected, actual, false);
    }

    private GeometryException(String message, long[] expected, long[] actual, boolean ofVector) {
        super(message);
        this.ofVector = ofVector;
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
        return new GeometryException(layer + ": " + getMessage(), expected, actual, ofVector);
    }

    /** Sizes that are needed; empty if the trouble is another. */
    long[] expected() {
        return ofVector ? new long[0] : expected;
    }

    /** How many elements a vector, or channels a position, has too few, or zero. */
    long lacking() {
        return ofVector ? Math.max(0, expected[0] - actual[0]) : 0;
    }

    /** Sizes that are there instead. */
    long[] actual() {
        return ofVector ? new long[0] : actual;
    }
}
