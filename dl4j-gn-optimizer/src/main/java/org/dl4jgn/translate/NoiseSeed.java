package org.dl4jgn.translate;

/** Seeds of what is drawn in one iteration, never zero: ND4J's generator takes the clock's time in place of a zero. */
public final class NoiseSeed {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private NoiseSeed() {}

    /** A function of the network's seed and the iteration. */
    public static long of(long seed, int iteration) {
        return notZero(seed * GOLDEN + iteration);
    }

    /**
     * The seed of one draw of an iteration.
     *
     * @param ofIteration the iteration's
     * @param slot the number of what is drawn
     * @param block the number of a block of examples, or 0
     */
    public static long of(long ofIteration, int slot, long block) {
        return notZero(mixed(mixed(ofIteration + GOLDEN * (slot + 1)) + GOLDEN * (block + 1)));
    }

    /** The finalizer of splitmix64: neighbours get seeds that have nothing to do with each other. */
    private static long mixed(long z) {
        long once = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long twice = (once ^ (once >>> 27)) * 0x94D049BB133111EBL;
        return twice ^ (twice >>> 31);
    }

    private static long notZero(long seed) {
        return seed == 0 ? GOLDEN : seed;
    }
}
