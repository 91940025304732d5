package org.dl4jgn.testing;

import java.util.ArrayList;
import java.util.List;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.optimize.GaussNewtonStep;
import org.dl4jgn.optimize.Step;
import org.dl4jgn.optimize.TrainingState;
import org.dl4jgn.problem.Problem;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Steps on problems, with nothing of DL4J: the state is saved and loaded around each step, as the seam does. */
public final class Training implements AutoCloseable {

    private final GaussNewtonUpdater settings;
    private final GaussNewtonStep stepper;
    private final TrainingState state;
    private final INDArray array;
    private final INDArray theta;
    private final List<Step> steps = new ArrayList<>();

    /** Starts with a new state. */
    public Training(GaussNewtonUpdater settings, INDArray theta) {
        this(settings, theta, newState(settings, theta));
    }

    /** Goes on from a state array, which is used in place. */
    public Training(GaussNewtonUpdater settings, INDArray theta, INDArray array) {
        this.settings = settings;
        this.array = array;
        this.theta = theta.dup();
        stepper = new GaussNewtonStep(settings, theta.dataType(), theta.length());
        state = new TrainingState(array, settings.stateLayout(), List.of(new Span(0, theta.length())), theta.length());
        state.load(settings.damping());
    }

    /** A new state array. */
    public static INDArray newState(GaussNewtonUpdater settings, INDArray theta) {
        return Nd4j.zeros(theta.dataType(), settings.stateSize(theta.length()));
    }

    /** One step. */
    public Step step(Problem problem) {
        state.load(settings.damping());
        stepper.linearize(problem, theta, state);
        Step step = stepper.take(settings.getLearningRate(steps.size(), 0), state);
        if (step.moves()) {
            Vectors.copy(stepper.position(state), theta);
            stepper.written(state);
        }
        state.save();
        steps.add(step);
        return step;
    }

    /** Several steps on one problem; returns the last. */
    public Step steps(Problem problem, int count) {
        for (int i = 1; i < count; i++) {
            step(problem);
        }
        return step(problem);
    }

    /** All steps so far. */
    public List<Step> history() {
        return steps;
    }

    /** θ, live. */
    public INDArray theta() {
        return theta;
    }

    public double[] parameters() {
        return theta.toDoubleVector();
    }

    /** The state array, live. */
    public INDArray array() {
        return array;
    }

    public TrainingState state() {
        return state;
    }

    public GaussNewtonStep stepper() {
        return stepper;
    }

    @Override
    public void close() {
        stepper.close();
        state.close();
    }
}
