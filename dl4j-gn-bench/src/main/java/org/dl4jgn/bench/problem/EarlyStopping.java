package org.dl4jgn.bench.problem;

/**
 * A part of the training data is held back, and a training ends that does not get better on it. What counts of the run then
 * is the moment at which it was best there; the test data have no part in that choice.
 *
 * @param share of the training data that is held back, from 0, which means none, to below 1
 * @param patience epochs without a lower validation loss
 */
public record EarlyStopping(double share, int patience) {

    /** All training data are trained on, to the end of the budget. */
    public static final EarlyStopping NONE = new EarlyStopping(0, 1);

    /** Checks the numbers. */
    public EarlyStopping {
        if (!(share >= 0 && share <= 0.9)) {
            throw new IllegalArgumentException("--validation is " + share + ", but must be from 0 to 0.9");
        }
        if (patience < 1) {
            throw new IllegalArgumentException("--patience is " + patience + ", but must be at least 1");
        }
    }

    /** Whether there is any. */
    public boolean isWanted() {
        return share > 0;
    }
}
