package org.dl4jgn.bench.report;

import java.util.List;
import java.util.Optional;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.run.RunRecord;

/**
 * The value that the best rival reaches on its way, by its median run, and whether it is one to get to.
 *
 * @param value of the measure; NaN without a rival
 * @param objection why it is none; empty if it is
 */
record Target(double value, Optional<String> objection) {

    /** A loss this near that of a constant prediction has learned nothing. */
    private static final double NEAR_CONSTANT = 0.05;

    /** A run whose best moves by less in its last third is flat. */
    static final double FLAT = 0.01;

    static Target of(Optional<Group> rival, List<Group> groups, Measure measure) {
        if (rival.isEmpty()) {
            return new Target(Double.NaN, Optional.of("no rival was run"));
        }
        double value = rival.get().medianBest(measure);
        return new Target(value, objection(value, groups, measure));
    }

    private static Optional<String> objection(double value, List<Group> groups, Measure measure) {
        Double constant = groups.stream()
                .flatMap(group -> group.runs().stream())
                .map(RunRecord::constantPrediction)
                .filter(x -> x != null)
                .findFirst()
                .orElse(null);
        if (constant != null && !measure.isBetter(value, (1 - NEAR_CONSTANT) * constant)) {
            return Optional.of("within 5 % of a constant prediction's " + Figures.three(constant));
        }
        boolean isHeld = groups.stream()
                .anyMatch(group -> group.isFlat(measure)
                        && Double.isFinite(group.medianTo(measure, value, point -> point.epoch())));
        return isHeld || !measure.isLogarithmic()
                ? Optional.empty()
                : Optional.of("no optimizer that reaches it was flat at the end of its budget");
    }

    boolean isOne() {
        return objection.isEmpty();
    }
}
