package org.dl4jgn.dl4j;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Collection;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.Solver;
import org.deeplearning4j.optimize.api.ConvexOptimizer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jgn.curvature.Coupling;
import org.dl4jgn.linalg.OpenBlas;
import org.dl4jgn.translate.Refusals;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The seam to DL4J: a {@code Solver} that holds a {@link GaussNewtonOptimizer}, where DL4J's own can only choose from a
 * closed enum.
 *
 * <p>It owns the native memory of training. DL4J never closes a solver, it forgets it: with the network, on {@code clear()},
 * and when another one is installed. So the memory is freed when the solver is collected, by a cleaner that knows the memory
 * and not the solver.
 */
public final class GaussNewtonSolver extends Solver {

    private static final Cleaner CLEANER = Cleaner.create();

    private final GaussNewtonOptimizer optimizer;
    private final StepObserver observer;

    private GaussNewtonSolver(AttachableNetwork net, StepObserver observer) {
        this.observer = observer;
        TrainingMemory memory = new TrainingMemory(net);
        optimizer = new GaussNewtonOptimizer(net, memory, observer);
        CLEANER.register(this, memory::close);
    }

    /**
     * Installs Gauss-Newton training in an initialised network, keeping its updater state; does nothing if it is there.
     *
     * @return the observer in place: {@code observer}, or the one installed earlier
     * @throws org.dl4jgn.translate.UnsupportedNetworkException if the network or a setting is not supported; the network is
     *     then as it was
     */
    public static StepObserver install(Model model, StepObserver observer) {
        AttachableNetwork net = AttachableNetwork.of(model);
        StepObserver present = observerOf(model);
        if (present != null) {
            return present;
        }
        // warns of kernels that are wrong or slow, before any time is spent with them
        OpenBlas.isAvailable();
        Refusals refusals = NetworkSettings.check(net);
        Solver old = net.solver();
        if (old != null && old.getOptimizer().getGradientsAccumulator() != null) {
            refusals.note(NetworkSettings.accumulator());
        }
        if (refusals.any()) {
            refusals.check(() -> net.weakModel().translateAny());
            throw all(net, refusals);
        }
        // the updater's state must outlive any workspace that is open here
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            GaussNewtonSolver solver = made(net, observer, refusals);
            net.handUpdaterTo(solver.optimizer);
            solver.setListeners(net.listeners());
            net.setSolver(solver);
        }
        return observer;
    }

    private static GaussNewtonSolver made(AttachableNetwork net, StepObserver observer, Refusals refusals) {
        try {
            return new GaussNewtonSolver(net, observer);
        } catch (UnsupportedNetworkException e) {
            refusals.note(e);
            throw all(net, refusals);
        }
    }

    /** With those of the losses, which are looked at last. */
    private static UnsupportedNetworkException all(AttachableNetwork net, Refusals refusals) {
        NetworkSettings.checkLosses(net, refusals);
        return refusals.all();
    }

    /** The listeners of a network. */
    public static List<TrainingListener> listenersOf(Model net) {
        return List.copyOf(AttachableNetwork.of(net).listeners());
    }

    /** The observer of an attached network, or null. */
    public static @Nullable StepObserver observerOf(Model net) {
        return AttachableNetwork.of(net).solver() instanceof GaussNewtonSolver solver ? solver.observer : null;
    }

    /**
     * Ends the training of a network after the step that is under way, or before the next one if none is.
     *
     * @return false if the network is not attached
     */
    public static boolean stop(Model net, String reason) {
        if (AttachableNetwork.of(net).solver() instanceof GaussNewtonSolver solver) {
            solver.optimizer.stop(reason);
            return true;
        }
        return false;
    }

    /**
     * One step of an attached network on a problem that is posed by {@code source}, with all that belongs to a step: state,
     * counters, listeners. An exception leaves parameters and state as they were.
     *
     * @throws IllegalStateException if the network is not attached
     */
    public static void step(Model net, PosedProblem.Source source) {
        GaussNewtonSolver solver = solverOf(net);
        try {
            solver.optimizer.optimize(source);
        } finally {
            Reference.reachabilityFence(solver);
        }
    }

    /**
     * What makes the loss of an example of an attached network depend on more than the example.
     *
     * @throws IllegalStateException if the network is not attached
     */
    public static Coupling couplingOf(Model net) {
        return solverOf(net).optimizer.coupling();
    }

    private static GaussNewtonSolver solverOf(Model net) {
        if (!(AttachableNetwork.of(net).solver() instanceof GaussNewtonSolver solver)) {
            throw new IllegalStateException("The network is not attached; call GaussNewton.attach(net) first");
        }
        return solver;
    }

    @Override
    public void optimize(LayerWorkspaceMgr workspaceMgr) {
        try {
            optimizer.optimize(workspaceMgr);
        } finally {
            // the memory must not be freed while the optimizer is still at work
            Reference.reachabilityFence(this);
        }
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
