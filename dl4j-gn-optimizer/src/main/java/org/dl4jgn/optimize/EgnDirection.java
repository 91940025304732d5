package org.dl4jgn.optimize;

import java.util.List;
import java.util.Optional;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.ConjugateGradient;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.problem.DampedSystem;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.RowSpace;
import org.dl4jgn.problem.RowSpace.SystemOffer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * EGN: the exact solution of (H + λI)Δ = −g (Korbit et al. 2024), with projected momentum or with the paper's, on the
 * direction.
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

    /** the least number of their iterations that is worth a trial, */
    private static final int MIN_TRIED = 4;

    /** the largest, */
    private static final int MAX_TRIED = 50;

    /** how many trials may fail in a row before they are given up, */
    private static final int MAX_FAILED = 2;

    /** and in which steps one is made all the same, since the damping may have risen. */
    private static final int TRIED_AGAIN = 50;

    /** Residuals kept orthogonal in conjugate gradients, where they are few vectors beside the others. */
    private static final int ORTHOGONALIZED = 50;

    private static final String PRECISE = "precise";
    private static final String FAILED = "failed trials";

    private final Egn egn;
    private final DataType type;
    private final long dimension;
    private final SystemChoice choice;
    private final Buffers buffers = new Buffers();
    private final @Nullable Momentum momentum;
    private final @Nullable INDArray product;
    private final ProjectedMomentum projected;
    private @Nullable ConjugateGradient iteration;
    private @Nullable Refinement refinement;
    private final boolean isSensed;
    /** w, in the state, of the step that is proposed; null where nothing is sensed. */
    private @Nullable INDArray change;

    private @Nullable Sensitivity sensitivity;
    private boolean precise;
    private double failed;

    EgnDirection(Egn egn, DataType type, long dimension) {
        this.egn = egn;
        this.type = type;
        this.dimension = dimension;
        choice = SystemChoice.within(egn.gramLimit(), egn.memoryLimit());
        momentum = egn.momentum() > 0 ? new Momentum(egn.momentum(), type, dimension) : null;
        product = egn.momentum() > 0 ? buffers.allocate(type, dimension) : null;
        projected = new ProjectedMomentum(egn.projectedMomentum(), type, dimension);
        // with an average of directions there is no system whose solution the step is
        isSensed = egn.damping().isSensed() && egn.momentum() == 0;
    }

    @Override
    public Proposal propose(Point at, double damping, TrainingState state, INDArray delta) {
        double lambda = Math.max(damping, SMALLEST_DAMPING);
        precise = state.direction().number(PRECISE) != 0;
        failed = state.direction().number(FAILED);
        boolean mayTry = failed < MAX_FAILED || state.steps() % TRIED_AGAIN == 0;
        boolean remembers = projected.recall(state);
        sensitivity = null;
        change = isSensed ? state.sensitivity() : null;
        Found found = find(at, lambda, mayTry, delta);
        if (found.isImprecise) {
            precise = true;
            found = find(at, lambda, mayTry, delta);
        }
        // zero solves the system only if the gradient is zero
        boolean usable = found.usable && (Vectors.norm1(delta) != 0 || Vectors.norm1(at.gradient()) == 0);
        double slope = Vectors.dot(at.gradient(), delta);
        // Δᵀ(H + λI)Δ = −gᵀΔ for an exact solution without a memory
        double solved = found.solve.damping();
        double curvature = remembers ? projected.dampedCurvature(slope, solved, delta, null) : -slope;
        if (momentum != null && product != null) {
            INDArray average = momentum.average(delta, state);
            double averageSlope = Vectors.dot(at.gradient(), average);
            if (averageSlope < 0 && state.rejections() == 0) {
                Vectors.copy(average, delta);
                slope = averageSlope;
                at.gaussNewton().apply(delta, product);
                curvature = Vectors.dot(delta, product) + found.solve.damping() * Vectors.dot(delta, delta);
            }
        }
        return new Proposal(slope, slope, curvature, usable, found.solve);
    }

    /**
     * How Δ was found.
     *
     * @param usable whether it was; if not, it is zero
     * @param isImprecise whether float32 turned out to be too short for the matrix
     */
    private record Found(Solve solve, boolean usable, boolean isImprecise) {}

    private Found find(Point at, double lambda, boolean mayTry, INDArray delta) {
        Optional<RowSpace> rows = at.rowSpace();
        double product = rows.map(RowSpace::productWork).orElse(0.0);
        Optional<SystemOffer> system = rows.flatMap(r -> choice.choose(offers(r), offer -> type(offer, product)));
        if (system.isEmpty()) {
            return iterate(at, lambda, delta, egn.cgIterations(), egn.cgTolerance());
        }
        DataType factored = type(system.get(), product);
        int affordable = affordable(system.get(), product);
        if (factored == DataType.FLOAT && mayTry && affordable >= MIN_TRIED) {
            Found found = iterate(at, lambda, delta, affordable, Refinement.ACCURATE);
            if (found.solve.residualNorm() <= Refinement.ACCURATE * Vectors.normInf(at.gradient())) {
                failed = 0;
                return found;
            }
            failed++;
        }
        return factor(at, system.get(), factored, lambda, delta);
    }

    /** Systems that keep what they form, if another damping may follow. */
    private List<SystemOffer> offers(RowSpace rows) {
        return egn.tries() == 1
                ? rows.systems()
                : rows.systems().stream().map(SystemOffer::keeping).toList();
    }

    /**
     * Conjugate-gradient iterations that are tried before a matrix is factored in float32: with as much damping as training
     * often has, a dozen give Δ to the same residual (784-20-20-20-10, b·c = 1280, λ = 0.1: 8 to 11, in a quarter of the
     * time). With little damping they never do: whoever fails {@value #MAX_FAILED} times is tried every {@value #TRIED_AGAIN} steps only.
     */
    private static int affordable(SystemOffer offer, double productWork) {
        return (int) Math.min(MAX_TRIED, offer.work() / (TRIED_SHARE * productWork));
    }

    /**
     * The type to factor in: float32 halves time and memory, and leaves Δ to be corrected by products with H, where those
     * are cheap beside it; float64 otherwise.
     */
    private DataType type(SystemOffer offer, double productWork) {
        boolean isShort = type == DataType.FLOAT && !precise && offer.work() > PRODUCTS_OF_A_CORRECTION * productWork;
        return isShort ? DataType.FLOAT : DataType.DOUBLE;
    }

    private Found factor(Point at, SystemOffer offer, DataType factored, double damping, INDArray delta) {
        DampedSystem system = offer.open(factored, choice.byteLimit());
        double lambda = damping;
        int raises = 0;
        INDArray addend = projected.addend(lambda);
        boolean solved = system.solve(lambda, addend, delta);
        boolean isShort = factored == DataType.FLOAT;
        while (!solved && !isShort && raises < MAX_RAISES) {
            lambda *= RAISE;
            raises++;
            addend = projected.addend(lambda);
            solved = system.solve(lambda, addend, delta);
        }
        Refinement.Result refined =
                isShort && solved ? refinement().refine(at, system, lambda, addend, delta) : Refinement.NONE;
        if (!solved) {
            delta.assign(0.0);
        }
        String ending = solved
                ? "factored in " + (isShort ? "float32, " + refined.corrections() + " corrections" : "float64")
                        + (raises == 0 ? "" : " after " + raises + " raises of the damping, for pivots not positive")
                : "pivots not positive up to damping " + lambda;
        if (solved && change != null) {
            Vectors.copy(delta, change);
            projected.subtractMemory(change);
            if (system.multiplyInverse(lambda, lambda, change, change)) {
                sense(at, lambda, delta, null, change);
            }
        }
        Solve solve = new Solve(
                offer.name(), offer.size(), lambda, raises, refined.corrections(), refined.residual(), ending);
        return new Found(solve, solved, isShort && !(solved && refined.isAccurate()));
    }

    /** w = λ(H + λI)⁻¹(Δ − μΔ'), which is −∂Δ/∂ln λ; or by conjugate gradients Δ(λ) − Δ(2λ). */
    private void sense(Point at, double lambda, INDArray delta, @Nullable INDArray residual, INDArray w) {
        double slope = Vectors.dot(at.gradient(), w);
        sensitivity = new Sensitivity(w, slope, projected.curvature(slope, lambda, delta, residual, w));
    }

    @Override
    public Optional<Sensitivity> sensitivity() {
        return Optional.ofNullable(sensitivity);
    }

    private Refinement refinement() {
        if (refinement == null) {
            refinement = new Refinement(type, dimension);
        }
        return refinement;
    }

    private Found iterate(Point at, double lambda, INDArray delta, int iterations, double tolerance) {
        if (iteration == null) {
            iteration = new ConjugateGradient(type, dimension);
        }
        ConjugateGradient.Stopping stopping =
                new ConjugateGradient.Stopping(iterations, tolerance * Vectors.normInf(at.gradient()), 0, kept(delta));
        INDArray linear = projected.isActive() ? projected.linearTerm(at) : at.gradient();
        ConjugateGradient.Result result = change == null
                ? iteration.solve(at.gaussNewton(), linear, lambda, null, false, delta, stopping)
                : iteration.solve(at.gaussNewton(), linear, lambda, lambda, delta, stopping);
        if (change != null) {
            Vectors.copy(delta, change);
            Vectors.axpy(-1.0, iteration.shifted(), change);
        }
        projected.addMemory(delta);
        if (change != null) {
            sense(at, lambda, delta, iteration.residual(), change);
        }
        return new Found(Solve.of(result, delta.length(), lambda), result.isUsable(), false);
    }

    /** As many residuals as memory allows, beside everything else. */
    private int kept(INDArray delta) {
        long bytes = delta.length() * delta.dataType().width();
        return (int) Math.min(ORTHOGONALIZED, choice.byteLimit() / (4 * bytes));
    }

    @Override
    public void commit(TrainingState state, @Nullable INDArray delta) {
        state.direction().set(PRECISE, precise ? 1 : 0);
        state.direction().set(FAILED, failed);
        if (momentum == null) {
            return;
        }
        if (delta == null) {
            momentum.skip(state);
        } else {
            momentum.commit(state);
        }
    }

    @Override
    public void close() {
        buffers.close();
        projected.close();
        if (momentum != null) {
            momentum.close();
        }
        if (iteration != null) {
            iteration.close();
        }
        if (refinement != null) {
            refinement.close();
        }
    }
}
