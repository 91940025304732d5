package org.dl4jgn.plan;

/** Arguments of an operation other than arrays. */
record Arguments(long[] integers, double[] reals, boolean[] flags) {

    static final Arguments NONE = new Arguments(new long[0], new double[0], new boolean[0]);

    static Arguments reals(double... reals) {
        return new Arguments(NONE.integers, reals, NONE.flags);
    }

    static Arguments integers(long... integers) {
        return new Arguments(integers, NONE.reals, NONE.flags);
    }
}
