package org.dl4jgn.dl4j;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.solvers.BaseOptimizer;
import org.deeplearning4j.optimize.solvers.accumulation.GradientsAccumulator;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.curvature.Coupling;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.optimize.GaussNewtonStep;
import org.dl4jgn.optimize.Step;
import org.dl4jgn.optimize.StepOutcome.Outcome;
import org.dl4jgn.optimize.TrainingState;
import org.dl4jgn.optimize.TrainingStoppedException;
import org.dl4jgn.plan.ElementwiseThreads;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DL4J's {@code ConvexOptimizer} for Gauss-Newton steps: one call of {@link #optimize}, one step on the network's
 * current input and labels, with the listeners called as by DL4J's own optimizers.
 */
public final class GaussNewtonOptimizer extends BaseOptimizer {

    private static final Logger LOG = LoggerFactory.getLogger(GaussNewtonOptimizer.class);

    /** Of the direction; what needs no remark is a hundredth and more. */
    private static final double SHORT_STEP = 1e-3;

    private final AttachableNetwork net;
    private final Model network;
    private final TrainingMemory memory;
    private final GaussNewtonStep stepper;
    private final StepObserver observer;
    private final AtomicReference<@Nullable String> stopReason = new AtomicReference<>();
    private boolean saidConverged;
    private boolean saidShort;
    private boolean saidHeld;

    GaussNewtonOptimizer(AttachableNetwork net, TrainingMemory memory, StepObserver observer) {
        super(net.net().conf(), null, net.listeners(), net.net());
        this.net = net;
        network = net.net();
        this.memory = memory;
        this.observer = observer;
        stepper = memory.stepper();
    }

    @Override
    public boolean optimize(LayerWorkspaceMgr workspaceMgr) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            stopIfAsked();
            step((problems, settings, iteration, epoch) -> new LocalProblem(net, problems, iteration, epoch));
            stopIfAsked();
        } catch (RuntimeException | Error e) {
            // as fit does after a step; a mask left behind would be applied to the next batch
            net.clearMasks();
            throw e;
        }
        return true;
    }

    /** A step on a problem that is posed elsewhere, whatever mini-batch the network has. */
    void optimize(PosedProblem.Source source) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            stopIfAsked();
            step(source);
            stopIfAsked();
        }
    }

    /** What makes the loss of an example of this network depend on more than the example. */
    Coupling coupling() {
        return memory.problems().coupling();
    }

    /** Ends the training after the step that is under way, or before the next one. */
    void stop(String reason) {
        stopReason.set(reason);
    }

    private void stopIfAsked() {
        String reason = stopReason.getAndSet(null);
        if (reason != null) {
            throw new TrainingStoppedException(reason);
        }
    }

    private void step(PosedProblem.Source source) {
        long start = System.nanoTime();
        GaussNewtonUpdater settings = NetworkSettings.of(net);
        stepper.configure(settings);
        TrainingState state = memory.state(net.updaterState(this), settings);
        int iteration = getIterationCount(network);
        int epoch = getEpochCount(network);

        PosedProblem posed = source.pose(memory.problems(), settings, iteration, epoch);
        posed.begin();
        double rate = learningRate(settings, iteration, epoch);
        try (ElementwiseThreads ignored = posed.threads()) {
            stepper.linearize(
                    memory.problems().withKinks(posed.problem(), iteration, epoch),
                    memory.parameters().read(),
                    state);
        }
        posed.linearized();
        net.setScore(posed.score() + memory.problems().addedToScore(stepper.base(), iteration, epoch));
        boolean watched = !trainingListeners.isEmpty();
        if (watched) {
            posed.announce(List.copyOf(trainingListeners));
        }
        Step step;
        try (ElementwiseThreads ignored = posed.threads()) {
            step = stepper.take(rate, state);
        }
        INDArray update = net.gradientsView();
        if (watched) {
            update.assign(network.params());
        }
        if (step.outcome() == Outcome.ACCEPTED) {
            memory.problems().decays().apply(stepper.base(), stepper.next(), rate, iteration, epoch);
        }
        move(step, posed, state);
        posed.end();
        state.save();
        if (watched) {
            // as with DL4J's updaters, net.gradient() holds what was subtracted from the parameters
            Vectors.axpy(-1.0, network.params(), update);
        }
        try {
            observer.stepDone(network, iteration, epoch, step, Duration.ofNanos(System.nanoTime() - start));
            for (TrainingListener listener : trainingListeners) {
                listener.iterationDone(network, iteration, epoch);
            }
        } finally {
            // parameters and state are written: the step is taken, whatever a listener makes of it
            finish(step);
        }
        observer.stepFinished(network);
        if (step.outcome() == Outcome.CONVERGED) {
            sayOnce(iteration, step);
        }
        if (state.isHeld(settings)) {
            sayHeldOnce(iteration);
        } else {
            warnOnce(iteration, step, settings, rate);
        }
        if (step.isFailure() && step.rejectionsInARow() >= settings.maxRejections()) {
            throw stopped(iteration, step);
        }
    }

    /** Writes the parameters, if the step moves them. */
    private void move(Step step, PosedProblem posed, TrainingState state) {
        if (!step.moves()) {
            return;
        }
        boolean isAveraged = stepper.isAveraged();
        if (step.outcome() == Outcome.ACCEPTED && !isAveraged) {
            posed.follow(stepper.next());
        }
        INDArray position = stepper.position(state);
        if (isAveraged) {
            posed.follow(memory.parameters().read(), position);
        }
        stepper.written(state);
        memory.parameters().write(position);
    }

    private void finish(Step step) {
        incrementIterationCount(network, 1);
        if (step.outcome() == Outcome.ACCEPTED && isConstrained()) {
            applyConstraints(network);
            if (!stepper.isAveraged()) {
                // an average that constraints change begins anew, and no step is taken back to before it
                Vectors.copy(memory.parameters().read(), stepper.next());
            }
        }
    }

    private boolean isConstrained() {
        for (Layer layer : net.layers()) {
            List<LayerConstraint> constraints = layer.conf().getLayer().getConstraints();
            if (constraints != null && !constraints.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private void sayOnce(int iteration, Step step) {
        if (!saidConverged) {
            saidConverged = true;
            LOG.info(
                    "Nothing to gain at iteration {}: loss {}, gradient norm {}. Such steps change nothing, and training"
                            + " goes on with the next mini-batch; this is said once.",
                    iteration,
                    step.lossBefore(),
                    step.gradientNorm());
        }
    }

    /** A pace bounds steps by the parameters' length; where labels are of another scale, that is next to no step at all. */
    private void warnOnce(int iteration, Step step, GaussNewtonUpdater settings, double rate) {
        double share = settings.rateIsFirstGuess() ? step.stepLength() : step.stepLength() / rate;
        if (settings.pace() != null && !saidShort && share > 0 && share < SHORT_STEP) {
            saidShort = true;
            LOG.warn(
                    "Iteration {} goes {} of the way that the model of the loss asks for: steps are bounded by the length of"
                            + " the parameters, which is small beside what features or labels of this scale need, and many"
                            + " steps will be needed. Standardize features and labels, or name a line search, which bounds"
                            + " no step. This is said once.",
                    iteration,
                    share);
        }
    }

    private void sayHeldOnce(int iteration) {
        if (!saidHeld) {
            saidHeld = true;
            LOG.info(
                    "At iteration {} examples are learnt by heart: the loss of mini-batches that come again falls by what their"
                            + " own steps did, and steps do next to nothing for other mini-batches. Steps become short until"
                            + " that changes. More examples, l2, dropout or a smaller network are what helps; this is said once.",
                    iteration);
        }
    }

    private static double learningRate(GaussNewtonUpdater settings, int iteration, int epoch) {
        double rate = settings.getLearningRate(iteration, epoch);
        if (!(rate >= 0) || Double.isInfinite(rate)) {
            throw new IllegalStateException("The learning rate at iteration " + iteration + ", epoch " + epoch + " is "
                    + rate + ", but must be a finite number ≥ 0; check its schedule, "
                    + settings.learningRateSchedule() + ". No parameter was changed.");
        }
        return rate;
    }

    private static TrainingStoppedException stopped(int iteration, Step step) {
        return new TrainingStoppedException(
                step.rejectionsInARow() + " steps in a row were rejected, the last at iteration "
                        + iteration + " with loss " + step.lossBefore() + " and damping " + step.damping()
                        + " (solver: " + step.solve().ending()
                        + "). The parameters are those of the last accepted step. Try a larger damping, fewer CG iterations, a"
                        + " larger or cleaner mini-batch, or another scale of features and labels; float64 helps where the loss is"
                        + " near its smallest value (dataType(DataType.DOUBLE)). maxRejections sets this limit.");
    }

    /**
     * Takes the updater that holds the state. With null, DL4J asks for a new one after a change of learning rates, to cut
     * the state up between layers of different rates. Here all layers share one rate and one state, so other rates are
     * refused and the updater stays.
     */
    @Override
    public void setUpdater(@Nullable Updater replacement) {
        if (replacement == null) {
            NetworkSettings.of(net);
        } else {
            super.setUpdater(replacement);
        }
    }

    /** The same for the updater of a graph. */
    @Override
    public void setUpdaterComputationGraph(@Nullable ComputationGraphUpdater replacement) {
        if (replacement == null) {
            NetworkSettings.of(net);
        } else {
            super.setUpdaterComputationGraph(replacement);
        }
    }

    @Override
    public void setGradientsAccumulator(@Nullable GradientsAccumulator accumulator) {
        if (accumulator != null) {
            throw NetworkSettings.accumulator();
        }
        super.setGradientsAccumulator(null);
    }
}
