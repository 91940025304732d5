package org.dl4jgn.bench.report;

/**
 * What a comparison by time with the best rival comes to. The first that holds:
 *
 * <ul>
 *   <li>{@link #NO_TARGET}: there is nothing to get to, see {@link Target}.
 *   <li>{@link #NOT_RUN}: one of the two was not run.
 *   <li>{@link #LOSS}: the target is not reached, or the final value is worse than the rival's, by more than its seeds'
 *       spread.
 *   <li>{@link #WIN}: the time is at most 0.9 of the rival's.
 *   <li>{@link #TIE}: it is within that factor of the rival's.
 *   <li>{@link #LOSS}: it is longer.
 * </ul>
 */
enum Outcome {
    WIN("win"),
    TIE("tie"),
    LOSS("loss"),
    NO_TARGET("no target"),
    NOT_RUN("not run");

    /** A time that is this part of another is shorter, beyond what chance does. */
    private static final double SHORTER = 0.9;

    private final String word;

    Outcome(String word) {
        this.word = word;
    }

    /** For tables. */
    String word() {
        return word;
    }

    /**
     * By time, with the final value not to be worse.
     *
     * @param seconds to the target; infinite if it is not reached
     * @param theirs of the rival
     * @param isFinalWorse whether the final value is worse than the rival's, beyond its spread
     */
    static Outcome of(double seconds, double theirs, boolean isFinalWorse) {
        if (!Double.isFinite(seconds) || isFinalWorse) {
            return LOSS;
        }
        return seconds <= SHORTER * theirs ? WIN : SHORTER * seconds <= theirs ? TIE : LOSS;
    }
}
