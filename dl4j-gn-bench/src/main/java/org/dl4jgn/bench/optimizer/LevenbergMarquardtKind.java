package org.dl4jgn.bench.optimizer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dl4jgn.bench.rivals.FullBatchLevenbergMarquardt;
import org.dl4jgn.leastsquares.LevenbergMarquardt;

/** This library's Levenberg-Marquardt, on all training examples at once, in double. */
record LevenbergMarquardtKind() implements OptimizerKind {

    private static final Map<String, String> SETTINGS = new LinkedHashMap<>();

    static {
        SETTINGS.put("damping", "of the first trial, relative to the columns of the Jacobian, 0.1");
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
        double damping = options.positive("damping", 0.1);
        boolean geodesic = options.number("geodesic", 1) != 0;
        LevenbergMarquardt method = LevenbergMarquardt.builder()
                .initialDamping(damping)
                .geodesicAcceleration(geodesic)
                .maxIterations(Integer.MAX_VALUE)
                .build();
        Map<String, String> all = Map.of("damping", Double.toString(damping), "geodesic", Boolean.toString(geodesic));
        return new FullBatchContender(
                options.canonical(SETTINGS.keySet()), name(), all, net -> new FullBatchLevenbergMarquardt(net, method));
    }
}
