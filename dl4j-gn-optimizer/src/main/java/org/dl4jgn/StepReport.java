package org.dl4jgn;

import java.time.Duration;
import java.util.Locale;
import org.dl4jgn.optimize.Solve;
import org.dl4jgn.optimize.Step;
import org.dl4jgn.optimize.StepOutcome;

/**
 * What one training step did.
 *
 * @param iteration DL4J's iteration count before the step
 * @param epoch DL4J's epoch count
 * @param outcome how it ended, and whether the parameters moved
 * @param lossBefore mean loss of the mini-batch, with l2, before the step; where the step before is taken back, at the
 *     parameters that it began with
 * @param lossAfter the same after the step; equal to {@code lossBefore} unless accepted; not a number where a pace decides on
 *     the length, which looks at the next mini-batch instead ({@code validationRatio})
 * @param predictedReduction reduction of the loss that the quadratic model, damping included, predicts for the first
 *     trial; can be negative with momentum; 0 without a trial
 * @param reductionRatio actual / predicted reduction of the first trial; −∞ if no reduction was predicted, if its loss
 *     was not finite, or if there was no trial; 1 where both are below rounding; not a number where a pace
 *     decides
 * @param validationRatio what the last step did for this step's mini-batch, which it had not seen: reduction of its loss /
 *     predicted reduction on the last step's own; not a number where the damping rule does not ask for it, in the first step,
 *     and after a rejected one
 * @param damping ρ or λ of this step, in units of the curvature of the mean loss
 * @param stepLength accepted multiple of the direction; 0 unless accepted
 * @param lineSearchEvaluations losses evaluated by the line search, of all the dampings that the step tried
 * @param solver what solved the linear system: {@code GRAM_CHOLESKY}, the matrix of the batch's outputs, {@code
 *     PARAMETER_CHOLESKY}, that of the parameters, {@code CONJUGATE_GRADIENTS}, {@code ROW_CONJUGATE_GRADIENTS}, the same iterations
 *     in coordinates of the batch's outputs where that is less work, or the name that a solver of one's own has; {@code NONE} where the step before is taken back
 * @param systemSize rows of the matrix that was factored, or unknowns of the iteration
 * @param dampingRaises how often the damping had to be raised within the step, because a pivot of the matrix was not
 *     positive; {@code damping} is the raised one
 * @param solverIterations iterations of the linear solver; for a factorization in float32 the corrections by products with
 *     H that followed it, for one in float64 0
 * @param solverResidual ‖(H + ρI)Δ + h‖∞ where the solver ended; not a number for a factorization in float64,
 *     which is not tested, and for {@code ROW_CONJUGATE_GRADIENTS}, whose {@code solverEnding} has the 2-norm
 * @param solverEnding why it ended
 * @param gradientNorm ‖g‖₂
 * @param directionNorm ‖Δ‖₂
 * @param rejectionsInARow steps rejected or invalid in a row, this one included; each try of a damping counts
 * @param tookBack whether the step before was taken back: the loss of this step's mini-batch had risen by too much with it, or
 *     nothing can be computed where it led
 * @param linearizeTime forward pass, loss and gradient
 * @param directionTime linear solver
 * @param searchTime line search and decision
 * @param totalTime the whole step, listeners' callbacks before the update included
 */
public record StepReport(
        int iteration,
        int epoch,
        Outcome outcome,
        double lossBefore,
        double lossAfter,
        double predictedReduction,
        double reductionRatio,
        double validationRatio,
        double damping,
        double stepLength,
        int lineSearchEvaluations,
        String solver,
        long systemSize,
        int dampingRaises,
        int solverIterations,
        double solverResidual,
        String solverEnding,
        double gradientNorm,
        double directionNorm,
        int rejectionsInARow,
        boolean tookBack,
        Duration linearizeTime,
        Duration directionTime,
        Duration searchTime,
        Duration totalTime)
        implements StepOutcome {

    /** lossBefore − lossAfter. */
    public double actualReduction() {
        return lossBefore - lossAfter;
    }

    static StepReport of(int iteration, int epoch, Step step, Duration total) {
        Solve solve = step.solve();
        return new StepReport(
                iteration,
                epoch,
                step.outcome(),
                step.lossBefore(),
                step.lossAfter(),
                step.predictedReduction(),
                step.reductionRatio(),
                step.validationRatio(),
                step.damping(),
                step.stepLength(),
                step.evaluations(),
                solve.solver(),
                solve.size(),
                solve.raises(),
                solve.iterations(),
                solve.residualNorm(),
                solve.ending(),
                step.gradientNorm(),
                step.directionNorm(),
                step.rejectionsInARow(),
                step.tookBack(),
                step.times().linearize(),
                step.times().direction(),
                step.times().search(),
                total);
    }

    /** One line for a log. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "step %d (epoch %d) %s: loss %.6g -> %.6g, ratio %.3g, damping %.3g, step length %.3g after %d"
                        + " evaluations, %s of size %d, %d iterations (%s), |g| %.3g, |Δ| %.3g, %.2f ms",
                iteration,
                epoch,
                outcome,
                lossBefore,
                lossAfter,
                reductionRatio,
                damping,
                stepLength,
                lineSearchEvaluations,
                solver,
                systemSize,
                solverIterations,
                solverEnding,
                gradientNorm,
                directionNorm,
                totalTime.toNanos() / 1e6);
    }
}
