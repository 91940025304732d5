package org.dl4jgn.bench.optimizer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.bench.rivals.Gaf;
import org.dl4jgn.bench.rivals.Sqn;
import org.dl4jgn.bench.rivals.Trainer;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** The EGN paper's rivals that DL4J does not have. */
record RivalKind(
        String name,
        String description,
        Map<String, String> settings,
        List<String> grid,
        List<String> variations,
        boolean isSavedWithNetwork,
        Function<Options, Function<MultiLayerNetwork, Trainer>> trainers)
        implements OptimizerKind {

    static OptimizerKind gaf() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("lr", "learning rate of the gradient step, 0.1");
        settings.put("micro", "micro-batches, 4");
        settings.put("threshold", "largest cosine distance of gradients that agree, 0.97");
        return new RivalKind(
                "gaf",
                "gradient agreement filtering: micro-batch gradients are averaged where they agree, then a step of Sgd",
                settings,
                List.of("0.003", "0.01", "0.03", "0.1", "0.3", "1"),
                List.of("", "threshold=0.9", "threshold=1"),
                true,
                options -> net -> new Gaf(net, options.count("micro", 4), options.number("threshold", 0.97)));
    }

    static OptimizerKind sqn() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("lr", "learning rate, 0.1");
        settings.put("memory", "curvature pairs, 10");
        settings.put("damping", "added to the curvature, 0.1");
        return new RivalKind(
                "sqn",
                "stochastic quasi-Newton: online L-BFGS, curvature pairs from one mini-batch, damped",
                settings,
                List.of("0.003", "0.01", "0.03", "0.1", "0.3", "1"),
                List.of("", "damping=0.01", "damping=1"),
                false,
                options -> net -> new Sqn(
                        net, options.positive("lr", 0.1), options.count("memory", 10), options.number("damping", 0.1)));
    }

    @Override
    public Contender create(Options options) {
        double rate = options.positive("lr", 0.1);
        Map<String, String> all = new LinkedHashMap<>();
        settings.forEach((setting, meaning) ->
                all.put(setting, options.word(setting, meaning.substring(meaning.lastIndexOf(' ') + 1))));
        return new Trained(
                options.canonical(settings.keySet()),
                name,
                all,
                new Sgd(rate),
                isSavedWithNetwork,
                trainers.apply(options));
    }

    private record Trained(
            String name,
            String kind,
            Map<String, String> settings,
            IUpdater updater,
            boolean isSavedWithNetwork,
            Function<MultiLayerNetwork, Trainer> trainers)
            implements Contender {

        @Override
        public Trainer trainer(Model net) {
            return trainers.apply(LayersAlone.of(net, kind));
        }
    }
}
