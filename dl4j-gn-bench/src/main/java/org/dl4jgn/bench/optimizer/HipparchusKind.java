package org.dl4jgn.bench.optimizer;

import java.util.Map;
import org.dl4jgn.bench.rivals.FullBatchHipparchus;

/** Hipparchus' Levenberg-Marquardt, on all training examples at once, in double. */
record HipparchusKind() implements OptimizerKind {

    @Override
    public String name() {
        return "hipparchus-lm";
    }

    @Override
    public String description() {
        return "Levenberg-Marquardt of the library Hipparchus on all training examples at once, for squared losses in double;"
                + " an epoch is an evaluation of the residuals";
    }

    @Override
    public Map<String, String> settings() {
        return Map.of();
    }

    /** It has no settings that would matter here: its tolerances are at their smallest. */
    @Override
    public Contender create(Options options) {
        return new FullBatchContender(
                options.canonical(settings().keySet()),
                name(),
                Map.of("library", "Hipparchus"),
                FullBatchHipparchus::new);
    }
}
