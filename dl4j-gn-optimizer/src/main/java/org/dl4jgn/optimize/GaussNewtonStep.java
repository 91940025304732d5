package org.dl4jgn.optimize;

import java.util.List;
import java.util.Objects;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.optimize.Direction.Proposal;
import org.dl4jgn.optimize.StepOutcome.Outcome;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One step after another: linearize, ask for a direction, search, decide, update the damping.
 *
 * <p>A step is two calls, {@link #linearize} and {@link #take}; between them the problem is linearized, and whoever wants to
 * can look at it. It decides and moves nothing: {@link #next()} is where the parameters are to go, if they are to go
 * anywhere.
 *
 * <p><b>Taking a step back.</b> Loss and gradient are known to be finite where a step begins, but only the loss where it
 * ends: the gradient there would cost a backward pass. So the next step looks: if loss or gradient are not finite where
 * the step before led, but are where it began, on the same mini-batch, then that step is taken back, and its outcome is
 * {@link Outcome#INVALID}. The parameters from before the last step are kept for this in memory, not in the training state; a
 * training that is resumed from a file cannot take back the last step before it was saved, and ends with an error there.
 *
 * <p>Vectors and the direction's buffers are allocated here, once, and closed with it. Not safe for use by several threads at
 * once.
 */
public final class GaussNewtonStep implements AutoCloseable {

    private final DataType type;
    private final long dimension;
    private final Buffers buffers = new Buffers();
    private final INDArray delta;
    private final INDArray next;
    private INDArray base;
    private INDArray last;
    /** Whether the last step was accepted, from {@code base} (before it is swapped) to {@code next}. */
    private boolean canTakeBack;

    private Direction direction;
    private GaussNewtonUpdater settings;
    private @Nullable Linearized current;

    /** What is known between the two halves of a step. */
    private record Linearized(
            Problem problem, Point point, double gradientNorm, double validation, boolean takesBack, long nanos) {}

    /**
     * Makes the vectors.
     *
     * @param type type of the parameters
     * @param dimension d, their number
     */
    public GaussNewtonStep(GaussNewtonUpdater settings, DataType type, long dimension) {
        this.settings = settings;
        this.type = type;
        this.dimension = dimension;
        delta = zeros();
        next = zeros();
        base = zeros();
        last = zeros();
        direction = Directions.of(settings, type, dimension);
    }

    private INDArray zeros() {
        return buffers.allocate(type, dimension).assign(0.0);
    }

    /** Follows changes of the settings, such as {@code setLearningRate}; to be called between steps. */
    public void configure(GaussNewtonUpdater replacement) {
        if (replacement != settings) {
            if (!replacement.equals(settings)) {
                direction.close();
                direction = Directions.of(replacement, type, dimension);
            }
            settings = replacement;
        }
    }

    /** θ before the step; valid until the next {@link #linearize}. */
    public INDArray base() {
        return base;
    }

    /**
     * Where a step that {@linkplain Step#moves() moves} leads; valid until the next {@link #take}. If the parameters become
     * something else, as with constraints or statistics that follow the step, that is to be copied here: a step can be taken
     * back only if the next one begins here.
     */
    public INDArray next() {
        return next;
    }

    /**
     * Linearizes a problem, and tells the damping what the last step did for it.
     *
     * @param theta θ, copied
     * @return the loss before the step
     * @throws IllegalStateException if the parameters, the loss or the gradient are not finite, and not because of the step
     *     before
     */
    public double linearize(Problem problem, INDArray theta, TrainingState state) {
        long start = System.nanoTime();
        boolean mayTakeBack = canTakeBack;
        canTakeBack = false;
        current = null;
        INDArray swapped = last;
        last = base;
        base = swapped;
        Vectors.copy(theta, base);
        requireFiniteParameters();
        double lossOfPrevious = state.promised() > 0 ? problem.value(state.previous()) : Double.NaN;
        Point point = problem.linearize(base);
        boolean takesBack = !isFinite(point);
        if (takesBack) {
            IllegalStateException overflow = overflow(point);
            if (!mayTakeBack || !isAtNext()) {
                throw overflow;
            }
            point = problem.linearize(last);
            if (!isFinite(point)) {
                throw overflow;
            }
        }
        double validation = takesBack ? Double.NaN : validate(lossOfPrevious - point.value(), state);
        current = new Linearized(
                problem, point, Vectors.norm2(point.gradient()), validation, takesBack, System.nanoTime() - start);
        return point.value();
    }

    /** Whether this step begins where the last one ended. */
    private boolean isAtNext() {
        Vectors.copy(base, delta);
        Vectors.axpy(-1.0, next, delta);
        return Vectors.norm1(delta) == 0;
    }

    private static boolean isFinite(Point point) {
        return Double.isFinite(point.value())
                && (Double.isFinite(Vectors.norm2(point.gradient())) || Vectors.isFinite(point.gradient()));
    }

    /** Tells the damping what the last step did for this mini-batch; returns its share of what it promised for its own. */
    private double validate(double reduction, TrainingState state) {
        if (!Double.isFinite(reduction)) {
            return Double.NaN;
        }
        state.setDamping(settings.damping().validated(state.damping(), reduction, state.promised()));
        return reduction / state.promised();
    }

    /** A saturated unit can hide a parameter that is not finite from the loss, so the loss alone does not tell. */
    private void requireFiniteParameters() {
        if (!Vectors.isFinite(base)) {
            throw new IllegalStateException("The network's parameters hold "
                    + base.getDouble(Vectors.firstNonFinite(base))
                    + ", so no step can be taken: restore them from a good state. No parameter was changed.");
        }
    }

    private static IllegalStateException overflow(Point point) {
        boolean isLoss = !Double.isFinite(point.value());
        return new IllegalStateException((isLoss ? "The loss" : "The gradient's norm") + " is "
                + (isLoss ? point.value() : Vectors.norm2(point.gradient()))
                + " before the step; features, labels and parameters are"
                + " finite, so it overflows in the network or the loss: check the weights' initialization, the scale of the"
                + " features, and labels outside the loss's domain. No parameter was changed.");
    }

    /**
     * Takes the step from the linearized point.
     *
     * @param learningRate the length to begin the search with, finite and ≥ 0
     */
    public Step take(double learningRate, TrainingState state) {
        Linearized at = Objects.requireNonNull(current, "linearize comes before take");
        current = null;
        return at.takesBack ? takeBack(at, state) : take(at, learningRate, state);
    }

    private Step take(Linearized at, double learningRate, TrainingState state) {
        Point point = at.point;
        double asked = damping(point, state);
        long start = System.nanoTime();
        Proposal proposal = direction.propose(point, asked, state, delta);
        double directionNorm = Vectors.norm2(delta);
        long solved = System.nanoTime();
        List<Double> remembered = state.search();
        StepSearch.Verdict verdict = new StepSearch(settings.lineSearch(), at.problem, point, base, delta, next)
                .decide(proposal, directionNorm, learningRate, remembered);
        state.setSearch(verdict.remembered());
        canTakeBack = verdict.outcome() == Outcome.ACCEPTED;
        state.setPromised(0);
        if (verdict.outcome() == Outcome.ACCEPTED) {
            if (state.isValidated()) {
                Vectors.copy(base, state.previous());
                state.setPromised(-proposal.model(verdict.step()));
            }
            direction.observe(verdict.ratio(), state);
        }
        direction.commit(state, verdict.outcome() == Outcome.INVALID ? null : delta);
        state.setDamping(after(verdict, proposal.solve().raises(), state.damping()));
        switch (verdict.outcome()) {
            case ACCEPTED -> state.setRejections(0);
            case REJECTED, INVALID -> state.setRejections(state.rejections() + 1);
            case CONVERGED -> {}
        }
        state.countStep();
        return new Step(
                verdict.outcome(),
                point.value(),
                verdict.loss(),
                verdict.predicted(),
                verdict.ratio(),
                at.validation,
                proposal.solve().damping(),
                verdict.step(),
                verdict.evaluations(),
                proposal.solve(),
                at.gradientNorm,
                directionNorm,
                (int) state.rejections(),
                verdict.outcome() == Outcome.ACCEPTED,
                Step.Times.ofNanos(at.nanos, solved - start, System.nanoTime() - solved));
    }

    private double damping(Point point, TrainingState state) {
        double least = point.leastValue();
        double excess = Double.isFinite(least) ? point.value() - least : Double.POSITIVE_INFINITY;
        return settings.damping().value(state.damping(), state.steps(), excess, point.lossCurvature());
    }

    private Damping.State after(StepSearch.Verdict verdict, int raises, Damping.State before) {
        Damping rule = settings.damping();
        if (verdict.outcome() == Outcome.CONVERGED) {
            // too short for want of less damping: the model held, and to leave the damping as it is would be for good
            return verdict.isTooShort() ? rule.accepted(before, 1) : before;
        }
        Damping.State raised = before;
        for (int i = 0; i < raises; i++) {
            raised = rule.invalid(raised);
        }
        return verdict.outcome() == Outcome.ACCEPTED
                ? rule.accepted(raised, verdict.ratio())
                : verdict.outcome() == Outcome.REJECTED ? rule.rejected(raised, verdict.ratio()) : rule.invalid(raised);
    }

    private Step takeBack(Linearized at, TrainingState state) {
        Vectors.copy(last, next);
        double damping = damping(at.point, state);
        state.setPromised(0);
        state.setSearch(List.of());
        state.setDamping(settings.damping().invalid(state.damping()));
        state.setRejections(state.rejections() + 1);
        return new Step(
                Outcome.INVALID,
                at.point.value(),
                at.point.value(),
                0,
                Double.NEGATIVE_INFINITY,
                Double.NaN,
                damping,
                0,
                0,
                Solve.none("the step before was taken back: loss or gradient are not finite where it led"),
                at.gradientNorm,
                0,
                (int) state.rejections(),
                true,
                Step.Times.ofNanos(at.nanos, 0, 0));
    }

    @Override
    public void close() {
        direction.close();
        buffers.close();
    }
}
