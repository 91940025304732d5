package org.dl4jgn.optimize;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.Pace;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.optimize.Direction.Proposal;
import org.dl4jgn.optimize.StepOutcome.Outcome;
import org.dl4jgn.problem.Kinks;
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
 * <p><b>Several tries.</b> Where the settings have them ({@link GaussNewtonUpdater#tries()}), a direction whose trial was rejected
 * is followed by that of the next damping from the same point, in the same step: the dampings and iterates are those of as many
 * steps, without their linearizations.
 *
 * <p><b>Taking a step back.</b> Loss and gradient are known to be finite where a step begins, but only the loss where it
 * ends: the gradient there would cost a backward pass. So the next step looks: if loss or gradient are not finite where
 * the step before led, but are where it began, on the same mini-batch, then that step is taken back, and its outcome is
 * {@link Outcome#INVALID}. The parameters from before the last step are kept for this in memory, not in the training state; a
 * training that is resumed from a file cannot take back the last step before it was saved, and ends with an error there. With
 * a {@link Pace} it is taken back too if the loss of this mini-batch, which the step had not seen, rose by too much, to the
 * parameters in the training state, and this step begins there.
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
    private final IterateAverage average;
    private INDArray base;
    private INDArray last;
    /** Whether the last step was accepted, from {@code base} (before it is swapped) to {@code next}. */
    private boolean canTakeBack;

    private Direction direction;
    private GaussNewtonUpdater settings;
    private StepBounds bounds;
    private @Nullable Kinks kinks;
    private @Nullable Linearized current;

    /**
     * What is known between the two halves of a step.
     *
     * @param takesBack whether this step is spent on taking back the one before, because nothing can be computed where it led
     * @param tookBack whether the step before was taken back before this one
     */
    private record Linearized(
            PosedStep posed,
            Point point,
            double gradientNorm,
            double validation,
            boolean takesBack,
            boolean tookBack,
            long nanos) {}

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
        average = new IterateAverage(type, settings.averaging() > 0 ? dimension : 1);
        direction = Directions.of(settings, type, dimension);
        bounds = new StepBounds(List.of(), delta);
    }

    /** Bounds all directions from now on, in place of those before. */
    public void bound(List<StepBounds.Bound> limits) {
        bounds = new StepBounds(limits, delta);
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
     * Where a step that {@linkplain Step#moves() moves} leads, to be changed, where running statistics follow the step or
     * constraints apply, before {@link #position} is asked for; valid until the next {@link #take}. A step can be taken back
     * only if the next one begins here.
     */
    public INDArray next() {
        return next;
    }

    /** Whether the network's parameters are an average of iterates. */
    public boolean isAveraged() {
        return settings.averaging() > 0;
    }

    /**
     * What the network's parameters become after a step that moves: {@link #next}, or the average of the iterates with it taken
     * in, whose running statistics are to be those at the average. To be called once a step, and then {@link #written}.
     */
    public INDArray position(TrainingState state) {
        if (!isAveraged()) {
            return next;
        }
        Pace pace = settings.pace();
        average.take(settings.averaging(), pace == null ? 0 : pace.leastWeight(state.pace(pace)), next, state);
        if (kinks != null) {
            // an average of what has become zero would be small for long, and never zero
            kinks.copyZeros(next, average.mean());
        }
        return average.mean();
    }

    /** The {@link #position} is written to the network as it is now. */
    public void written(TrainingState state) {
        if (isAveraged()) {
            average.written(state);
        }
    }

    /**
     * Linearizes a problem, and tells damping and pace what the last step did for it.
     *
     * @param theta the network's parameters, copied
     * @return the loss before the step
     * @throws IllegalStateException if the parameters, the loss or the gradient are not finite, and not because of the step
     *     before
     */
    public double linearize(Problem problem, INDArray theta, TrainingState state) {
        long start = System.nanoTime();
        boolean mayTakeBack = canTakeBack;
        canTakeBack = false;
        current = null;
        kinks = problem.kinks();
        INDArray swapped = last;
        last = base;
        base = swapped;
        begin(theta, state);
        FiniteCheck.requireFinite(base);
        PosedStep posed = PosedStep.of(problem, new StepRules(settings, state));
        Validation validation = Validation.of(posed, base, () -> firstProduct(posed, state), state, delta);
        Point reached = posed.linearize(base);
        Point point = reached;
        boolean isHarmful = validation.isHarmful(reached, settings, state);
        double share = validation.tell(reached, settings, state);
        if (isHarmful) {
            state.readTrained(state.previous(), base);
            state.forgetDirection();
            if (validation.isSame()) {
                // on the same mini-batch the same step would follow, for good
                state.setDamping(settings.damping().rejected(state.damping()));
            }
            point = posed.linearize(base);
        }
        double gradientNorm = Vectors.norm2(point.gradient());
        boolean takesBack = !FiniteCheck.isFinite(point, gradientNorm);
        if (takesBack) {
            IllegalStateException overflow = FiniteCheck.overflow(point);
            if (isHarmful || !mayTakeBack || !isAtNext()) {
                throw overflow;
            }
            point = posed.linearize(last);
            gradientNorm = Vectors.norm2(point.gradient());
            if (!FiniteCheck.isFinite(point, gradientNorm)) {
                throw overflow;
            }
        }
        current = new Linearized(
                posed,
                point,
                gradientNorm,
                takesBack ? Double.NaN : share,
                takesBack,
                isHarmful,
                System.nanoTime() - start);
        return point.value();
    }

    /** What is multiplied with the curvature of all examples first, if that is known before they are linearized. */
    private Optional<INDArray> firstProduct(PosedStep posed, TrainingState state) {
        return posed.part() == null ? direction.firstProduct(state) : Optional.empty();
    }

    /** Where the step begins: the network's parameters, or the iterate behind their average. */
    private void begin(INDArray theta, TrainingState state) {
        if (isAveraged()) {
            average.load(theta, state, base);
        } else {
            Vectors.copy(theta, base);
        }
    }

    /** Whether this step begins where the last one ended. */
    private boolean isAtNext() {
        Vectors.copy(base, delta);
        Vectors.axpy(-1.0, next, delta);
        return Vectors.norm1(delta) == 0;
    }

    /**
     * Takes the step from the linearized point.
     *
     * @param learningRate the length to begin the search with, or what a pace makes of it, finite and ≥ 0
     */
    public Step take(double learningRate, TrainingState state) {
        Linearized at = Objects.requireNonNull(current, "linearize comes before take");
        current = null;
        return at.takesBack ? takeBack(at, state) : take(at, learningRate, state);
    }

    private Step take(Linearized at, double learningRate, TrainingState state) {
        StepRules rules = new StepRules(settings, state);
        rules.guess(learningRate);
        Point point = at.point;
        state.setDamping(settings.damping().begun(state.damping(), point.lossCurvature()));
        Attempt attempt = attempt(at.posed.whole(), point, rules, learningRate);
        while (attempt.isFailure() && mayTryAgain(attempt, state)) {
            // the direction sees that it follows a rejection, and the next damping is that of a step which does
            state.setDamping(attempt.dampingAfter(rules));
            state.setRejections(state.rejections() + 1);
            attempt = attempt.then(attempt(at.posed.whole(), point, rules, learningRate));
        }
        Proposal proposal = attempt.proposal();
        double directionNorm = attempt.directionNorm();
        StepSearch.Verdict verdict = attempt.verdict();
        boolean isAccepted = verdict.outcome() == Outcome.ACCEPTED;
        state.setSearch(settings.pace() == null ? verdict.remembered() : List.of());
        canTakeBack = isAccepted;
        state.setPromised(0);
        state.setPredictedChange(0);
        if (isAccepted) {
            if (state.isSensed()) {
                direction.sensitivity().ifPresent(found -> {
                    if (found.change() != state.sensitivity()) {
                        Vectors.copy(found.change(), state.sensitivity());
                    }
                    state.setPredictedChange(found.slopeAt(verdict.step()));
                });
            }
            if (state.isValidated()) {
                Vectors.copy(base, state.previous());
                state.setMarkOfPrevious(at.posed.mark(point));
                state.setPromised(rules.promised(proposal, verdict.step(), directionNorm));
            }
            state.rememberDirection(delta);
            direction.observe(verdict.ratio(), state);
        } else if (at.tookBack) {
            Vectors.copy(base, next);
        }
        direction.commit(state, verdict.outcome() == Outcome.INVALID ? null : delta);
        state.setDamping(attempt.dampingAfter(rules));
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
                attempt.evaluations(),
                proposal.solve(),
                at.gradientNorm,
                directionNorm,
                (int) state.rejections(),
                at.tookBack,
                isAccepted || at.tookBack,
                Step.Times.ofNanos(at.nanos, attempt.solving(), attempt.searching()));
    }

    /** One damping at a point. */
    private Attempt attempt(Problem problem, Point point, StepRules rules, double learningRate) {
        long start = System.nanoTime();
        Proposal proposal = bounds.shorten(direction.propose(point, rules.damping(point), rules.state(), delta));
        double norm = Vectors.norm2(delta);
        long solved = System.nanoTime();
        StepSearch.Verdict verdict =
                rules.decide(new Line(problem, base, delta, next), point, proposal, norm, learningRate);
        return new Attempt(
                proposal, norm, verdict, 1, verdict.evaluations(), solved - start, System.nanoTime() - solved);
    }

    /** As long as tries are left, and the rejections in a row are not as many as training stops at. */
    private boolean mayTryAgain(Attempt attempt, TrainingState state) {
        return attempt.tried() < settings.tries() && state.rejections() + 1 < settings.maxRejections();
    }

    private Step takeBack(Linearized at, TrainingState state) {
        Vectors.copy(last, next);
        state.forgetDirection();
        double damping = new StepRules(settings, state).damping(at.point);
        state.setPromised(0);
        state.setPredictedChange(0);
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
                true,
                Step.Times.ofNanos(at.nanos, 0, 0));
    }

    @Override
    public void close() {
        direction.close();
        average.close();
        buffers.close();
    }
}
