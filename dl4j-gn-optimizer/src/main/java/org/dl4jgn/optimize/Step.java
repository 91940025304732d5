package org.dl4jgn.optimize;

import java.time.Duration;

/**
 * What one step did.
 *
 * @param outcome how it ended
 * @param lossBefore mean loss of the mini-batch, with l2, before the step
 * @param lossAfter the same after the step; equal to {@code lossBefore} unless accepted; not a number where a pace decides, which
 *     does not look at it
 * @param predictedReduction reduction of the loss that the quadratic model, damping included, predicts for the first
 *     trial; can be negative with momentum; 0 without a trial
 * @param reductionRatio actual / predicted reduction of the first trial; −∞ if no reduction was predicted, if its loss was
 *     not finite, or if there was no trial; 1 where both are below rounding; not a number where a pace decides
 * @param validationRatio what the last step did for this step's mini-batch: reduction of its loss / predicted reduction on
 *     the last step's own; not a number where that was not asked for or is not known
 * @param damping ρ or λ of this step, in units of the curvature of the mean loss
 * @param stepLength accepted multiple of the direction; 0 unless accepted
 * @param evaluations losses evaluated by the line search, of all tries
 * @param solve how the direction was found
 * @param gradientNorm ‖g‖₂
 * @param directionNorm ‖Δ‖₂
 * @param rejectionsInARow steps rejected or invalid in a row, this one included; each try of a damping counts
 * @param tookBack whether the step before was taken back, because of what it did for this step's mini-batch or because nothing
 *     can be computed where it led
 * @param moves whether the parameters are to become {@link GaussNewtonStep#next()}: if it was accepted, or if the step
 *     before is taken back
 * @param times how long it took
 */
public record Step(
        Outcome outcome,
        double lossBefore,
        double lossAfter,
        double predictedReduction,
        double reductionRatio,
        double validationRatio,
        double damping,
        double stepLength,
        int evaluations,
        Solve solve,
        double gradientNorm,
        double directionNorm,
        int rejectionsInARow,
        boolean tookBack,
        boolean moves,
        Times times)
        implements StepOutcome {

    /**
     * Wall time by phase.
     *
     * @param linearize forward pass, loss and gradient
     * @param direction linear solver
     * @param search line search and decision
     */
    public record Times(Duration linearize, Duration direction, Duration search) {

        static Times ofNanos(long linearize, long direction, long search) {
            return new Times(Duration.ofNanos(linearize), Duration.ofNanos(direction), Duration.ofNanos(search));
        }
    }

    /** Whether it counts towards the rejections in a row. */
    public boolean isFailure() {
        return outcome == Outcome.REJECTED || outcome == Outcome.INVALID;
    }
}
