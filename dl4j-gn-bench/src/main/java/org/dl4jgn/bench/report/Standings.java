package org.dl4jgn.bench.report;

import java.util.Comparator;
import java.util.List;
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
 *
 * @param problem name
 * @param measure that decides
 * @param groups compared
 * @param rival the best of the rivals, if there are any
 * @param target what it reaches
 */
record Standings(String problem, Measure measure, List<Group> groups, Optional<Group> rival, double target) {

    static Standings of(String problem, List<RunRecord> runs) {
        return of(problem, runs, Group::isRival);
    }

    /** With some optimizers only for rivals. */
    static Standings of(String problem, List<RunRecord> runs, Predicate<Group> isRival) {
        Measure measure = runs.get(0).measures().get(0);
        List<Group> groups = Group.contenders(Group.of(runs), measure);
        Optional<Group> rival = groups.stream()
                .filter(isRival)
                .filter(group -> Double.isFinite(group.medianBest(measure)))
                .min((a, b) -> Group.compare(measure, a.medianBest(measure), b.medianBest(measure)));
        double target = rival.map(group -> group.medianBest(measure)).orElse(Double.NaN);
        return new Standings(problem, measure, groups, rival, target);
    }

    double secondsToTarget(Group group) {
        return rival.isEmpty() ? Double.NaN : group.medianTo(measure, target, Point::seconds);
    }

    double epochsToTarget(Group group) {
        return rival.isEmpty() ? Double.NaN : group.medianTo(measure, target, Point::epoch);
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

    /** Whether an optimizer of a kind gets to the target sooner than the best rival does. */
    boolean isSooner(String kind) {
        return secondsOf(kind) < secondsOfRival();
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
        return "batch " + run.batch() + ", " + run.type() + ", budget " + run.budget() + ", files: "
                + (run.files().isEmpty()
                        ? "none"
                        : run.files().stream().map(file -> file.name()).collect(Collectors.joining(", ")));
    }

    /** What there are charts of. */
    List<Measure> charted() {
        return anyRun().measures().stream().filter(m -> m != Measure.TEST_RMSE).toList();
    }
}
