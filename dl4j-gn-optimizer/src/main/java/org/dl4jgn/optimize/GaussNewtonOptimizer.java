package org.dl4jgn.optimize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Updater;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.solvers.BaseOptimizer;
import org.deeplearning4j.optimize.solvers.accumulation.GradientsAccumulator;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.curvature.LinearizedNetwork;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.ElementwiseThreads;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * DL4J's {@code ConvexOptimizer} for Gauss-Newton steps: one call of {@link #optimize}, one step on the network's
 * current input and labels, with the listeners called as by DL4J's own optimizers.
 */
public final class GaussNewtonOptimizer extends BaseOptimizer {

    private final MultiLayerNetwork net;
    private final LinearizedNetwork at;
    private final GaussNewtonStep stepper;
    private final StepObserver observer;
    private @Nullable TrainingState state;

    GaussNewtonOptimizer(MultiLayerNetwork net, StepObserver observer) {
        super(net.conf(), null, net.getListeners(), net);
        this.net = net;
        this.observer = observer;
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            at = new LinearizedNetwork(net);
            stepper = new GaussNewtonStep(at, TrainedConfiguration.of(net));
        }
    }

    @Override
    public boolean optimize(LayerWorkspaceMgr workspaceMgr) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            step();
        } catch (RuntimeException | Error e) {
            // as fit does after a step; a mask left behind would be applied to the next batch
            net.clearLayerMaskArrays();
            throw e;
        }
        return true;
    }

    private void step() {
        long start = System.nanoTime();
        GaussNewtonUpdater settings = TrainedConfiguration.of(net);
        stepper.configure(settings);
        TrainingState current = state(settings);
        Step step = new Step();
        step.iteration = getIterationCount(net);
        step.epoch = getEpochCount(net);

        at.setBatch(net.getInput(), net.getLabels(), mask());
        at.draw(step.iteration, step.epoch);
        try (ElementwiseThreads ignored = at.threads()) {
            stepper.linearize(step, current);
        }
        net.setScore(step.lossBefore);
        boolean watched = !trainingListeners.isEmpty();
        if (watched) {
            announceGradient();
        }
        try (ElementwiseThreads ignored = at.threads()) {
            stepper.take(step, current);
        }
        current.save();
        if (watched) {
            publishUpdate();
        }
        step.totalNanos = System.nanoTime() - start;
        observer.stepDone(net, step);
        for (TrainingListener listener : trainingListeners) {
            listener.iterationDone(net, step.iteration, step.epoch);
        }
        incrementIterationCount(net, 1);
        if (step.verdict == Step.Verdict.ACCEPTED) {
            applyConstraints(net);
        }
        if (step.rejectionsInARow >= settings.maxRejections()) {
            throw stopped(step);
        }
    }

    private TrainingState state(GaussNewtonUpdater settings) {
        INDArray view = getUpdater(true).getStateViewArray();
        if (state == null || state.view() != view || state.settings() != settings) {
            state = new TrainingState(view, settings, at);
        }
        state.load();
        return state;
    }

    /**
     * The mask of the loss, as DL4J spreads masks over its layers: the label mask, or without one the feature mask, which
     * in a network of dense layers masks whole examples.
     *
     * @throws IllegalArgumentException for a feature mask that does something else
     */
    private @Nullable INDArray mask() {
        INDArray mask = net.getOutputLayer().getMaskArray();
        for (Layer layer : net.getLayers()) {
            INDArray here = layer.getMaskArray();
            boolean isLabelMask = here == mask && layer == net.getOutputLayer();
            if (here != null && !isLabelMask && (here != mask || here.length() != here.size(0))) {
                throw new IllegalArgumentException("The feature mask of shape " + Arrays.toString(here.shape())
                        + (here == mask ? "" : ", beside a label mask of its own,")
                        + " is not supported. Supported: a label mask, or a feature mask of shape [batch, 1] alone, both of"
                        + " which leave out examples.");
            }
        }
        return mask;
    }

    /**
     * What DL4J's listeners see before the update: activations, and in {@code net.gradient()} the gradient of the summed
     * data loss, as DL4J's backpropagation leaves it.
     */
    private void announceGradient() {
        List<INDArray> activations = new ArrayList<>(List.of(net.getInput()));
        activations.addAll(at.activations());
        for (TrainingListener listener : trainingListeners) {
            listener.onForwardPass(net, activations);
        }
        at.dataGradientTo(net.getGradientsViewArray());
        NetworkGradient.publish(net);
        for (TrainingListener listener : trainingListeners) {
            listener.onBackwardPass(net);
        }
        for (TrainingListener listener : trainingListeners) {
            listener.onGradientCalculation(net);
        }
    }

    /** After the step {@code net.gradient()} holds what was subtracted from the parameters, as with DL4J's updaters. */
    private void publishUpdate() {
        INDArray update = net.getGradientsViewArray();
        at.toNetworkOrder(stepper.base(), update);
        Vectors.axpy(-1.0, net.params(), update);
    }

    private TrainingStoppedException stopped(Step step) {
        return new TrainingStoppedException(
                step.rejectionsInARow + " steps in a row were rejected, the last at iteration "
                        + step.iteration + " with loss " + step.lossBefore + " and damping " + step.damping
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
            TrainedConfiguration.of(net);
        } else {
            super.setUpdater(replacement);
        }
    }

    @Override
    public void setGradientsAccumulator(@Nullable GradientsAccumulator accumulator) {
        if (accumulator != null) {
            throw TrainedConfiguration.accumulator();
        }
        super.setGradientsAccumulator(null);
    }
}
