package org.dl4jgn.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.paper.Spread;
import org.dl4jgn.bench.problem.Measure;

/**
 * How the end of a run depends on the first setting of a kind of optimizer.
 *
 * @param kind of optimizer
 * @param setting its name
 * @param values tried
 * @param median over the runs
 * @param low over the runs
 * @param high over the runs
 * @param lost values with which most runs lost their way and have no figure
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
            double median = group.medianLast(measure);
            Spread spread = group.last(measure);
            if (Double.isFinite(median) && Double.isFinite(spread.mean())) {
                rows.add(new double[] {value, median, spread.min(), spread.max()});
            } else {
                lost.add(value);
            }
        });
        String setting =
                Optimizers.kind(kind).settings().keySet().stream().findFirst().orElse("");
        return new Robustness(kind, setting, column(rows, 0), column(rows, 1), column(rows, 2), column(rows, 3), lost);
    }

    private static double[] column(List<double[]> rows, int index) {
        return rows.stream().mapToDouble(row -> row[index]).toArray();
    }
}
