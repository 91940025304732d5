package org.dl4jgn.bench.optimizer;

import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.dl4jgn.StepReport;
import org.dl4jgn.bench.rivals.Trainer;
import org.nd4j.linalg.learning.config.IUpdater;

/** An optimizer with all its settings. */
public interface Contender {

    /** As the user would write it, with the settings that differ from the defaults: {@code sgn:10}. */
    String name();

    /** What it is, without settings: {@code sgn}. */
    String kind();

    /** Every setting, defaults included, in words. */
    Map<String, String> settings();

    /** The updater of the network's configuration. */
    IUpdater updater();

    /** Enters itself in the configuration of a network. */
    default NeuralNetConfiguration.Builder configure(NeuralNetConfiguration.Builder network) {
        return network.updater(updater().clone());
    }

    /**
     * What trains an initialised or restored network whose configuration it is in.
     *
     * @throws org.dl4jgn.translate.UnsupportedNetworkException if it trains none of this kind
     */
    default Trainer trainer(Model net) {
        return Trainer.of(net);
    }

    /** What the last step did, where the optimizer tells. */
    default Optional<StepReport> report(Model net) {
        return Optional.empty();
    }

    /** Whether its learning rate follows a schedule that ends with the budget: {@link #over} has to tell it then. */
    default boolean isScheduled() {
        return false;
    }

    /** The same with its schedule, if it has one, stretched over the steps of a budget. */
    default Contender over(long budget) {
        return this;
    }

    /** Whether each of its steps is on all training examples. */
    default boolean isFullBatch() {
        return false;
    }

    /** Whether it needs no more than its updater and trainer, so that it can train a network that others configure. */
    default boolean isPortable() {
        return true;
    }

    /** Whether all that it remembers between steps is saved with the network, so that an interrupted run can go on. */
    default boolean isSavedWithNetwork() {
        return true;
    }
}
