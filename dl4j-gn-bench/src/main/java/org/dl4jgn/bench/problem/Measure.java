package org.dl4jgn.bench.problem;

/** What is measured of a training. */
public enum Measure {
    /** Mean over the mini-batches of the epoch so far of the loss before the step. */
    TRAIN_LOSS("train loss", true, true),
    /** Mean loss of the examples that are held back for early stopping. */
    VALIDATION_LOSS("validation loss", true, true),
    /** Mean loss of the test examples. */
    TEST_LOSS("test loss", true, true),
    /** Root of the mean squared error of the test examples, in units of the data. */
    TEST_RMSE("test RMSE", true, true),
    /** Share of test examples whose class is right. */
    TEST_ACCURACY("test accuracy", false, false),
    /** Mean total reward of an episode played without random actions. */
    EPISODE_RETURN("return", false, false),
    /** Relative distance to a known optimum. */
    DISTANCE("distance to the optimum", true, true),
    /** Relative excess over a known least cost. */
    COST_GAP("cost above the least", true, true);

    private final String label;
    private final boolean lowerIsBetter;
    private final boolean logarithmic;

    Measure(String label, boolean lowerIsBetter, boolean logarithmic) {
        this.label = label;
        this.lowerIsBetter = lowerIsBetter;
        this.logarithmic = logarithmic;
    }

    /** For tables and axes. */
    public String label() {
        return label;
    }

    /** Whether it is to fall. */
    public boolean isLowerBetter() {
        return lowerIsBetter;
    }

    /** Whether charts show it on a logarithmic axis. */
    public boolean isLogarithmic() {
        return logarithmic;
    }

    /** Whether {@code a} is better than {@code b}; a number is better than none. */
    public boolean isBetter(double a, double b) {
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return !Double.isNaN(a);
        }
        return lowerIsBetter ? a < b : a > b;
    }
}
