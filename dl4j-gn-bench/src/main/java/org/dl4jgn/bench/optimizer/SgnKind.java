package org.dl4jgn.bench.optimizer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;

/** SGN. */
final class SgnKind implements OptimizerKind {

    private static final Map<String, String> SETTINGS = new LinkedHashMap<>();

    static {
        SETTINGS.put("k", "conjugate-gradient iterations a step, 10");
        SETTINGS.put(
                "damping",
                "of the first step, as a multiple of the curvature of the loss, 2; with the rule relative of every step, 0.03; with validated and proportional a multiple of loss and curvature, 4; else, and with k or a line search, itself, 1e-4");
        SETTINGS.put(
                "rule",
                "how it goes on: hypergradient (default), relative, trustregion (default with k), constant, nielsen, adaptive, proportional to the loss, validated");
        SETTINGS.put("linesearch", "armijo, none: the paper's SGN(k), as with k");
        SETTINGS.put("iterations", "of the default method, 8");
        SETTINGS.put("share", "of the mini-batch that curvature is taken from; by size and cost");
        SETTINGS.put("lr", "step length, or the default method's first guess of it, 1");
        SETTINGS.put("momentum", "0");
        SETTINGS.put("mu", "of projected momentum, 0.9; 0 with k or a line search");
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
    public Map<String, Double> sweeps() {
        Map<String, Double> sweeps = new LinkedHashMap<>();
        sweeps.put("damping", 2.0);
        sweeps.put("lr", 1.0);
        sweeps.put("iterations", 8.0);
        return sweeps;
    }

    @Override
    public boolean isRival() {
        return false;
    }

    @Override
    public Contender create(Options options) {
        Sgn.Builder sgn = options.has("k") || options.has("linesearch") ? paper(options) : own(options);
        if (options.has("share")) {
            sgn.curvatureShare(options.positive("share", 1));
        }
        if (options.has("lr")) {
            sgn.learningRate(options.positive("lr", 1));
        }
        if (options.has("momentum")) {
            sgn.momentum(options.number("momentum", 0));
        }
        if (options.has("mu")) {
            sgn.projectedMomentum(options.number("mu", 0.9));
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

    /** The default method, where neither k nor a line search is named. */
    private static Sgn.Builder own(Options options) {
        Sgn.Builder sgn = Sgn.builder();
        if (options.has("iterations")) {
            sgn.cgIterations(options.count("iterations", 8));
        }
        if (options.has("damping") || options.has("rule")) {
            sgn.damping(DampingRules.of(options, "damping", "hypergradient", 1e-4));
        }
        return sgn;
    }

    /** SGN(k) as the paper has it. */
    private static Sgn.Builder paper(Options options) {
        Sgn.Builder sgn = Sgn.paper().cgIterations(options.count("k", 10));
        if (options.has("damping") || options.has("rule")) {
            sgn.damping(DampingRules.of(options, "damping", "trustregion", 1e-4));
        }
        return switch (options.word("linesearch", "armijo")) {
            case "armijo" -> sgn;
            case "none" -> sgn.lineSearch(LineSearch.none());
            default -> throw options.wrong("linesearch", "armijo or none");
        };
    }
}
