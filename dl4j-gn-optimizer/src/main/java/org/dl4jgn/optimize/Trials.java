package org.dl4jgn.optimize;

import org.dl4jgn.conf.Ray;
import org.dl4jgn.linalg.Vectors;
import org.nd4j.linalg.api.buffer.DataType;

/** The loss along a step's direction, with what the step wants to know of the trials that a search made. */
final class Trials implements Ray {

    /**
     * A rise of the loss by this many units in its last place is no rise: near a minimum the differences that the search
     * compares are rounding.
     */
    private static final double ROUNDING_UNITS = 16;

    private final Line line;
    private final double loss;
    private final double slope;
    private final double rounding;

    private int evaluations;
    private double firstStep;
    private double firstValue = Double.NaN;
    private double lastStep;
    private double lastValue = Double.NaN;

    /**
     * A ray.
     *
     * @param line where; each trial moves its end
     * @param loss L(base)
     * @param lossRounding how far L can be off by the rounding of what it is computed of
     */
    Trials(Line line, double loss, double slope, double lossRounding) {
        this.line = line;
        this.loss = loss;
        this.slope = slope;
        rounding = rounding(line.base().dataType(), loss, lossRounding);
    }

    /** Differences of losses near {@code loss} below this are rounding. */
    static double rounding(DataType type, double loss, double lossRounding) {
        return ROUNDING_UNITS * unitRoundoff(type) * Math.abs(loss) + lossRounding;
    }

    static double unitRoundoff(DataType type) {
        return type == DataType.DOUBLE ? Math.ulp(1.0) : Math.ulp(1.0f);
    }

    @Override
    public double loss() {
        return loss;
    }

    @Override
    public double slope() {
        return slope;
    }

    @Override
    public double rounding() {
        return rounding;
    }

    @Override
    public double value(double step) {
        double value = line.problem().value(line.base(), step, line.delta());
        if (Double.isFinite(value)) {
            line.moveTo(step);
            // the loss can be finite where a parameter is not: units saturate
            value = Vectors.isFinite(line.next()) ? value : Double.NaN;
        }
        if (evaluations++ == 0) {
            firstStep = step;
            firstValue = value;
        }
        lastStep = step;
        lastValue = value;
        return value;
    }

    /** φ(step) of an accepted length, with the trial point there; evaluated once more if it was not the last. */
    double valueAt(double step) {
        return step == lastStep ? lastValue : value(step);
    }

    /** Whether the trial point of an accepted length is the base, to the bit; it is not changed. */
    boolean isAtBase(double step) {
        return lastValue == loss && line.isAtBase(step);
    }

    int evaluations() {
        return evaluations;
    }

    /** Whether the last trial's loss and parameters were finite. */
    boolean isLastFinite() {
        return Double.isFinite(lastValue);
    }

    /** The model's reduction of the loss by the first trial; 0 without one. */
    double predictedReduction(Direction.Proposal proposal) {
        return evaluations == 0 ? 0 : -proposal.model(firstStep);
    }

    /** actual / predicted reduction of the first trial. */
    double ratio(Direction.Proposal proposal) {
        double change = firstValue - loss;
        if (!Double.isFinite(change)) {
            return Double.NEGATIVE_INFINITY;
        }
        double predicted = proposal.model(firstStep);
        // both below rounding: nothing was predicted, nothing happened
        if (Math.abs(predicted) <= rounding && Math.abs(change) <= rounding) {
            return 1;
        }
        return predicted < 0 ? change / predicted : Double.NEGATIVE_INFINITY;
    }
}
