package org.dl4jgn.optimize;

import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.curvature.NetworkProblem;
import org.dl4jgn.linalg.Vectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Step length by backtracking: decides, and leaves θ of the linearized network at the last trial point. */
final class Backtracking {

    /**
     * A rise of the loss by this many units in its last place is no rise: near a minimum the differences that the search
     * compares are rounding.
     */
    private static final double ROUNDING_UNITS = 16;

    private Backtracking() {}

    /**
     * What a search found.
     *
     * @param accepted whether a trial was accepted; if so θ is there
     * @param finite whether the loss and the parameters of the last trial were finite
     * @param step its length α
     * @param loss its loss
     * @param evaluations number of trials
     * @param tooShort whether the accepted trial was so short that it violates Goldstein's condition
     * @param ratio actual / predicted reduction of the first trial; −∞ if its loss was not finite, 1 for no prediction
     */
    record Outcome(
            boolean accepted,
            boolean finite,
            double step,
            double loss,
            int evaluations,
            boolean tooShort,
            double ratio) {}

    static Outcome search(
            NetworkProblem at,
            INDArray base,
            double loss,
            double lossRounding,
            INDArray delta,
            Direction.Proposal proposal,
            double firstStep,
            LineSearch rule) {
        double slack = ROUNDING_UNITS * unitRoundoff(base.dataType()) * Math.abs(loss) + lossRounding;
        double step = firstStep;
        double ratio = 1;
        for (int evaluations = 1; ; evaluations++) {
            double trial = at.evaluateAt(base, step, delta);
            if (evaluations == 1) {
                ratio = ratio(trial - loss, proposal.model(step), slack);
            }
            double allowed = loss + rule.sufficientDecrease() * step * proposal.descent() + slack;
            boolean low = Double.isFinite(trial) && (!rule.requireDecrease() || trial <= allowed);
            // the loss can be finite where a parameter is not: units saturate
            boolean finite = Double.isFinite(trial) && (!low || Vectors.isFinite(at.theta()));
            boolean accepted = low && finite;
            if (accepted || evaluations > rule.maxShrinks()) {
                double longest = loss + (1 - rule.sufficientDecrease()) * step * proposal.descent();
                return new Outcome(accepted, finite, step, trial, evaluations, trial < longest, ratio);
            }
            step *= rule.shrink();
        }
    }

    private static double ratio(double change, double predicted, double slack) {
        if (!Double.isFinite(change)) {
            return Double.NEGATIVE_INFINITY;
        }
        // both below rounding: nothing was predicted, nothing happened
        if (Math.abs(predicted) <= slack && Math.abs(change) <= slack) {
            return 1;
        }
        return predicted < 0 ? change / predicted : Double.NEGATIVE_INFINITY;
    }

    private static double unitRoundoff(DataType type) {
        return type == DataType.DOUBLE ? Math.ulp(1.0) : Math.ulp(1.0f);
    }
}
