package org.dl4jgn.translate;

/** The seed of what is drawn in one iteration. */
public final class NoiseSeed {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private NoiseSeed() {}

    /**
     * A function of the network's seed and the iteration, never zero: ND4J's generator takes the clock's time in place of a
     * zero.
     */
    public static long of(long seed, int iteration) {
        long mixed = seed * GOLDEN + iteration;
        return mixed == 0 ? GOLDEN : mixed;
    }
}
