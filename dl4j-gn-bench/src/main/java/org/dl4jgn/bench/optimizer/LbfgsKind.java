package org.dl4jgn.bench.optimizer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dl4jgn.bench.rivals.FullBatchLbfgs;

/** L-BFGS as it is meant, on all training examples at once. */
record LbfgsKind() implements OptimizerKind {

    private static final Map<String, String> SETTINGS = new LinkedHashMap<>();

    static {
        SETTINGS.put("memory", "pairs of differences, 10");
        SETTINGS.put("tolerance", "relative decrease over 20 iterations that ends it, 1e-9");
    }

    @Override
    public String name() {
        return "lbfgs";
    }

    @Override
    public String description() {
        return "L-BFGS of the library Breeze on all training examples at once; an epoch is an evaluation of the gradient";
    }

    @Override
    public Map<String, String> settings() {
        return SETTINGS;
    }

    /** Its line search finds the steps. */
    @Override
    public Contender create(Options options) {
        int memory = options.count("memory", 10);
        double tolerance = options.number("tolerance", 1e-9);
        return new FullBatchContender(
                options.canonical(SETTINGS.keySet()),
                name(),
                Map.of(
                        "memory",
                        Integer.toString(memory),
                        "tolerance",
                        Double.toString(tolerance),
                        "library",
                        "Breeze"),
                net -> new FullBatchLbfgs(net, memory, tolerance));
    }
}
