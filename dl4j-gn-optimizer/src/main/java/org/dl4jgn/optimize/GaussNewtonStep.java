package org.dl4jgn.optimize;

import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.curvature.LinearizedNetwork;
import org.dl4jgn.linalg.Vectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One step: evaluate, linearize, ask for a direction, search, decide, update the damping.
 *
 * <p>The network's own parameters are written once, when a step has been accepted; until then all trials happen on a
 * copy, so that a rejected step or an error leaves them as they were, to the bit.
 */
final class GaussNewtonStep {

    private final LinearizedNetwork at;
    private final INDArray base;
    private final INDArray delta;
    private Direction direction;
    private GaussNewtonUpdater settings;

    GaussNewtonStep(LinearizedNetwork at, GaussNewtonUpdater settings) {
        this.at = at;
        this.settings = settings;
        base = at.newVector();
        delta = at.newVector();
        direction = Directions.of(settings, at);
    }

    /** Follows changes of the settings, such as {@code setLearningRate}. */
    void configure(GaussNewtonUpdater current) {
        if (current != settings) {
            if (!current.equals(settings)) {
                direction = Directions.of(current, at);
            }
            settings = current;
        }
    }

    /** θ before the step, in working order. */
    INDArray base() {
        return base;
    }

    /**
     * Evaluates and linearizes the current batch at the network's parameters.
     *
     * @throws IllegalStateException if the loss or the gradient is not finite
     */
    void linearize(Step step) {
        long start = System.nanoTime();
        at.readParameters();
        Vectors.copy(at.theta(), base);
        step.lossBefore = at.evaluate();
        step.lossAfter = step.lossBefore;
        if (!Double.isFinite(step.lossBefore)) {
            throw notFinite("The loss", step.lossBefore);
        }
        INDArray gradient = at.linearize();
        step.gradientNorm = Vectors.norm2(gradient);
        if (!Double.isFinite(step.gradientNorm) && !Vectors.isFinite(gradient)) {
            throw notFinite("The gradient's norm", step.gradientNorm);
        }
        step.linearizeNanos = System.nanoTime() - start;
    }

    private IllegalStateException notFinite(String what, double value) {
        String cause = Vectors.isFinite(base)
                ? "features, labels and parameters are finite, so it overflows in the network or the loss: check the"
                        + " weights' initialization, the scale of the features, and labels outside the loss's domain"
                : "the network's parameters hold a number that is not finite: restore them from a good state";
        return new IllegalStateException(
                what + " is " + value + " before the step; " + cause + ". No parameter was changed.");
    }

    /** Takes the step from the linearized point; on acceptance the network's parameters are written. */
    void take(Step step, TrainingState state) {
        step.damping = settings.damping().value(state.damping, state.steps);
        long start = System.nanoTime();
        Direction.Proposal proposal = direction.propose(at, step.damping, state, delta);
        step.directionNorm = Vectors.norm2(delta);
        step.solver = proposal.solve();
        step.damping = proposal.solve().damping();
        for (int i = 0; i < proposal.solve().raises(); i++) {
            state.damping = settings.damping().invalid(state.damping);
        }
        long solved = System.nanoTime();
        step.directionNanos = solved - start;
        if (Double.isFinite(step.directionNorm) && Double.isFinite(proposal.descent())) {
            search(step, state, proposal);
        } else {
            step.verdict = Step.Verdict.INVALID;
            step.ratio = Double.NEGATIVE_INFINITY;
            state.damping = settings.damping().invalid(state.damping);
        }
        state.rejections = step.verdict == Step.Verdict.ACCEPTED ? 0 : state.rejections + 1;
        step.rejectionsInARow = (int) state.rejections;
        state.steps++;
        step.searchNanos = System.nanoTime() - solved;
    }

    private void search(Step step, TrainingState state, Direction.Proposal proposal) {
        LineSearch rule = settings.lineSearch();
        double firstStep = rule.first(settings.getLearningRate(step.iteration, step.epoch), state.firstTrial);
        step.predictedReduction = -proposal.model(firstStep);
        Backtracking.Outcome found = Backtracking.search(at, base, step.lossBefore, delta, proposal, firstStep, rule);
        step.ratio = found.ratio();
        step.stepLength = found.accepted() ? found.step() : 0;
        step.evaluations = found.evaluations();
        state.firstTrial = found.accepted() ? rule.next(found.step(), found.tooShort()) : 0;
        if (found.accepted()) {
            step.verdict = Step.Verdict.ACCEPTED;
            step.lossAfter = found.loss();
            at.writeParameters();
            direction.commit(state, delta);
            direction.observe(found.ratio(), state);
            state.damping = settings.damping().accepted(state.damping, found.ratio());
        } else if (found.finite()) {
            step.verdict = Step.Verdict.REJECTED;
            direction.commit(state, delta);
            state.damping = settings.damping().rejected(state.damping);
        } else {
            step.verdict = Step.Verdict.INVALID;
            state.damping = settings.damping().invalid(state.damping);
        }
    }
}
