package org.dl4jgn.bench.optimizer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** DL4J's own optimizers with a line search, a step on each mini-batch. */
record LineSearchKind(String name, String description, OptimizationAlgorithm algorithm) implements OptimizerKind {

    private static final Map<String, String> SETTINGS = new LinkedHashMap<>();

    static {
        SETTINGS.put("lr", "learning rate of the update that the line search scales, 1");
        SETTINGS.put("trials", "most trials of a line search, 5");
    }

    static OptimizerKind lbfgs() {
        return new LineSearchKind(
                "dl4j-lbfgs",
                "DL4J's LBFGS; not L-BFGS: it uses parameters where their differences belong",
                OptimizationAlgorithm.LBFGS);
    }

    static OptimizerKind conjugateGradient() {
        return new LineSearchKind(
                "dl4j-cg",
                "DL4J's CONJUGATE_GRADIENT; equal, to the bit, to its gradient descent with line search",
                OptimizationAlgorithm.CONJUGATE_GRADIENT);
    }

    @Override
    public Map<String, String> settings() {
        return SETTINGS;
    }

    @Override
    public List<String> grid() {
        return List.of("0.01", "0.1", "1");
    }

    @Override
    public Contender create(Options options) {
        double rate = options.positive("lr", 1);
        int trials = options.count("trials", 5);
        Map<String, String> all = Map.of(
                "algorithm", algorithm.name(), "lr", Double.toString(rate), "maxNumLineSearchIterations", "" + trials);
        return new Stepping(options.canonical(SETTINGS.keySet()), name, all, algorithm, rate, trials);
    }

    private record Stepping(
            String name,
            String kind,
            Map<String, String> settings,
            OptimizationAlgorithm algorithm,
            double rate,
            int trials)
            implements Contender {

        @Override
        public NeuralNetConfiguration.Builder configure(NeuralNetConfiguration.Builder network) {
            return network.optimizationAlgo(algorithm)
                    .maxNumLineSearchIterations(trials)
                    .updater(updater());
        }

        @Override
        public IUpdater updater() {
            return new Sgd(rate);
        }

        @Override
        public boolean isPortable() {
            return false;
        }

        /** Its search direction is not. */
        @Override
        public boolean isSavedWithNetwork() {
            return false;
        }
    }
}
