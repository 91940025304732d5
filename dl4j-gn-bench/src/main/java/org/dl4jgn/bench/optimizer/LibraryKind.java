package org.dl4jgn.bench.optimizer;

import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.bench.rivals.FullBatch;
import org.dl4jgn.bench.rivals.FullBatchHipparchus;
import org.dl4jgn.bench.rivals.FullBatchTorch;

/**
 * Levenberg-Marquardt of another library, on all training examples at once, in double; without settings.
 *
 * @param name of the kind
 * @param library its name
 * @param condition what it takes, for the description
 * @param method trains a network
 */
record LibraryKind(String name, String library, String condition, Function<MultiLayerNetwork, FullBatch> method)
        implements OptimizerKind {

    /** Its tolerances are at their smallest. */
    static LibraryKind hipparchus() {
        return new LibraryKind("hipparchus-lm", "Hipparchus", "for squared losses in double", FullBatchHipparchus::new);
    }

    /** With Nielsen's damping. */
    static LibraryKind torch() {
        return new LibraryKind(
                "torch-lm",
                "PyTorch",
                "for dense layers and squared losses in double, where there is a python3 with torch and functorch",
                FullBatchTorch::new);
    }

    @Override
    public String description() {
        return "Levenberg-Marquardt with the library " + library + " on all training examples at once, " + condition
                + "; an epoch is an evaluation of the residuals";
    }

    @Override
    public Map<String, String> settings() {
        return Map.of();
    }

    @Override
    public Contender create(Options options) {
        return new FullBatchContender(options.canonical(settings().keySet()), name, Map.of("library", library), method);
    }
}
