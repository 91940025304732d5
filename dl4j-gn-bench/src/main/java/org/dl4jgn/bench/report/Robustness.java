package org.dl4jgn.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.dl4jgn.bench.optimizer.OptimizerKind;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.optimizer.Sweep;
import org.dl4jgn.bench.paper.Spread;
import org.dl4jgn.bench.problem.Measure;

/**
 * How the end of a run depends on one setting of a kind of optimizer, by the same factors of its default for all. What ends no
 * better than it started, or has no figure at all, counts as having stayed where it started.
 *
 * @param kind of optimizer
 * @param setting its name
 * @param values factors of the default; 1 is the default itself
 * @param median over the runs
 * @param low over the runs
 * @param high over the runs
 * @param lost factors with which the median run ends no better than it started
 */
record Robustness(
        String kind, String setting, double[] values, double[] median, double[] low, double[] high, List<Double> lost) {

    /** What the figures are, in sentences. */
    static final String LEGEND =
            "Worst over best of the final values, by medians, with one setting at 0.01, 0.1, 1, 10 and"
                    + " 100 times its default, the others at theirs: the same factors for all settings of all optimizers. (k, the"
                    + " iterations of SGN, cannot be less than 1, and a hundred times as many are a hundred times the work: 0.1, 1 and"
                    + " 10 times.) In brackets how many of these end no better than they start.";

    private static final int FEWEST_VALUES = 3;

    static List<Robustness> of(List<Group> groups, Measure measure) {
        Map<String, Group> byName = new LinkedHashMap<>();
        groups.forEach(group -> byName.put(group.optimizer(), group));
        List<Robustness> families = new ArrayList<>();
        for (OptimizerKind kind : Optimizers.kinds()) {
            for (Sweep sweep : Sweep.of(kind)) {
                TreeMap<Double, Group> byFactor = new TreeMap<>();
                sweep.values().forEach((factor, name) -> {
                    Group group = byName.get(name);
                    if (group != null) {
                        byFactor.put(factor, group);
                    }
                });
                Group plain = byName.get(kind.name());
                if (plain != null) {
                    byFactor.put(1.0, plain);
                }
                if (byFactor.size() >= FEWEST_VALUES) {
                    families.add(family(kind.name(), sweep.setting(), byFactor, measure));
                }
            }
        }
        return families;
    }

    /** For headings: {@code sgn damping}. */
    String name() {
        return kind + " " + setting;
    }

    private static Robustness family(String kind, String setting, TreeMap<Double, Group> byValue, Measure measure) {
        List<double[]> rows = new ArrayList<>();
        List<Double> lost = new ArrayList<>();
        byValue.forEach((value, group) -> {
            double start = group.runs().get(0).curve().get(0).value(measure);
            double[] ends = group.figures(run -> {
                double end = run.result().value(measure);
                return Double.isFinite(end) && !measure.isBetter(start, end) ? end : start;
            });
            double median = new Median().evaluate(ends);
            Spread spread = Spread.of(ends);
            rows.add(new double[] {value, median, spread.min(), spread.max()});
            if (median == start) {
                lost.add(value);
            }
        });
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
