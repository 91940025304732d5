package org.dl4jgn.dl4j;

import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.StateLayout;
import org.dl4jgn.curvature.NetworkProblems;
import org.dl4jgn.curvature.WorkingParameters;
import org.dl4jgn.optimize.GaussNewtonStep;
import org.dl4jgn.optimize.TrainingState;
import org.dl4jgn.translate.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The native memory of a network's training: its problems, its parameters in working order, the vectors of a step and of the
 * state. It does not keep the network from being collected, so that whoever frees it then can hold on to it.
 */
final class TrainingMemory implements AutoCloseable {

    private final NetworkProblems problems;
    private final WorkingParameters parameters;
    private final GaussNewtonStep stepper;
    private @Nullable TrainingState state;

    /**
     * Allocates what does not depend on batches.
     *
     * @throws org.dl4jgn.translate.UnsupportedNetworkException if the network has something that is not supported
     */
    TrainingMemory(AttachableNetwork net) {
        GaussNewtonUpdater settings = NetworkSettings.of(net);
        Model model = net.weakModel();
        problems = new NetworkProblems(model, true);
        parameters = new WorkingParameters(model, problems.order());
        stepper = new GaussNewtonStep(settings, model.type(), model.parameterCount());
        stepper.bound(GradientBounds.of(net, problems.slots()));
    }

    NetworkProblems problems() {
        return problems;
    }

    WorkingParameters parameters() {
        return parameters;
    }

    GaussNewtonStep stepper() {
        return stepper;
    }

    /** The training state in {@code view}, read anew: DL4J may have written to it since the last step. */
    TrainingState state(INDArray view, GaussNewtonUpdater settings) {
        StateLayout layout = settings.stateLayout();
        if (state == null || !state.isOf(view, layout)) {
            if (state != null) {
                state.close();
            }
            state = new TrainingState(view, layout, problems.trained(), problems.parameterCount());
        }
        Damping rule = settings.damping();
        state.load(rule);
        return state;
    }

    @Override
    public void close() {
        if (state != null) {
            state.close();
        }
        stepper.close();
        parameters.close();
        problems.close();
    }
}
