package org.dl4jgn.optimize;

import java.util.Optional;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.curvature.DampedSystem;
import org.dl4jgn.curvature.LinearizedNetwork;
import org.dl4jgn.curvature.SystemKind;
import org.dl4jgn.linalg.ConjugateGradient;
import org.dl4jgn.linalg.LinearOperator;
import org.dl4jgn.linalg.Vectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * EGN: the exact solution of (H + λI)Δ = −g (Korbit et al. 2024), with momentum on the direction.
 *
 * <p>With momentum the step is along the bias-corrected average of the directions, unless that would not descend or the
 * step before was rejected: then along the direction itself.
 */
final class EgnDirection implements Direction {

    /** λ is at least this: with λ = 0 the system need not have a solution. */
    private static final double SMALLEST_DAMPING = 1e-12;

    /** After a pivot that is not positive, λ is raised by this factor, */
    private static final double RAISE = 10;

    /** and at most so many times in a step. */
    private static final int MAX_RAISES = 8;

    /** A correction takes two products, and one tests it: the factorization must take more than all, several times. */
    private static final int PRODUCTS_OF_A_CORRECTION = 4;

    /** The share of a factorization's multiplications, as 1/x, that conjugate gradients may take before it, */
    private static final double TRIED_SHARE = 6;

    /** and the largest number of their iterations. */
    private static final int MAX_TRIED = 50;

    /** Residuals kept orthogonal in conjugate gradients, where they are few vectors beside the others. */
    private static final int ORTHOGONALIZED = 50;

    private final Egn egn;
    private final SystemChoice choice;
    private final @Nullable Momentum momentum;
    private final @Nullable INDArray average;
    private final @Nullable ProjectedMomentum projected;
    private @Nullable ConjugateGradient iteration;
    private @Nullable Refinement refinement;
    private boolean precise;

    EgnDirection(Egn egn, LinearizedNetwork at) {
        this.egn = egn;
        choice = SystemChoice.within(egn.gramLimit(), egn.memoryLimit());
        momentum = egn.momentum() > 0 ? new Momentum(egn.momentum(), at.newVector()) : null;
        average = egn.momentum() > 0 ? at.newVector() : null;
        projected = egn.projectedMomentum() > 0 ? new ProjectedMomentum(egn.projectedMomentum(), at) : null;
    }

    @Override
    public Proposal propose(LinearizedNetwork at, double damping, TrainingState state, INDArray delta) {
        double lambda = Math.max(damping, SMALLEST_DAMPING);
        precise = state.precise;
        boolean isProjected = projected != null && projected.recall(state);
        Found found = find(at, lambda, delta);
        if (found.isImprecise) {
            precise = true;
            found = find(at, lambda, delta);
        }
        double slope = Vectors.dot(at.gradient(), delta);
        // Δᵀ(H + λI)Δ = −gᵀΔ for an exact solution
        double curvature = -slope;
        if (projected != null && isProjected) {
            curvature = projected.curvature(at.gradient(), found.solve.damping(), delta, null);
        }
        if (momentum != null && average != null) {
            momentum.average(delta, state, average);
            double averageSlope = Vectors.dot(at.gradient(), average);
            if (averageSlope < 0 && state.rejections == 0) {
                Vectors.copy(average, delta);
                slope = averageSlope;
                curvature = curvature(at, found.solve.damping(), delta);
            }
        }
        return new Proposal(slope, slope, curvature, found.usable, found.solve);
    }

    /**
     * How Δ was found.
     *
     * @param usable whether it was; if not, it is zero
     * @param isImprecise whether float32 turned out to be too short for the matrix
     */
    private record Found(Solve solve, boolean usable, boolean isImprecise) {}

    private Found find(LinearizedNetwork at, double lambda, INDArray delta) {
        Optional<SystemKind> kind = choice.choose(cost(at, SystemKind.GRAM), cost(at, SystemKind.PARAMETERS));
        if (kind.isEmpty()) {
            return iterate(at, lambda, delta, egn.cgIterations(), egn.cgTolerance());
        }
        if (type(at, kind.get()) == DataType.FLOAT) {
            Found found = iterate(at, lambda, delta, affordable(at, kind.get()), Refinement.ACCURATE);
            if (found.solve.residualNorm() <= Refinement.ACCURATE * Vectors.normInf(at.gradient())) {
                return found;
            }
        }
        return factor(at, kind.get(), lambda, delta);
    }

    /**
     * Conjugate-gradient iterations that are tried before a matrix is factored in float32: with as much damping as training
     * often has, a dozen give Δ to the same residual (784-20-20-20-10, b·c = 1280, λ = 0.1: 8 to 11, in a quarter of the
     * time), and where they do not, little is lost.
     */
    private static int affordable(LinearizedNetwork at, SystemKind kind) {
        return (int) Math.min(MAX_TRIED, at.systemWork(kind) / (TRIED_SHARE * at.productWork()));
    }

    private SystemChoice.Cost cost(LinearizedNetwork at, SystemKind kind) {
        return new SystemChoice.Cost(at.systemRows(kind), at.systemBytes(kind, type(at, kind)), at.systemWork(kind));
    }

    /**
     * The type to factor in: float32 halves time and memory, and leaves Δ to be corrected by products with H, where those
     * are cheap beside it; float64 otherwise.
     */
    private DataType type(LinearizedNetwork at, SystemKind kind) {
        boolean isShort = at.theta().dataType() == DataType.FLOAT
                && !precise
                && at.systemWork(kind) > PRODUCTS_OF_A_CORRECTION * at.productWork();
        return isShort ? DataType.FLOAT : DataType.DOUBLE;
    }

    private Found factor(LinearizedNetwork at, SystemKind kind, double damping, INDArray delta) {
        DataType type = type(at, kind);
        DampedSystem system = at.system(kind, type, choice.byteLimit());
        system.linearize();
        double lambda = damping;
        int raises = 0;
        INDArray memory = memory();
        boolean solved = system.solve(lambda, memory, delta);
        boolean isShort = type == DataType.FLOAT;
        while (!solved && !isShort && raises < MAX_RAISES) {
            lambda *= RAISE;
            raises++;
            solved = system.solve(lambda, memory, delta);
        }
        Refinement.Result refined =
                isShort && solved ? refinement(at).refine(system, lambda, memory, delta) : Refinement.NONE;
        if (!solved) {
            delta.assign(0.0);
        }
        String ending = solved
                ? "factored in " + (isShort ? "float32, " + refined.corrections() + " corrections" : "float64")
                        + (raises == 0 ? "" : " after " + raises + " raises of the damping, for pivots not positive")
                : "pivots not positive up to damping " + lambda;
        Solve.Solver solver = kind == SystemKind.GRAM ? Solve.Solver.GRAM_CHOLESKY : Solve.Solver.PARAMETER_CHOLESKY;
        Solve solve =
                new Solve(solver, system.size(), lambda, raises, refined.corrections(), refined.residual(), ending);
        return new Found(solve, solved, isShort && !(solved && refined.isAccurate()));
    }

    private @Nullable INDArray memory() {
        return projected != null && projected.isActive() ? projected.memory() : null;
    }

    private Refinement refinement(LinearizedNetwork at) {
        if (refinement == null) {
            refinement = new Refinement(at);
        }
        return refinement;
    }

    private Found iterate(LinearizedNetwork at, double lambda, INDArray delta, int iterations, double tolerance) {
        if (iteration == null) {
            iteration = new ConjugateGradient(at.gaussNewton());
        }
        ConjugateGradient.Stopping stopping =
                new ConjugateGradient.Stopping(iterations, tolerance * Vectors.normInf(at.gradient()), 0, kept(delta));
        boolean isProjected = projected != null && projected.isActive();
        INDArray h = projected != null && isProjected ? projected.linearTerm(at) : at.gradient();
        ConjugateGradient.Result result = iteration.solve(h, lambda, null, false, delta, stopping);
        if (projected != null && isProjected) {
            projected.addMemory(delta);
        }
        return new Found(Solve.of(result, delta.length(), lambda), result.isUsable(), false);
    }

    /** As many residuals as memory allows, beside everything else. */
    private int kept(INDArray delta) {
        long bytes = delta.length() * delta.dataType().width();
        return (int) Math.min(ORTHOGONALIZED, choice.byteLimit() / (4 * bytes));
    }

    private static double curvature(LinearizedNetwork at, double lambda, INDArray delta) {
        LinearOperator h = at.gaussNewton();
        Vectors.copy(delta, h.input());
        h.apply();
        return Vectors.dot(delta, h.output()) + lambda * Vectors.dot(delta, delta);
    }

    @Override
    public void commit(TrainingState state, @Nullable INDArray delta) {
        state.precise = precise;
        if (momentum == null) {
            return;
        }
        if (delta == null) {
            momentum.skip(state);
        } else {
            momentum.commit(state);
        }
    }
}
