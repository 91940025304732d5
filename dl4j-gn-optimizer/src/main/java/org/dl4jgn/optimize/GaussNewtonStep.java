package org.dl4jgn.optimize;

import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Pace;
import org.dl4jgn.curvature.LinearizedNetwork;
import org.dl4jgn.linalg.Vectors;
import org.jspecify.annotations.Nullable;
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
    private final @Nullable IterateAverage average;
    private Direction direction;
    private GaussNewtonUpdater settings;

    GaussNewtonStep(LinearizedNetwork at, GaussNewtonUpdater settings) {
        this.at = at;
        this.settings = settings;
        base = at.newVector();
        delta = at.newVector();
        average = settings.averaging() > 0 ? new IterateAverage(settings.averaging(), at) : null;
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
    void linearize(Step step, TrainingState state) {
        long start = System.nanoTime();
        at.readParameters();
        if (average != null) {
            average.load(state);
        }
        Vectors.copy(at.theta(), base);
        requireFiniteParameters();
        double lossOfPrevious = settings.isValidated() && state.promised > 0 ? lossAt(state.previous()) : Double.NaN;
        step.lossBefore = at.evaluate();
        double lossReached = step.lossBefore;
        Pace pace = settings.pace();
        boolean isHarmful = pace != null && state.promised > 0 && pace.isHarmful(lossOfPrevious, lossReached);
        if (isHarmful) {
            takeBack(step, state);
        }
        step.lossAfter = step.lossBefore;
        if (!Double.isFinite(step.lossBefore)) {
            throw overflow("The loss", step.lossBefore);
        }
        INDArray gradient = at.linearize();
        step.gradientNorm = Vectors.norm2(gradient);
        if (!Double.isFinite(step.gradientNorm) && !Vectors.isFinite(gradient)) {
            throw overflow("The gradient's norm", step.gradientNorm);
        }
        step.lossRounding = at.lossRounding();
        step.validation = validate(lossOfPrevious - lossReached, isHarmful, state);
        step.linearizeNanos = System.nanoTime() - start;
    }

    /** Goes on from where the last step started; nothing is left of it but a shorter bound. */
    private void takeBack(Step step, TrainingState state) {
        Vectors.copy(state.previous(), base);
        Vectors.copy(base, at.theta());
        step.lossBefore = at.evaluate();
        state.remembers = false;
    }

    private double lossAt(INDArray theta) {
        Vectors.copy(theta, at.theta());
        double loss = at.evaluate();
        Vectors.copy(base, at.theta());
        return loss;
    }

    /** Tells the damping what the last step did for this mini-batch; returns its share of what it promised for its own. */
    private double validate(double reduction, boolean wasHarmful, TrainingState state) {
        if (!Double.isFinite(reduction)) {
            return Double.NaN;
        }
        if (settings.damping().isValidated()) {
            state.damping = settings.damping().validated(state.damping, reduction, state.promised);
        }
        Pace pace = settings.pace();
        if (pace != null && state.pace != null) {
            state.pace = pace.validated(state.pace, reduction, state.promised, wasHarmful);
        }
        return reduction / state.promised;
    }

    /** A saturated unit can hide a parameter that is not finite from the loss, so the loss alone does not tell. */
    private void requireFiniteParameters() {
        if (!Vectors.isFinite(base)) {
            throw new IllegalStateException("The network's parameters hold "
                    + base.getDouble(Vectors.firstNonFinite(base))
                    + ", so no step can be taken: restore them from a good state. No parameter was changed.");
        }
    }

    private static IllegalStateException overflow(String what, double value) {
        return new IllegalStateException(what + " is " + value + " before the step; features, labels and parameters are"
                + " finite, so it overflows in the network or the loss: check the weights' initialization, the scale of the"
                + " features, and labels outside the loss's domain. No parameter was changed.");
    }

    /** Takes the step from the linearized point; on acceptance the network's parameters are written. */
    void take(Step step, TrainingState state) {
        step.damping = settings.damping().value(state.damping, state.steps, step.lossBefore, at.lossCurvature());
        Pace pace = settings.pace();
        if (pace != null && state.pace != null) {
            step.damping = pace.damping(state.pace, step.damping);
        }
        long start = System.nanoTime();
        Direction.Proposal proposal = direction.propose(at, step.damping, state, delta);
        step.directionNorm = Vectors.norm2(delta);
        step.solver = proposal.solve();
        step.damping = proposal.solve().damping();
        for (int i = 0; i < proposal.solve().raises(); i++) {
            state.damping = settings.damping().invalid(state.damping);
        }
        double firstStep = bounded(settings.lineSearch().first(learningRate(step), state.firstTrial), step, state);
        long solved = System.nanoTime();
        step.directionNanos = solved - start;
        step.ratio = Double.NEGATIVE_INFINITY;
        state.firstTrial = 0;
        state.promised = 0;
        if (!Double.isFinite(step.directionNorm) || !Double.isFinite(proposal.descent())) {
            step.verdict = Step.Verdict.INVALID;
        } else if (!proposal.usable()) {
            step.verdict = Step.Verdict.REJECTED;
        } else {
            state.firstTrial = search(step, firstStep, proposal);
        }
        if (step.verdict == Step.Verdict.ACCEPTED) {
            if (settings.isValidated()) {
                Vectors.copy(base, state.previous());
                state.promised = -proposal.model(step.stepLength);
            }
            if (settings.projectedMomentum() > 0) {
                Vectors.copy(delta, state.lastDirection());
                state.remembers = true;
            }
            if (average != null) {
                average.take(state);
            }
            at.writeParameters();
            if (average != null) {
                average.written(state);
            }
            direction.observe(step.ratio, state);
        }
        direction.commit(state, step.verdict == Step.Verdict.INVALID ? null : delta);
        state.damping = switch (step.verdict) {
            case ACCEPTED -> settings.damping().accepted(state.damping, step.ratio);
            case REJECTED -> settings.damping().rejected(state.damping);
            case INVALID -> settings.damping().invalid(state.damping);
        };
        state.rejections = step.verdict == Step.Verdict.ACCEPTED ? 0 : state.rejections + 1;
        step.rejectionsInARow = (int) state.rejections;
        state.steps++;
        step.searchNanos = System.nanoTime() - solved;
    }

    private double bounded(double length, Step step, TrainingState state) {
        Pace pace = settings.pace();
        return pace == null || state.pace == null
                ? length
                : length * pace.longest(state.pace, Vectors.norm2(base), step.directionNorm);
    }

    private double learningRate(Step step) {
        double rate = settings.getLearningRate(step.iteration, step.epoch);
        if (!(rate >= 0) || Double.isInfinite(rate)) {
            throw new IllegalStateException("The learning rate at iteration " + step.iteration + ", epoch " + step.epoch
                    + " is " + rate + ", but must be a finite number ≥ 0; check its schedule, "
                    + settings.learningRateSchedule() + ". No parameter was changed.");
        }
        return rate;
    }

    /** Decides, and returns the length from which the next search starts, 0 for the learning rate. */
    private double search(Step step, double firstStep, Direction.Proposal proposal) {
        LineSearch rule = settings.lineSearch();
        step.predictedReduction = -proposal.model(firstStep);
        Backtracking.Outcome found =
                Backtracking.search(at, base, step.lossBefore, step.lossRounding, delta, proposal, firstStep, rule);
        step.ratio = found.ratio();
        step.stepLength = found.accepted() ? found.step() : 0;
        step.evaluations = found.evaluations();
        if (found.accepted()) {
            step.verdict = Step.Verdict.ACCEPTED;
            step.lossAfter = found.loss();
        } else {
            step.verdict = found.finite() ? Step.Verdict.REJECTED : Step.Verdict.INVALID;
        }
        return found.accepted() ? rule.next(found.step(), found.tooShort()) : 0;
    }
}
