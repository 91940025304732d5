package org.dl4jgn.conf;

/**
 * Sums of what mini-batches answered to steps and of what had been promised, in which each counts by a memory less than the one after it.
 *
 * <p>A mini-batch with an outlier, whose loss is a hundred times the others', answers a hundred times as loud, and would be all that is heard for
 * as long as the memory is. So one answer, and one promise, count for no more than {@value #LIMIT} times the mean promise before it. Among
 * answers that differ by noise alone none is that large.
 *
 * @param actual sum of the answers
 * @param promised sum of the promises
 * @param weight sum of the weights; 0 before the first
 */
record Answers(double actual, double promised, double weight) {

    private static final double LIMIT = 5;

    /** The sums with another answer to another promise. */
    Answers with(double answer, double promise, double memory) {
        // of sums near zero there is no mean to speak of
        boolean isLikeOthers = promised * promise > 0;
        double most = isLikeOthers ? LIMIT * Math.abs(promised) / weight : Double.POSITIVE_INFINITY;
        return new Answers(
                memory * actual + limited(answer, most),
                memory * promised + limited(promise, most),
                memory * weight + 1);
    }

    private static double limited(double value, double most) {
        return Math.max(-most, Math.min(most, value));
    }

    /** The share of what was promised that came true. */
    double share() {
        return actual / promised;
    }
}
