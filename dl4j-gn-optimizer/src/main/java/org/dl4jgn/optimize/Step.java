package org.dl4jgn.optimize;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What happened in one step, filled in as it happens; the public report is made of it. */
public final class Step {

    /** How a step ended. */
    public enum Verdict {
        /** The parameters moved. */
        ACCEPTED,
        /** No trial step was acceptable; the parameters are what they were. */
        REJECTED,
        /** A number of the direction or of the last trial was not finite; the parameters are what they were. */
        INVALID
    }

    public int iteration;
    public int epoch;
    public Verdict verdict = Verdict.INVALID;
    public double lossBefore;
    public double lossAfter;
    public double predictedReduction;
    public double ratio;
    public double validation;
    public double damping;
    public double stepLength;
    public int evaluations;

    @Nullable
    Solve solver;

    /** Differences of the loss below this come of rounding in the outputs. */
    double lossRounding;

    public double gradientNorm;
    public double directionNorm;
    public int rejectionsInARow;
    public long linearizeNanos;
    public long directionNanos;
    public long searchNanos;
    public long totalNanos;

    public Step() {}

    /** How the direction was found; known once a step was taken. */
    public Solve solve() {
        return Objects.requireNonNull(solver, "the step was not taken");
    }
}
