package org.dl4jgn.bench.optimizer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.bench.rivals.FullBatchLbfgs;
import org.dl4jgn.bench.rivals.Trainer;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

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
        return new OnAll(
                options.canonical(SETTINGS.keySet()),
                name(),
                Map.of(
                        "memory",
                        Integer.toString(memory),
                        "tolerance",
                        Double.toString(tolerance),
                        "library",
                        "Breeze"),
                memory,
                tolerance);
    }

    private record OnAll(String name, String kind, Map<String, String> settings, int memory, double tolerance)
            implements Contender {

        /** The configuration needs one; it is not used. */
        @Override
        public IUpdater updater() {
            return new Sgd();
        }

        @Override
        public Trainer trainer(MultiLayerNetwork net) {
            return new FullBatchLbfgs(net, memory, tolerance);
        }

        @Override
        public boolean isPortable() {
            return false;
        }

        @Override
        public boolean isFullBatch() {
            return true;
        }

        @Override
        public boolean isSavedWithNetwork() {
            return false;
        }
    }
}
