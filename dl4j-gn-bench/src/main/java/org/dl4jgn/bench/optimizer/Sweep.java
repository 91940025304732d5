package org.dl4jgn.bench.optimizer;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One setting of a kind, varied around its default by the same factors for every setting of every kind: a hundredth, a
 * tenth, ten times, a hundred times.
 *
 * @param kind of optimizer
 * @param setting its name
 * @param byDefault what it is if nothing is said
 */
public record Sweep(String kind, String setting, double byDefault) {

    /** What a setting is multiplied by; between the middle two is the default itself. */
    public static final List<Double> FACTORS = List.of(0.01, 0.1, 10.0, 100.0);

    /** Iterations are counted: no fewer than 1, and more than 100 are a hundred times the work of a step. */
    private static final String COUNT = "iterations";

    /** Those of a kind. */
    public static List<Sweep> of(OptimizerKind kind) {
        return kind.sweeps().entrySet().stream()
                .map(sweep -> new Sweep(kind.name(), sweep.getKey(), sweep.getValue()))
                .toList();
    }

    /** All that is to be run for a kind, beside its default, as a user would write it. */
    public static List<String> texts(OptimizerKind kind) {
        List<String> texts = new ArrayList<>();
        of(kind).forEach(sweep -> texts.addAll(sweep.values().values()));
        return texts;
    }

    /** For each factor what a user would write, the names that runs have; a setting that counts leaves out what is none. */
    public Map<Double, String> values() {
        Map<Double, String> values = new TreeMap<>();
        for (double factor : FACTORS) {
            boolean isCount = setting.equals(COUNT);
            double value = isCount ? Math.rint(factor * byDefault) : factor * byDefault;
            if (!isCount || (value >= 1 && value <= 100)) {
                String number = new BigDecimal(value, new MathContext(6))
                        .stripTrailingZeros()
                        .toPlainString();
                values.put(
                        factor,
                        Optimizers.parse(kind + ":" + setting + "=" + number).name());
            }
        }
        return values;
    }
}
