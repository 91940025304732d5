package org.dl4jgn.optimize;

import java.util.Optional;
import org.dl4jgn.conf.Pace;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.ConjugateGradient;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.RowSpace.GramOffer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.Pow;
import org.nd4j.linalg.factory.Nd4j;

/**
 * SGN: conjugate gradients on (H + ρI)Δ = −h (Gargiani et al. 2020, Algorithm 2).
 *
 * <p>h is the gradient, or with momentum β its bias-corrected average m̂ = m/(1 − βᵗ), m ← βm + (1 − β)g. With {@link
 * ProjectedMomentum} the iterations start from μΔ'.
 */
final class SgnDirection implements Direction {

    private static final double LOW_RATIO = 0.25;
    private static final double HIGH_RATIO = 0.75;

    private static final String ITERATIONS = "iterations";
    private static final String WARM = "warm";
    private static final String PREVIOUS = "previous";

    private final Sgn sgn;
    private final Buffers buffers = new Buffers();
    private final ConjugateGradient solver;
    private final ProjectedMomentum projected;
    private final RowIterations rowIterations;
    private final @Nullable Momentum momentum;
    private final @Nullable INDArray inverseDiagonal;
    private final boolean isSensed;
    private @Nullable Sensitivity sensitivity;

    SgnDirection(Sgn sgn, DataType type, long dimension) {
        this.sgn = sgn;
        solver = new ConjugateGradient(type, dimension);
        rowIterations = new RowIterations(type, dimension);
        projected = new ProjectedMomentum(sgn.projectedMomentum(), type, dimension);
        momentum = sgn.momentum() > 0 ? new Momentum(sgn.momentum(), type, dimension) : null;
        inverseDiagonal = sgn.preconditioner() > 0 ? buffers.allocate(type, dimension) : null;
        // both dampings have the same Krylov space only from zero, and without preconditioner
        isSensed = sgn.damping().isSensed() && sgn.preconditioner() == 0 && sgn.warmStart() == 0;
    }

    @Override
    public Proposal propose(Point at, double damping, TrainingState state, INDArray delta) {
        INDArray g = at.gradient();
        boolean remembers = projected.recall(state);
        int iterations = iterations(state);
        Optional<GramOffer> rows = isPlain() ? RowIterations.offer(at, iterations) : Optional.empty();
        if (rows.isPresent()) {
            return among(rows.get(), at, damping, iterations, state, delta);
        }
        INDArray h = remembers ? projected.linearTerm(at) : momentum == null ? g : momentum.average(g, state);
        boolean warm = sgn.warmStart() > 0 && state.direction().number(WARM) != 0;
        if (warm) {
            Vectors.copy(previous(state), delta);
            Vectors.scale(sgn.warmStart(), delta);
        }
        // a solution from elsewhere is a start with no iterations to follow, for one product that tells what it is
        // worth; where it does not lower the model, the start is zero, and the iterations are taken after all
        boolean isSolved = at.solve(h, damping, iterations, delta);
        boolean isSensedHere = isSensed && !isSolved;
        INDArray inverse = preconditioner(h, damping);
        ConjugateGradient.Result result = isSensedHere
                ? solver.solve(at.gaussNewton(), h, damping, damping, delta, stopping(iterations))
                : solver.solve(
                        at.gaussNewton(),
                        h,
                        damping,
                        inverse,
                        warm || isSolved,
                        delta,
                        stopping(isSolved ? 0 : iterations));
        if (isSolved && result.model() == 0) {
            result = solver.solve(at.gaussNewton(), h, damping, inverse, false, delta, stopping(iterations));
        }
        projected.addMemory(delta);
        sensitivity = isSensedHere ? sense(g, damping, delta, state.sensitivity()) : null;
        if (remembers) {
            double slope = Vectors.dot(g, delta);
            return new Proposal(
                    slope,
                    slope,
                    projected.dampedCurvature(slope, damping, delta, solver.residual()),
                    result.isUsable(),
                    Solve.of(result, delta.length(), damping));
        }
        double descent = Vectors.dot(h, delta);
        double slope = h == g ? descent : Vectors.dot(g, delta);
        return new Proposal(
                descent, slope, result.curvature(), result.isUsable(), Solve.of(result, delta.length(), damping));
    }

    /**
     * Whether a solve is as many iterations of conjugate gradients from zero as are asked for, on the gradient itself; of the
     * default method, since Algorithm 2 is one of products, and is timed and compared as such.
     */
    private boolean isPlain() {
        return sgn.pace() != null
                && momentum == null
                && sgn.preconditioner() == 0
                && sgn.warmStart() == 0
                && sgn.residualTolerance() == 0
                && sgn.relativeProgress() == 0;
    }

    private Proposal among(
            GramOffer rows, Point at, double damping, int iterations, TrainingState state, INDArray delta) {
        INDArray memory = projected.isActive() ? projected.memory() : null;
        INDArray w = isSensed ? state.sensitivity() : null;
        RowIterations.Found found =
                rowIterations.solve(at, rows, memory, damping, iterations, sgn.orthogonalized(), delta, w);
        INDArray g = at.gradient();
        double slope = Vectors.dot(g, delta);
        sensitivity = w == null ? null : new Sensitivity(w, Vectors.dot(g, w), found.changeCurvature());
        double curvature = found.curvature() + damping * Vectors.dot(delta, delta);
        return new Proposal(slope, slope, curvature, found.usable(), found.solve());
    }

    /** w = Δ(ρ) − Δ(2ρ), both of the same Krylov space; written to {@code w}. */
    private Sensitivity sense(INDArray g, double damping, INDArray delta, INDArray w) {
        Vectors.copy(delta, w);
        projected.subtractMemory(w);
        Vectors.axpy(-1.0, solver.shifted(), w);
        double slope = Vectors.dot(g, w);
        return new Sensitivity(w, slope, projected.curvature(slope, damping, delta, solver.residual(), w));
    }

    @Override
    public Optional<INDArray> firstProduct(TrainingState state) {
        return projected.recall(state) ? Optional.of(projected.memory()) : Optional.empty();
    }

    @Override
    public Optional<Sensitivity> sensitivity() {
        return Optional.ofNullable(sensitivity);
    }

    /** The diagonal of the preconditioner's inverse, (h² + ρ)^−α, as in the authors' code. */
    private @Nullable INDArray preconditioner(INDArray h, double damping) {
        if (inverseDiagonal == null) {
            return null;
        }
        h.muli(h, inverseDiagonal);
        inverseDiagonal.addi(Math.max(damping, Float.MIN_NORMAL));
        Nd4j.getExecutioner().exec(new Pow(inverseDiagonal, -sgn.preconditioner()));
        return inverseDiagonal;
    }

    private ConjugateGradient.Stopping stopping(int iterations) {
        return new ConjugateGradient.Stopping(
                iterations, sgn.residualTolerance(), sgn.relativeProgress(), sgn.orthogonalized());
    }

    private int iterations(TrainingState state) {
        if (state.steps() < sgn.warmupSteps()) {
            return sgn.warmupIterations();
        }
        int k = sgn.isAdaptive() ? (int) adapted(state, 0) : sgn.cgIterations();
        Pace pace = sgn.pace();
        return pace == null ? k : pace.iterations(state.pace(pace), k);
    }

    /** The adaptive number of iterations, changed by {@code change} within its bounds. */
    private long adapted(TrainingState state, int change) {
        long last = (long) state.direction().number(ITERATIONS);
        long k = withinBounds(last > 0 ? last : sgn.cgIterations());
        return withinBounds(k + change);
    }

    private long withinBounds(long k) {
        return Math.max(sgn.adaptiveMin(), Math.min(sgn.adaptiveMax(), k));
    }

    @Override
    public void commit(TrainingState state, @Nullable INDArray delta) {
        if (momentum != null) {
            momentum.commit(state);
        }
        if (sgn.warmStart() > 0 && delta != null) {
            Vectors.copy(delta, previous(state));
            state.direction().set(WARM, 1);
        }
    }

    @Override
    public void observe(double ratio, TrainingState state) {
        if (!sgn.isAdaptive() || state.steps() < sgn.warmupSteps()) {
            return;
        }
        state.direction().set(ITERATIONS, adapted(state, ratio > HIGH_RATIO ? 1 : ratio < LOW_RATIO ? -1 : 0));
    }

    private static INDArray previous(TrainingState state) {
        return state.direction().vector(PREVIOUS);
    }

    @Override
    public void close() {
        solver.close();
        rowIterations.close();
        buffers.close();
        projected.close();
        if (momentum != null) {
            momentum.close();
        }
    }
}
