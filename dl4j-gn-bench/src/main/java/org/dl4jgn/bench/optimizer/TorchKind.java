package org.dl4jgn.bench.optimizer;

import java.util.Map;
import org.dl4jgn.bench.rivals.FullBatchTorch;

/** Levenberg-Marquardt in PyTorch, on all training examples at once, in double. */
record TorchKind() implements OptimizerKind {

    @Override
    public String name() {
        return "torch-lm";
    }

    @Override
    public String description() {
        return "Levenberg-Marquardt in PyTorch, where there is a python3 with torch and functorch, on all training examples at once,"
                + " for dense layers and squared losses in double; an epoch is an evaluation of the residuals";
    }

    @Override
    public Map<String, String> settings() {
        return Map.of();
    }

    @Override
    public Contender create(Options options) {
        return new FullBatchContender(
                options.canonical(settings().keySet()), name(), Map.of("library", "PyTorch"), FullBatchTorch::new);
    }
}
