package org.dl4jgn.translate;

import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A running mean or variance of batch normalization, or the centers of a center loss: in DL4J a parameter, but not one that is
 * trained. No direction moves it; with each step it takes in what the batch says.
 *
 * @param slot its place among the parameters
 * @param kind what it is, and how it is kept
 * @param decay the share of the old value in the new one
 * @param ofBatch the batch's mean or variance, [1, channels], or what it takes from the centers
 */
public record RunningStatistic(ParameterSlot slot, Kind kind, double decay, SDVariable ofBatch) {

    /** Of a channel that is the same everywhere, whose logarithm would be −∞ and no parameter of a network. */
    private static final double SMALLEST_VARIANCE = 1e-30;

    /** What a statistic is, and how it is kept. */
    public enum Kind {
        /** A mean. */
        MEAN,
        /** A variance. */
        VARIANCE,
        /** A variance v as log₁₀√v. */
        LOG10_OF_DEVIATION,
        /** What is reduced by what the batch says after the step. */
        REDUCED
    }

    /**
     * The value after a step.
     *
     * <p>DL4J has it as decay·old + (1 − decay)·batch, which lags ten steps behind the weights where steps are long: a
     * variance that a step made a hundred times smaller is still remembered at its old size, and the network that is
     * evaluated is not the one that is trained. So the old value goes along with the step first, as this batch's own did: a
     * mean moves by as much, a variance shrinks by the same factor or grows by as much. And a new network's statistics are the
     * average of the batches until there are so many that the decay forgets the first, in place of a memory of the 0 and 1
     * that they start from. Later, and for a step of length zero, this is DL4J's value.
     *
     * @param iteration steps before this one
     * @param old the value before the step
     * @param before the batch's own before the step
     * @param after the batch's own after it
     */
    public double next(int iteration, double old, double before, double after) {
        double kept = Math.min(decay, iteration / (iteration + 1.0));
        return switch (kind) {
            case MEAN -> mix(kept, old + (after - before), after);
            case VARIANCE -> mix(kept, moved(old, before, after), after);
            case LOG10_OF_DEVIATION -> {
                double variance = mix(kept, moved(Math.pow(10, 2 * old), before, after), after);
                yield Math.log10(Math.max(SMALLEST_VARIANCE, variance)) / 2;
            }
            case REDUCED -> old - after;
        };
    }

    private static double moved(double old, double before, double after) {
        return after < before ? old * (after / before) : old + (after - before);
    }

    private static double mix(double kept, double old, double batch) {
        return kept * old + (1 - kept) * batch;
    }
}
