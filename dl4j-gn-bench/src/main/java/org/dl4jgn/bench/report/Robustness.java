package org.dl4jgn.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.paper.Spread;
import org.dl4jgn.bench.problem.Measure;

/**
 * How the end of a run depends on the first setting of a kind of optimizer. What ends no better than it started, or has no
 * figure at all, counts as having stayed where it started.
 *
 * @param kind of optimizer
 * @param setting its name
 * @param values tried
 * @param median over the runs
 * @param low over the runs
 * @param high over the runs
 * @param lost values with which the median run ends no better than it started
 */
record Robustness(
        String kind, String setting, double[] values, double[] median, double[] low, double[] high, List<Double> lost) {

    private static final int FEWEST_VALUES = 3;

    static List<Robustness> of(List<Group> groups, Measure measure) {
        Map<String, TreeMap<Double, Group>> byKind = new LinkedHashMap<>();
        for (Group group : groups) {
            value(group.optimizer())
                    .ifPresent(value -> byKind.computeIfAbsent(group.kind(), k -> new TreeMap<>())
                            .put(value, group));
        }
        List<Robustness> families = new ArrayList<>();
        byKind.forEach((kind, byValue) -> {
            if (byValue.size() >= FEWEST_VALUES) {
                families.add(family(kind, byValue, measure));
            }
        });
        return families;
    }

    /** The value of the first setting where it alone is written: 10 in sgn:10. */
    private static OptionalDouble value(String optimizer) {
        try {
            return OptionalDouble.of(Double.parseDouble(optimizer.substring(optimizer.indexOf(':') + 1)));
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    private static Robustness family(String kind, TreeMap<Double, Group> byValue, Measure measure) {
        List<double[]> rows = new ArrayList<>();
        List<Double> lost = new ArrayList<>();
        byValue.forEach((value, group) -> {
            double start = group.runs().get(0).curve().get(0).value(measure);
            double[] ends = group.figures(run -> {
                double end = run.last().value(measure);
                return Double.isFinite(end) && !measure.isBetter(start, end) ? end : start;
            });
            double median = new Median().evaluate(ends);
            Spread spread = Spread.of(ends);
            rows.add(new double[] {value, median, spread.min(), spread.max()});
            if (median == start) {
                lost.add(value);
            }
        });
        String setting =
                Optimizers.kind(kind).settings().keySet().stream().findFirst().orElse("");
        return new Robustness(kind, setting, column(rows, 0), column(rows, 1), column(rows, 2), column(rows, 3), lost);
    }

    /** The worst median over the best. */
    double worstOverBest() {
        double min = Arrays.stream(median).min().orElse(Double.NaN);
        double max = Arrays.stream(median).max().orElse(Double.NaN);
        return max / min;
    }

    private static double[] column(List<double[]> rows, int index) {
        return rows.stream().mapToDouble(row -> row[index]).toArray();
    }
}
