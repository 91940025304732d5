package org.dl4jgn.dl4j;

import java.util.Collection;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.Solver;
import org.deeplearning4j.optimize.api.ConvexOptimizer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;

/**
 * The seam to DL4J: a {@code Solver} that holds a {@link GaussNewtonOptimizer}, where DL4J's own can only choose from a
 * closed enum.
 */
public final class GaussNewtonSolver extends Solver {

    private final GaussNewtonOptimizer optimizer;
    private final StepObserver observer;

    private GaussNewtonSolver(MultiLayerNetwork net, StepObserver observer) {
        this.observer = observer;
        this.optimizer = new GaussNewtonOptimizer(net, observer);
    }

    /**
     * Installs Gauss-Newton training in an initialised network, keeping its updater state; does nothing if it is there.
     *
     * @return the observer in place: {@code observer}, or the one installed earlier
     * @throws org.dl4jgn.translate.UnsupportedNetworkException if the network or a setting is not supported; the network is
     *     then as it was
     */
    public static StepObserver install(MultiLayerNetwork net, StepObserver observer) {
        StepObserver present = observerOf(net);
        if (present != null) {
            return present;
        }
        NetworkSettings.check(net);
        Solver old = NetworkFields.solver(net);
        if (old != null && old.getOptimizer().getGradientsAccumulator() != null) {
            throw NetworkSettings.accumulator();
        }
        GaussNewtonSolver solver = new GaussNewtonSolver(net, observer);
        Updater updater = net.getUpdater();
        solver.optimizer.setUpdater(updater);
        solver.setListeners(net.getListeners());
        NetworkFields.setSolver(net, solver);
        return observer;
    }

    /** The observer of an attached network, or null. */
    public static @Nullable StepObserver observerOf(MultiLayerNetwork net) {
        return NetworkFields.solver(net) instanceof GaussNewtonSolver solver ? solver.observer : null;
    }

    /**
     * Ends the training of a network after the step that is under way, or before the next one if none is.
     *
     * @return false if the network is not attached
     */
    public static boolean stop(MultiLayerNetwork net, String reason) {
        if (NetworkFields.solver(net) instanceof GaussNewtonSolver solver) {
            solver.optimizer.stop(reason);
            return true;
        }
        return false;
    }

    @Override
    public void optimize(LayerWorkspaceMgr workspaceMgr) {
        optimizer.optimize(workspaceMgr);
    }

    @Override
    public void initOptimizer() {
        // made with the solver
    }

    @Override
    public ConvexOptimizer getOptimizer() {
        return optimizer;
    }

    @Override
    public void setListeners(Collection<TrainingListener> listeners) {
        optimizer.setListeners(listeners);
    }
}
