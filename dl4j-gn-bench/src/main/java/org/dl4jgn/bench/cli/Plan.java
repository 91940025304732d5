package org.dl4jgn.bench.cli;

import java.util.List;

/**
 * What {@code results} does on a problem.
 *
 * @param problem name
 * @param epochs of a run: at most 60
 * @param secondsAnEpoch of a first-order optimizer, roughly, for the estimate alone
 * @param seeds of each optimizer
 * @param rivals that are tuned
 * @param untuned rivals that are run with their defaults
 * @param passes of L-BFGS, each an evaluation of the gradient on all examples; 0 for not run
 * @param isSwept whether settings are varied
 */
record Plan(
        String problem,
        int epochs,
        double secondsAnEpoch,
        int seeds,
        List<String> rivals,
        List<String> untuned,
        int passes,
        boolean isSwept) {

    /** The kinds whose settings are varied. */
    static final List<String> SWEPT = List.of("sgn", "egn", "sgd", "adam");

    private static final List<String> FIVE = List.of("adam", "nadam", "amsgrad", "nesterovs", "sgd");
    private static final List<String> ADAM = List.of("adam");

    /** Where DL4J's own back-propagation takes ten times as long. */
    private static final List<String> COMPILED = List.of("adam-compiled");

    /** What evaluation, loading and warm-up add to the training time, roughly. */
    private static final double OVERHEAD = 1.25;

    /** An epoch of SGN or EGN in epochs of a first-order optimizer, roughly. */
    private static final double OWN = 1.5;

    /** A pass of L-BFGS in epochs of mini-batches, roughly. */
    private static final double PASS = 0.4;

    /** Values of a grid, with an extension now and then. */
    private static final double GRID = 7;

    private static final double VARIATIONS = 3;
    private static final double VARIANTS_OWN = 18;
    private static final double VARIANTS_RIVALS = 8;
    private static final double TRAINING_SHARE = 0.8;

    /** All problems. */
    static List<Plan> all() {
        return List.of(
                new Plan("boston", 60, 0.008, 5, FIVE, FIVE, 600, true),
                new Plan("sine", 60, 0.02, 5, FIVE, FIVE, 600, true),
                new Plan("sine_100", 60, 0.02, 5, FIVE, FIVE, 600, false),
                new Plan("superconduct", 60, 0.07, 5, FIVE, FIVE, 300, true),
                new Plan("california-housing", 60, 0.25, 5, FIVE, FIVE, 180, false),
                new Plan("mnist", 20, 0.5, 5, FIVE, ADAM, 0, false),
                new Plan("diamonds", 20, 0.6, 5, FIVE, ADAM, 0, false),
                new Plan("imdb", 8, 0.45, 5, FIVE, ADAM, 0, false),
                new Plan("lqr", 300, 0.0006, 5, FIVE, FIVE, 0, false),
                new Plan("cartpole", 6, 1.2, 5, List.of("adam", "sgd"), ADAM, 0, false),
                new Plan("acrobot", 6, 1.2, 5, List.of("adam", "sgd"), ADAM, 0, false),
                new Plan("char-text", 20, 5, 3, List.of("adam"), ADAM, 0, false),
                new Plan("fashion-mnist", 20, 11, 3, COMPILED, COMPILED, 0, false),
                new Plan("cifar10", 30, 12, 3, COMPILED, COMPILED, 0, false),
                new Plan("resnet20", 2, 1500, 1, List.of("adam"), ADAM, 0, false));
    }

    /** With other numbers of epochs and seeds. */
    Plan with(int otherEpochs, int otherSeeds) {
        int more = (int) Math.ceil(passes * (double) otherEpochs / epochs);
        return new Plan(problem, otherEpochs, secondsAnEpoch, otherSeeds, rivals, untuned, more, isSwept);
    }

    /** Epochs of a first-order optimizer that tuning takes, roughly. */
    double tuningEpochs(int eta, double fraction) {
        double last = Math.max(1, epochs * fraction);
        double middle = Math.max(1, last / eta);
        double first = Math.max(1, middle / eta);
        double kinds = rivals.size();
        double second = VARIATIONS * Math.max(kinds, kinds * GRID / eta);
        double third = Math.max(kinds, second / eta);
        return TRAINING_SHARE * (first * kinds * GRID + middle * second + last * third);
    }

    /** Seconds that all of it takes, roughly. */
    double seconds(int eta, double fraction, int finalists, boolean sweeps) {
        double runs =
                seeds * ((Math.min(finalists, rivals.size()) + untuned.size() + 2 * OWN) * epochs + PASS * passes);
        double swept = isSwept && sweeps ? (VARIANTS_OWN * OWN + VARIANTS_RIVALS) * epochs : 0;
        return OVERHEAD * secondsAnEpoch * (tuningEpochs(eta, fraction) + runs + swept);
    }
}
