package org.dl4jgn.bench.optimizer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;

/** SGN. */
final class SgnKind implements OptimizerKind {

    private static final Map<String, String> SETTINGS = new LinkedHashMap<>();

    static {
        SETTINGS.put("k", "conjugate-gradient iterations a step, 10");
        SETTINGS.put("damping", "of the first step, 1e-4");
        SETTINGS.put(
                "rule",
                "how it goes on: trustregion (default), constant, nielsen, adaptive, proportional to the loss, validated");
        SETTINGS.put("linesearch", "armijo (default), none");
        SETTINGS.put("lr", "step length, 1");
        SETTINGS.put("momentum", "0");
        SETTINGS.put("orthogonalized", "residuals kept orthogonal; 0 for the authors' rounding");
        SETTINGS.put("preconditioner", "exponent, 0");
    }

    @Override
    public String name() {
        return "sgn";
    }

    @Override
    public String description() {
        return "this library's SGN: a few conjugate-gradient iterations on the Gauss-Newton system";
    }

    @Override
    public Map<String, String> settings() {
        return SETTINGS;
    }

    @Override
    public List<String> grid() {
        return List.of();
    }

    @Override
    public Map<String, Double> sweeps() {
        Map<String, Double> sweeps = new LinkedHashMap<>();
        sweeps.put("damping", 1e-4);
        sweeps.put("lr", 1.0);
        sweeps.put("k", 10.0);
        return sweeps;
    }

    @Override
    public boolean isRival() {
        return false;
    }

    @Override
    public Contender create(Options options) {
        Sgn.Builder sgn = Sgn.builder().cgIterations(options.count("k", 10));
        if (options.has("damping") || options.has("rule")) {
            sgn.damping(DampingRules.of(options, "damping", 1e-4, "trustregion"));
        }
        if (options.word("linesearch", "armijo").equals("none")) {
            sgn.lineSearch(LineSearch.none());
        } else if (!options.word("linesearch", "armijo").equals("armijo")) {
            throw options.wrong("linesearch", "armijo or none");
        }
        if (options.has("lr")) {
            sgn.learningRate(options.positive("lr", 1));
        }
        if (options.has("momentum")) {
            sgn.momentum(options.number("momentum", 0));
        }
        if (options.has("orthogonalized")) {
            sgn.orthogonalized((int) options.number("orthogonalized", 0));
        }
        if (options.has("preconditioner")) {
            sgn.preconditioner(options.number("preconditioner", 0));
        }
        Sgn made = sgn.build();
        return new UpdaterContender(
                options.canonical(SETTINGS.keySet()), name(), Map.of("updater", made.toString()), made);
    }
}
