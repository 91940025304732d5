package org.dl4jgn.optimize;

import org.dl4jgn.conf.Pace;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.curvature.LinearizedNetwork;
import org.dl4jgn.linalg.ConjugateGradient;
import org.dl4jgn.linalg.Vectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.Pow;
import org.nd4j.linalg.factory.Nd4j;

/**
 * SGN: conjugate gradients on (H + ρI)Δ = −h (Gargiani et al. 2020, Algorithm 2).
 *
 * <p>h is the gradient, or with momentum β its bias-corrected average m̂ = m/(1 − βᵗ), m ← βm + (1 − β)g.
 */
final class SgnDirection implements Direction {

    private static final double LOW_RATIO = 0.25;
    private static final double HIGH_RATIO = 0.75;

    private final Sgn sgn;
    private final ConjugateGradient solver;
    private final @Nullable Momentum momentum;
    private final @Nullable INDArray corrected;
    private final @Nullable INDArray inverseDiagonal;
    private final @Nullable ProjectedMomentum projected;

    SgnDirection(Sgn sgn, LinearizedNetwork at) {
        this.sgn = sgn;
        solver = new ConjugateGradient(at.gaussNewton());
        momentum = sgn.momentum() > 0 ? new Momentum(sgn.momentum(), at.newVector()) : null;
        corrected = sgn.momentum() > 0 ? at.newVector() : null;
        inverseDiagonal = sgn.preconditioner() > 0 ? at.newVector() : null;
        projected = sgn.projectedMomentum() > 0 ? new ProjectedMomentum(sgn.projectedMomentum(), at) : null;
    }

    @Override
    public Proposal propose(LinearizedNetwork at, double damping, TrainingState state, INDArray delta) {
        INDArray g = at.gradient();
        INDArray h = g;
        boolean isProjected = projected != null && projected.recall(state);
        if (projected != null && isProjected) {
            h = projected.linearTerm(at);
        }
        if (momentum != null && corrected != null) {
            momentum.average(g, state, corrected);
            h = corrected;
        }
        boolean warm = sgn.warmStart() > 0 && state.warm;
        if (warm) {
            Vectors.copy(previous(state), delta);
            Vectors.scale(sgn.warmStart(), delta);
        }
        ConjugateGradient.Stopping stopping = new ConjugateGradient.Stopping(
                iterations(state), sgn.residualTolerance(), sgn.relativeProgress(), sgn.orthogonalized());
        ConjugateGradient.Result result = solver.solve(h, damping, preconditioner(h, damping), warm, delta, stopping);
        if (projected != null && isProjected) {
            projected.addMemory(delta);
            double slope = Vectors.dot(g, delta);
            double curvature = projected.curvature(g, damping, delta, solver.residual());
            return new Proposal(slope, slope, curvature, result.isUsable(), Solve.of(result, delta.length(), damping));
        }
        double descent = Vectors.dot(h, delta);
        double slope = h == g ? descent : Vectors.dot(g, delta);
        return new Proposal(
                descent, slope, result.curvature(), result.isUsable(), Solve.of(result, delta.length(), damping));
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

    private int iterations(TrainingState state) {
        if (state.steps < sgn.warmupSteps()) {
            return sgn.warmupIterations();
        }
        int set = sgn.isAdaptive() ? (int) adapted(state, 0) : sgn.cgIterations();
        Pace pace = sgn.pace();
        return pace != null && state.pace != null ? pace.iterations(state.pace, set) : set;
    }

    /** The adaptive number of iterations, changed by {@code change} within its bounds. */
    private long adapted(TrainingState state, int change) {
        long k = withinBounds(state.iterations > 0 ? state.iterations : sgn.cgIterations());
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
            state.warm = true;
        }
    }

    @Override
    public void observe(double ratio, TrainingState state) {
        if (!sgn.isAdaptive() || state.steps < sgn.warmupSteps()) {
            return;
        }
        state.iterations = adapted(state, ratio > HIGH_RATIO ? 1 : ratio < LOW_RATIO ? -1 : 0);
    }

    private INDArray previous(TrainingState state) {
        return state.vector(sgn.momentum() > 0 ? 1 : 0);
    }
}
