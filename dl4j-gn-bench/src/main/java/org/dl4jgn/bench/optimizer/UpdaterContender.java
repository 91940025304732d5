package org.dl4jgn.bench.optimizer;

import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.StepReport;
import org.dl4jgn.bench.rivals.Trainer;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/** An optimizer that is one of DL4J's updaters, or plugs in as one. */
record UpdaterContender(String name, String kind, Map<String, String> settings, IUpdater updater) implements Contender {

    @Override
    public Trainer trainer(Model net) {
        return Trainer.of(isGaussNewton() ? attached(net) : net);
    }

    private static Model attached(Model net) {
        return net instanceof ComputationGraph graph
                ? GaussNewton.attach(graph)
                : GaussNewton.attach((MultiLayerNetwork) net);
    }

    @Override
    public Optional<StepReport> report(Model net) {
        return isGaussNewton() ? GaussNewton.report(net) : Optional.empty();
    }

    private boolean isGaussNewton() {
        return updater instanceof GaussNewtonUpdater;
    }
}
