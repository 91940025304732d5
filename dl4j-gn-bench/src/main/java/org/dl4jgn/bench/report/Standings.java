package org.dl4jgn.bench.report;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.run.Point;
import org.dl4jgn.bench.run.RunRecord;

/**
 * Who won on a problem. The target is the best value that any rival reaches on its way, by its median run; then it counts
 * how soon each optimizer's median run gets there, in seconds and in epochs, and how good the median run is at its end.
 * Rivals are those that were tuned; where none was, all. L-BFGS on all examples, which has nothing to tune and whose budget is
 * another, stands beside them.
 *
 * @param problem name
 * @param measure that decides
 * @param groups compared
 * @param rival the best of the rivals, if there are any
 * @param goal what it reaches, and whether that is one to get to
 */
record Standings(String problem, Measure measure, List<Group> groups, Optional<Group> rival, Target goal) {

    static Standings of(String problem, List<RunRecord> runs) {
        boolean anyTuned = runs.stream().anyMatch(RunRecord::tuned);
        return of(problem, runs, group -> anyTuned ? group.isTuned() : group.isRival());
    }

    /** With what users have who tune nothing for rivals. */
    static Standings againstUntuned(String problem, List<RunRecord> runs) {
        return of(problem, runs, group -> group.isUntuned() && group.optimizer().equals(group.kind()));
    }

    /** With some optimizers only for rivals. */
    static Standings of(String problem, List<RunRecord> runs, Predicate<Group> isRival) {
        Measure measure = runs.get(0).measures().get(0);
        List<Group> groups = Group.contenders(Group.of(runs), measure);
        Optional<Group> rival = groups.stream()
                .filter(isRival)
                .filter(group -> Double.isFinite(group.medianBest(measure)))
                .min((a, b) -> Group.compare(measure, a.medianBest(measure), b.medianBest(measure)));
        return new Standings(problem, measure, groups, rival, Target.of(rival, groups, measure));
    }

    /** What the best rival reaches. */
    double target() {
        return goal.value();
    }

    /** The measure of the end: the accuracy where there is one, else the one that decides. */
    Measure finalMeasure() {
        return anyRun().measures().contains(Measure.TEST_ACCURACY) ? Measure.TEST_ACCURACY : measure;
    }

    /** Whether a group's median run ends worse than the worst of the best rival's runs. */
    boolean isFinalWorse(Group group) {
        Measure end = finalMeasure();
        return rival.filter(best -> end.isBetter(best.worstLast(end), group.medianLast(end)))
                .isPresent();
    }

    /** What this library's optimizer of a kind comes to against the best rival. */
    Outcome outcome(String kind) {
        Optional<Group> own = own(kind);
        if (own.isEmpty() || rival.isEmpty()) {
            return Outcome.NOT_RUN;
        }
        return goal.isOne()
                ? Outcome.of(secondsToTarget(own.get()), secondsOfRival(), isFinalWorse(own.get()))
                : Outcome.NO_TARGET;
    }

    /** The best rival's time over that of this library's optimizer of a kind: above 1 if the latter is sooner; else NaN. */
    double factor(String kind) {
        double seconds = secondsOf(kind);
        return Double.isFinite(seconds) ? secondsOfRival() / seconds : Double.NaN;
    }

    double secondsToTarget(Group group) {
        return rival.isEmpty() ? Double.NaN : group.medianTo(measure, target(), Point::seconds);
    }

    double epochsToTarget(Group group) {
        return rival.isEmpty() ? Double.NaN : group.medianTo(measure, target(), Point::epoch);
    }

    Optional<Group> byTime() {
        return first(this::secondsToTarget);
    }

    Optional<Group> byEpochs() {
        return first(this::epochsToTarget);
    }

    private Optional<Group> first(ToDoubleFunction<Group> figure) {
        return groups.stream()
                .filter(group -> Double.isFinite(figure.applyAsDouble(group)))
                .min(Comparator.comparingDouble(figure));
    }

    Optional<Group> byQuality() {
        return groups.stream()
                .filter(group -> Double.isFinite(group.medianLast(measure)))
                .min((a, b) -> Group.compare(measure, a.medianLast(measure), b.medianLast(measure)));
    }

    /** This library's optimizer of a kind that gets to the target first, or any. */
    Optional<Group> own(String kind) {
        return groups.stream()
                .filter(group -> group.kind().equals(kind))
                .min(Comparator.comparingDouble(this::secondsToTarget));
    }

    /** Median seconds of the best rival to its best; NaN if there is none. */
    double secondsOfRival() {
        return rival.map(this::secondsToTarget).orElse(Double.NaN);
    }

    /** Median seconds to the target of this library's optimizer of a kind; NaN if it does not get there. */
    double secondsOf(String kind) {
        return own(kind).map(this::secondsToTarget).orElse(Double.NaN);
    }

    /** A run, for what all have in common. */
    RunRecord anyRun() {
        return groups.get(0).runs().get(0);
    }

    /** What all runs have in common, in words. */
    String protocol() {
        RunRecord run = anyRun();
        String flat = rival.map(best -> "; the best rival, " + best.title() + ", "
                        + (best.isFlat(measure)
                                ? "had flattened: its best moves by " + percent(best) + " in the last third"
                                : "was not flat at the end: its best moves by " + percent(best) + " in the last third"))
                .orElse("");
        return "batch " + run.batch() + ", " + run.type() + ", budget " + run.budget() + ", files: "
                + (run.files().isEmpty()
                        ? "none"
                        : run.files().stream().map(file -> file.name()).collect(Collectors.joining(", ")))
                + flat;
    }

    private String percent(Group group) {
        double movement = group.movement(measure);
        return Double.isFinite(movement) ? String.format(Locale.ROOT, "%.1f %%", 100 * movement) : "an unknown amount";
    }

    /** What there are charts of. */
    List<Measure> charted() {
        return anyRun().measures().stream()
                .filter(m -> m != Measure.TEST_RMSE && m != Measure.VALIDATION_LOSS)
                .toList();
    }
}
