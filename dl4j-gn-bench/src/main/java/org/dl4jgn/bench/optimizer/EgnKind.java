package org.dl4jgn.bench.optimizer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.StepReset;

/** EGN. */
final class EgnKind implements OptimizerKind {

    private static final Map<String, String> SETTINGS = new LinkedHashMap<>();

    static {
        SETTINGS.put(
                "lambda",
                "damping: of the curvature of the loss at the start, 2; with the rule relative of it always, 0.03; with validated and proportional a multiple of loss and curvature, 4; else 1");
        SETTINGS.put(
                "rule",
                "how it goes on: hypergradient (default), relative, constant (default with a line search), proportional, adaptive, trustregion, nielsen");
        SETTINGS.put("linesearch", "instead of the pace: increase, goldstein, conservative, armijo, none");
        SETTINGS.put("lr", "step length, or the default method's first guess of it, 1");
        SETTINGS.put("momentum", "the paper's; 0.9 with a line search");
        SETTINGS.put("mu", "of projected momentum, 0.9; 0 with a line search");
    }

    @Override
    public String name() {
        return "egn";
    }

    @Override
    public String description() {
        return "this library's EGN: exact Gauss-Newton steps";
    }

    @Override
    public Map<String, String> settings() {
        return SETTINGS;
    }

    @Override
    public Map<String, Double> sweeps() {
        Map<String, Double> sweeps = new LinkedHashMap<>();
        sweeps.put("lambda", 2.0);
        sweeps.put("lr", 1.0);
        return sweeps;
    }

    @Override
    public boolean isRival() {
        return false;
    }

    @Override
    public Contender create(Options options) {
        Egn.Builder egn = Egn.builder();
        if (options.has("lambda") || options.has("rule")) {
            String rule = options.has("linesearch") ? "constant" : "hypergradient";
            egn.damping(DampingRules.of(options, "lambda", rule, 1));
        }
        if (options.has("linesearch")) {
            egn.lineSearch(
                    switch (options.word("linesearch", "")) {
                        case "increase" -> LineSearch.armijo(StepReset.INCREASE);
                        case "goldstein" -> LineSearch.armijo(StepReset.GOLDSTEIN);
                        case "conservative" -> LineSearch.armijo(StepReset.CONSERVATIVE);
                        case "armijo" -> LineSearch.armijo();
                        case "none" -> LineSearch.none();
                        default ->
                            throw options.wrong("linesearch", "increase, goldstein, conservative, armijo or none");
                    });
        }
        if (options.has("lr")) {
            egn.learningRate(options.positive("lr", 1));
        }
        if (options.has("momentum")) {
            egn.momentum(options.number("momentum", 0.9));
        }
        if (options.has("mu")) {
            egn.projectedMomentum(options.number("mu", 0.9));
        }
        Egn made = egn.build();
        return new UpdaterContender(
                options.canonical(SETTINGS.keySet()), name(), Map.of("updater", made.toString()), made);
    }
}
