package org.dl4jgn.bench.optimizer;

import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.StepReport;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.nd4j.linalg.learning.config.IUpdater;

/** An optimizer that is one of DL4J's updaters, or plugs in as one. */
record UpdaterContender(String name, String kind, Map<String, String> settings, IUpdater updater) implements Contender {

    @Override
    public NeuralNetConfiguration.Builder configure(NeuralNetConfiguration.Builder network) {
        return network.updater(updater.clone());
    }

    @Override
    public MultiLayerNetwork ready(MultiLayerNetwork net) {
        return updater instanceof GaussNewtonUpdater ? GaussNewton.attach(net) : net;
    }

    @Override
    public Optional<StepReport> report(MultiLayerNetwork net) {
        return updater instanceof GaussNewtonUpdater ? GaussNewton.report(net) : Optional.empty();
    }
}
