package org.dl4jgn.bench.optimizer;

import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.bench.rivals.FullBatch;
import org.dl4jgn.bench.rivals.Trainer;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** A method that trains on all examples at once, with a state of its own that is not saved. */
record FullBatchContender(
        String name, String kind, Map<String, String> settings, Function<MultiLayerNetwork, FullBatch> method)
        implements Contender {

    /** The configuration needs one; it is not used. */
    @Override
    public IUpdater updater() {
        return new Sgd();
    }

    @Override
    public Trainer trainer(Model net) {
        return method.apply(LayersAlone.of(net, kind));
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
