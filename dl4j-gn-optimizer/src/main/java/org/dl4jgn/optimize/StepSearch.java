package org.dl4jgn.optimize;

import java.util.List;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.optimize.Direction.Proposal;
import org.dl4jgn.optimize.StepOutcome.Outcome;
import org.dl4jgn.problem.Point;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Decides what becomes of a direction: whether there is anything to gain along it, and how far to go.
 *
 * @param rule how far
 * @param line where
 * @param point the problem at θ, with the curvature that the direction is from
 */
record StepSearch(LineSearch rule, Line line, Point point) {

    /**
     * What came of a direction.
     *
     * @param step the accepted length, or 0
     * @param loss the loss there, or at the base
     * @param predicted reduction that the model predicts for the first trial
     * @param ratio actual / predicted reduction of the first trial
     * @param isTooShort whether the direction promises something, but is so short that no parameter changed
     * @param remembered what the next search is to know
     */
    record Verdict(
            Outcome outcome,
            double step,
            double loss,
            double predicted,
            double ratio,
            int evaluations,
            boolean isTooShort,
            List<Double> remembered) {}

    Verdict decide(Proposal proposal, double directionNorm, double learningRate, List<Double> remembered) {
        if (!Double.isFinite(directionNorm) || !Double.isFinite(proposal.descent())) {
            return without(Outcome.INVALID);
        }
        if (!proposal.usable()) {
            return without(Outcome.REJECTED);
        }
        if (directionNorm == 0 || learningRate == 0) {
            return without(Outcome.CONVERGED);
        }
        Trials trials = new Trials(line, point.value(), proposal.descent(), point.rounding());
        LineSearch.Decision found = rule.search(trials, learningRate, remembered);
        double value = found.step() > 0 ? trials.valueAt(found.step()) : Double.NaN;
        double predicted = trials.predictedReduction(proposal);
        double ratio = trials.ratio(proposal);
        int evaluations = trials.evaluations();
        boolean isAcceptable = Double.isFinite(value);
        if (isAcceptable && !trials.isAtBase(found.step())) {
            return new Verdict(
                    Outcome.ACCEPTED, found.step(), value, predicted, ratio, evaluations, false, found.remembered());
        }
        if (!trials.isLastFinite()) {
            return new Verdict(Outcome.INVALID, 0, point.value(), predicted, ratio, evaluations, false, List.of());
        }
        boolean gainsNothing = gainsNothing(proposal, trials.rounding());
        // a search that went all the way back found nothing on its way
        boolean isTooShort = isAcceptable && evaluations == 1 && !gainsNothing;
        return new Verdict(
                isTooShort || gainsNothing ? Outcome.CONVERGED : Outcome.REJECTED,
                0,
                point.value(),
                predicted,
                ratio,
                evaluations,
                isTooShort,
                List.of());
    }

    /**
     * Goes a length that was decided on before, without looking at the loss there: it is not a number in the verdict, as is the
     * ratio.
     *
     * @param norm ‖θ‖₂ of what is trained
     */
    Verdict follow(Proposal proposal, double directionNorm, double length, double norm) {
        if (!Double.isFinite(directionNorm) || !Double.isFinite(proposal.slope())) {
            return without(Outcome.INVALID);
        }
        if (!proposal.usable()) {
            return without(isBelowArithmetic() ? Outcome.CONVERGED : Outcome.REJECTED);
        }
        if (directionNorm == 0 || length == 0) {
            return without(Outcome.CONVERGED);
        }
        line.moveTo(length);
        if (!Vectors.isFinite(line.next())) {
            return without(Outcome.INVALID);
        }
        // a move of more than a unit in the last place of the whole vector changes some element
        boolean isSeen =
                length * directionNorm > Trials.unitRoundoff(line.base().dataType()) * norm;
        if (!isSeen && line.isAtBase(length)) {
            return without(Outcome.CONVERGED);
        }
        return new Verdict(
                Outcome.ACCEPTED, length, Double.NaN, -proposal.model(length), Double.NaN, 0, false, List.of());
    }

    /**
     * Whether products of three numbers of the gradient's size underflow: the solver can compute nothing then, and there is
     * nothing to gain.
     */
    private boolean isBelowArithmetic() {
        double least = line.base().dataType() == DataType.DOUBLE ? Double.MIN_NORMAL : Float.MIN_NORMAL;
        return Vectors.normInf(point.gradient()) < Math.cbrt(least);
    }

    private Verdict without(Outcome outcome) {
        return new Verdict(outcome, 0, point.value(), 0, Double.NEGATIVE_INFINITY, 0, false, List.of());
    }

    /**
     * Whether the quadratic model without damping gains no more than rounding: at its minimum along Δ, (gᵀΔ)²/(2ΔᵀHΔ); nor,
     * since with momentum Δ can be at right angles to g, along −g, which costs a product. With damping every step would gain
     * nothing in the end, because rejected steps raise it.
     */
    private boolean gainsNothing(Proposal proposal, double rounding) {
        INDArray g = point.gradient();
        double damping = proposal.solve().damping() * Vectors.dot(line.delta(), line.delta());
        if (!gainsAtMost(rounding, proposal.slope(), proposal.curvature() - damping)) {
            return false;
        }
        point.gaussNewton().apply(g, line.next());
        return gainsAtMost(rounding, Vectors.dot(g, g), Vectors.dot(g, line.next()));
    }

    private static boolean gainsAtMost(double bound, double slope, double curvature) {
        return slope == 0 || slope * slope <= 2 * curvature * bound;
    }
}
