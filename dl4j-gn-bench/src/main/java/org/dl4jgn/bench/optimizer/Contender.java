package org.dl4jgn.bench.optimizer;

import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.StepReport;
import org.nd4j.linalg.dataset.DataSet;

/** An optimizer with all its settings. */
public interface Contender {

    /** As the user would write it, with the settings that differ from the defaults: {@code sgn:10}. */
    String name();

    /** What it is, without settings: {@code sgn}. */
    String kind();

    /** Every setting, defaults included, in words. */
    Map<String, String> settings();

    /** Enters itself in the configuration of a network. */
    NeuralNetConfiguration.Builder configure(NeuralNetConfiguration.Builder network);

    /** Makes an initialised or restored network ready to be trained. */
    default MultiLayerNetwork ready(MultiLayerNetwork net) {
        return net;
    }

    /** Takes one step; what is timed. */
    default void fit(MultiLayerNetwork net, DataSet batch) {
        net.fit(batch);
    }

    /** What the last step did, where the optimizer tells. */
    default Optional<StepReport> report(MultiLayerNetwork net) {
        return Optional.empty();
    }

    /** Whether all that it remembers between steps is saved with the network, so that an interrupted run can go on. */
    default boolean isSavedWithNetwork() {
        return true;
    }
}
