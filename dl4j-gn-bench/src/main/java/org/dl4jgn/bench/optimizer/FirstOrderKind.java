package org.dl4jgn.bench.optimizer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/** DL4J's own updaters with a learning rate. */
record FirstOrderKind(
        String name,
        String description,
        Map<String, String> settings,
        List<String> grid,
        Map<String, List<String>> furtherGrids,
        Function<Options, IUpdater> updater)
        implements OptimizerKind {

    private static final List<String> WIDE = List.of("0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1", "3");
    private static final List<String> NARROW = List.of("0.0001", "0.0003", "0.001", "0.003", "0.01", "0.03", "0.1");

    static OptimizerKind sgd() {
        return new FirstOrderKind(
                "sgd",
                "DL4J's stochastic gradient descent, constant learning rate, no momentum",
                Map.of("lr", "learning rate, 0.1"),
                WIDE,
                Map.of(),
                options -> new Sgd(options.positive("lr", 0.1)));
    }

    static OptimizerKind nesterovs() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("lr", "learning rate, 0.1");
        settings.put("momentum", "0.9");
        return new FirstOrderKind(
                "nesterovs",
                "DL4J's gradient descent with Nesterov's momentum",
                settings,
                List.of("0.0003", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3"),
                Map.of("momentum", List.of("0.5", "0.99")),
                options -> new Nesterovs(options.positive("lr", 0.1), options.number("momentum", 0.9)));
    }

    static OptimizerKind adam() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("lr", "learning rate, 0.001");
        settings.put("beta1", "0.9");
        settings.put("beta2", "0.999");
        return new FirstOrderKind(
                "adam",
                "DL4J's Adam",
                settings,
                NARROW,
                Map.of(),
                options -> new Adam(
                        options.positive("lr", Adam.DEFAULT_ADAM_LEARNING_RATE),
                        options.number("beta1", Adam.DEFAULT_ADAM_BETA1_MEAN_DECAY),
                        options.number("beta2", Adam.DEFAULT_ADAM_BETA2_VAR_DECAY),
                        Adam.DEFAULT_ADAM_EPSILON));
    }

    @Override
    public List<String> robustness() {
        return grid;
    }

    @Override
    public Contender create(Options options) {
        IUpdater made = updater.apply(options);
        return new UpdaterContender(
                options.canonical(settings.keySet()), name, Map.of("updater", made.toString()), made);
    }
}
