package org.dl4jgn.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.paper.Spread;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.run.Point;
import org.dl4jgn.bench.run.RunRecord;

/**
 * Runs that differ in their seed only.
 *
 * @param optimizer with its settings
 * @param runs at least one
 */
record Group(String optimizer, List<RunRecord> runs) {

    private static final int MOST_OF_A_KIND = 4;

    /** For tables: a dash where there is none. */
    static String name(Optional<Group> group) {
        return group.map(Group::title).orElse("–");
    }

    /** Those of a problem, of the type and batch size that most runs have, so that all can be compared. */
    static List<Group> of(List<RunRecord> runs) {
        record Setting(Object type, int batch) {}
        Map<Setting, List<RunRecord>> bySetting = new LinkedHashMap<>();
        for (RunRecord run : runs) {
            if (run.curve().size() > 1) {
                bySetting
                        .computeIfAbsent(new Setting(run.type(), run.batch()), s -> new ArrayList<>())
                        .add(run);
            }
        }
        Map<String, List<RunRecord>> byOptimizer = new LinkedHashMap<>();
        bySetting.values().stream()
                .max(Comparator.comparingInt(List::size))
                .ifPresent(most -> most.forEach(run -> byOptimizer
                        .computeIfAbsent(run.optimizer(), o -> new ArrayList<>())
                        .add(run)));
        return byOptimizer.entrySet().stream()
                .map(entry -> new Group(entry.getKey(), List.copyOf(entry.getValue())))
                .toList();
    }

    /**
     * The ones to compare: of each kind that with tuned settings and that without settings, else the best few.
     */
    static List<Group> contenders(List<Group> groups, Measure measure) {
        Map<String, List<Group>> byKind = new LinkedHashMap<>();
        groups.forEach(group ->
                byKind.computeIfAbsent(group.kind(), k -> new ArrayList<>()).add(group));
        List<Group> chosen = new ArrayList<>();
        byKind.forEach((kind, all) -> {
            List<Group> named = all.stream()
                    .filter(group -> group.isTuned() || group.optimizer.equals(kind))
                    .toList();
            if (!named.isEmpty()) {
                chosen.addAll(named);
            } else {
                all.stream()
                        .sorted((a, b) -> compare(measure, a.medianBest(measure), b.medianBest(measure)))
                        .limit(MOST_OF_A_KIND)
                        .forEach(chosen::add);
            }
        });
        return chosen;
    }

    /** Negative if {@code a} is better. */
    static int compare(Measure measure, double a, double b) {
        return measure.isBetter(a, b) ? -1 : measure.isBetter(b, a) ? 1 : 0;
    }

    String kind() {
        return runs.get(0).kind();
    }

    boolean isRival() {
        return Optimizers.kind(kind()).isRival();
    }

    boolean isTuned() {
        return runs.stream().anyMatch(RunRecord::tuned);
    }

    /** Whether it is a rival that could be tuned and was not: what users have who tune nothing. */
    boolean isUntuned() {
        return isRival() && !isTuned() && !Optimizers.kind(kind()).grid().isEmpty();
    }

    /** For tables and legends: what it is, and where its settings come from. */
    String title() {
        return optimizer.replace("schedule=", "").replace(",", ", ").replace(":", " ")
                + (isTuned() ? ", tuned" : isUntuned() && optimizer.equals(kind()) ? ", untuned" : "");
    }

    /** Median over the runs of what their best moves by in their last thirds. */
    double movement(Measure measure) {
        return median(figures(run -> run.movement(measure)));
    }

    /** Whether it had flattened at the end of its budget. */
    boolean isFlat(Measure measure) {
        return movement(measure) < Target.FLAT;
    }

    /** The worst of the runs at their ends; what is not a number is the worst there is. */
    double worstLast(Measure measure) {
        return Arrays.stream(figures(run -> run.result().value(measure)))
                .boxed()
                .reduce((a, b) -> measure.isBetter(a, b) ? b : a)
                .orElse(Double.NaN);
    }

    /** Over the runs, at their ends. */
    Spread last(Measure measure) {
        return Spread.of(figures(run -> run.result().value(measure)));
    }

    double medianLast(Measure measure) {
        return median(figures(run -> run.result().value(measure)));
    }

    /** Of an even number of runs, the worse of the middle two, so that more than half are as good; NaN if most have none. */
    double medianBest(Measure measure) {
        return runs.stream()
                .map(run -> run.best(measure))
                .sorted((a, b) -> compare(measure, a, b))
                .skip(runs.size() / 2)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** Median over the runs of {@code x} where a measure first is as good as a target; infinite if most do not get there. */
    double medianTo(Measure measure, double target, ToDoubleFunction<Point> x) {
        return median(figures(
                run -> run.reaches(measure, target).map(x::applyAsDouble).orElse(Double.POSITIVE_INFINITY)));
    }

    /** How many runs get as good as a target. */
    long reaching(Measure measure, double target) {
        return runs.stream()
                .filter(run -> run.reaches(measure, target).isPresent())
                .count();
    }

    /** Mean time of a step. */
    double stepMillis() {
        return Arrays.stream(figures(run ->
                        1e3 * run.last().seconds() / Math.max(1, run.last().step())))
                .average()
                .orElse(Double.NaN);
    }

    /** Runs that did not end by their budget. */
    long lost() {
        return runs.stream().filter(run -> !run.isWhole()).count();
    }

    double[] figures(ToDoubleFunction<RunRecord> figure) {
        return runs.stream().mapToDouble(figure).toArray();
    }

    /** What is not a number counts as infinite; so does the middle of a finite and an infinite figure. */
    private static double median(double[] figures) {
        double[] sorted = Arrays.stream(figures)
                .map(x -> Double.isNaN(x) ? Double.POSITIVE_INFINITY : x)
                .sorted()
                .toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
