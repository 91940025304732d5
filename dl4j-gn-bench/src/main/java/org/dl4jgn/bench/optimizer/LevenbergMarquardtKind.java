package org.dl4jgn.bench.optimizer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.bench.rivals.FullBatchLevenbergMarquardt;
import org.dl4jgn.bench.rivals.Trainer;
import org.dl4jgn.leastsquares.LevenbergMarquardt;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** This library's Levenberg-Marquardt, on all training examples at once, in double. */
record LevenbergMarquardtKind() implements OptimizerKind {

    private static final Map<String, String> SETTINGS = new LinkedHashMap<>();

    static {
        SETTINGS.put("damping", "of the first trial, relative to the columns of the Jacobian, 1e-3");
        SETTINGS.put("geodesic", "1 for geodesic acceleration, 0 for none, 1");
    }

    @Override
    public String name() {
        return "lm";
    }

    @Override
    public String description() {
        return "Levenberg-Marquardt on all training examples at once, for squared losses in double; an epoch is an"
                + " evaluation of the residuals";
    }

    @Override
    public Map<String, String> settings() {
        return SETTINGS;
    }

    @Override
    public boolean isRival() {
        return false;
    }

    @Override
    public Contender create(Options options) {
        double damping = options.positive("damping", 1e-3);
        boolean geodesic = options.number("geodesic", 1) != 0;
        LevenbergMarquardt method = LevenbergMarquardt.builder()
                .initialDamping(damping)
                .geodesicAcceleration(geodesic)
                .maxIterations(Integer.MAX_VALUE)
                .build();
        Map<String, String> all = Map.of("damping", Double.toString(damping), "geodesic", Boolean.toString(geodesic));
        return new OnAll(options.canonical(SETTINGS.keySet()), name(), all, method);
    }

    private record OnAll(String name, String kind, Map<String, String> settings, LevenbergMarquardt method)
            implements Contender {

        /** The configuration needs one; it is not used. */
        @Override
        public IUpdater updater() {
            return new Sgd();
        }

        @Override
        public Trainer trainer(MultiLayerNetwork net) {
            return new FullBatchLevenbergMarquardt(net, method);
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
