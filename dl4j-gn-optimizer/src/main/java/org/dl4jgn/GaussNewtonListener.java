package org.dl4jgn;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A DL4J listener that gets the report of every Gauss-Newton step: {@code net.addListeners(listener)}.
 *
 * <p>Called once a step, accepted or not, before {@code iterationDone}. {@link GaussNewton#stop} called from here ends the
 * training. A listener that throws ends it too; parameters, state and counters are then those after the last whole step. A
 * lambda will do:
 *
 * <pre>{@code
 * GaussNewtonListener log = (net, report) -> System.out.println(report);
 * net.addListeners(log);
 * }</pre>
 */
@FunctionalInterface
public interface GaussNewtonListener extends TrainingListener {

    /**
     * A step has been decided; the network's parameters are those after it.
     *
     * @param net the network of whatever kind, a {@code MultiLayerNetwork} or a {@code ComputationGraph}
     */
    void stepDone(Model net, StepReport report);

    /**
     * A step is whole: in difference to {@code iterationDone}, counters and constraints are those after it, so that what is
     * saved here goes on to the bit.
     */
    default void stepFinished(Model net) {}

    @Override
    default void iterationDone(Model model, int iteration, int epoch) {}

    @Override
    default void onEpochStart(Model model) {}

    @Override
    default void onEpochEnd(Model model) {}

    @Override
    default void onForwardPass(Model model, List<INDArray> activations) {}

    @Override
    default void onForwardPass(Model model, Map<String, INDArray> activations) {}

    @Override
    default void onGradientCalculation(Model model) {}

    @Override
    default void onBackwardPass(Model model) {}
}
