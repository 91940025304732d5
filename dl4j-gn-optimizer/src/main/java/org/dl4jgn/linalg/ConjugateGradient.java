package org.dl4jgn.linalg;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Preconditioned conjugate gradients for (A + ρI)Δ = −h with a symmetric positive semidefinite A.
 *
 * <p>Minimizes q(Δ) = hᵀΔ + ½Δᵀ(A + ρI)Δ over a growing Krylov space. The residual that is tracked, reported and tested
 * is s = (A + ρI)Δ + h, the gradient of q. Each iteration costs one product with A, two inner products and four vector
 * updates; memory is four vectors of length d with Δ, owned by the solver. Written after Nocedal and Wright, Numerical Optimization, algorithm 5.3,
 * which is what Algorithm 2 of Gargiani et al. (2020) runs for a fixed number of iterations.
 *
 * <p><b>Reorthogonalization.</b> The residuals of conjugate gradients are orthogonal in exact arithmetic only. With the
 * spectra of Gauss-Newton matrices, a few large eigenvalues and many tiny ones, rounding destroys that within ten
 * iterations: on a network of 104 parameters with ρ = 1e-4, ten plain iterations in float64 end 52 % away from the
 * exact tenth iterate, with a residual eight times as large, and in float32 more. So each residual is orthogonalized
 * against the earlier ones, up to a given number of them, which costs two vector operations for each and restores the
 * exact iterates to 1e-14 there.
 */
public final class ConjugateGradient implements AutoCloseable {

    /** Why a solve ended. */
    public enum Ending {
        /** The allowed number of iterations was used. */
        ITERATION_LIMIT("used all %d iterations; residual %s"),
        /** ‖s‖∞ fell to the tolerance. */
        RESIDUAL_TOLERANCE("residual below its tolerance after %d iterations: %s"),
        /** q decreased by too little over the last iterations. */
        RELATIVE_PROGRESS("no more progress after %d iterations; residual %s"),
        /** pᵀ(A + ρI)p ≤ 0 for a search direction p; the iterate before it was kept. Raise ρ. */
        NONPOSITIVE_CURVATURE("curvature not positive after %d iterations; residual %s; raise the damping"),
        /** An inner product was not a finite number; the iterate before it was kept. Raise ρ. */
        NON_FINITE("number not finite after %d iterations; residual %s; raise the damping");

        private final String text;

        Ending(String text) {
            this.text = text;
        }
    }

    /**
     * How far to solve.
     *
     * @param maxIterations at most this many products with A, at least 1
     * @param residualTolerance stop when ‖s‖∞ is not above it, in units of the gradient; 0 never stops
     * @param relativeProgress stop after iteration i when q decreased by less than the fraction m·{@code
     *     relativeProgress} of its value over the last m = max(10, i/10) iterations (Martens 2010, section 4.4); 0 never
     * @param orthogonalized how many residuals to keep for reorthogonalization, each a vector of length d; 0 for none
     */
    public record Stopping(int maxIterations, double residualTolerance, double relativeProgress, int orthogonalized) {}

    /**
     * What a solve did. All of it refers to the returned Δ.
     *
     * @param iterations products with A that contributed
     * @param ending why it ended
     * @param residualNorm ‖s‖∞
     * @param model q(Δ), never positive
     * @param curvature Δᵀ(A + ρI)Δ
     */
    public record Result(int iterations, Ending ending, double residualNorm, double model, double curvature) {

        /** False if the first iteration failed already, so that Δ is zero for no good reason. */
        public boolean isUsable() {
            return model != 0 || ending != Ending.NONPOSITIVE_CURVATURE && ending != Ending.NON_FINITE;
        }

        @Override
        public String toString() {
            return ending.text.replace("%d", Integer.toString(iterations)).replace("%s", rounded(residualNorm));
        }

        /** Three digits. Formats take longer, up to a hundredth of a step of a small network. */
        private static String rounded(double x) {
            if (!Double.isFinite(x)) {
                return Double.toString(x);
            }
            BigDecimal digits = new BigDecimal(x).round(DIGITS);
            int exponent = digits.precision() - digits.scale() - 1;
            if (digits.signum() != 0 && exponent >= SMALLEST_PLAIN && exponent < DIGITS.getPrecision()) {
                return digits.setScale(DIGITS.getPrecision() - 1 - exponent).toPlainString();
            }
            String power = Integer.toString(Math.abs(exponent));
            return digits.movePointLeft(exponent)
                            .setScale(DIGITS.getPrecision() - 1)
                            .toPlainString()
                    + (exponent < 0 ? "e-" : "e+")
                    + (power.length() < 2 ? "0" : "")
                    + power;
        }
    }

    private static final MathContext DIGITS = new MathContext(3, RoundingMode.HALF_UP);

    /** Power of ten of the smallest numbers that are written without one. */
    private static final int SMALLEST_PLAIN = -4;

    private static final int PROGRESS_WINDOW = 10;

    private final DataType type;
    private final long dimension;
    private final Buffers buffers = new Buffers();
    private final INDArray residual;
    private final ScaledVector p;
    private final INDArray room;
    private @Nullable INDArray preconditioned;
    private @Nullable ShiftedIterates shifted;
    private double[] model = new double[0];
    private final KeptResiduals kept = new KeptResiduals(this::vector);

    /** Allocates the vectors of solves for {@code dimension} unknowns. */
    public ConjugateGradient(DataType type, long dimension) {
        this.type = type;
        this.dimension = dimension;
        residual = vector();
        p = new ScaledVector(vector());
        room = vector();
    }

    private INDArray vector() {
        return buffers.allocate(type, dimension);
    }

    /** s = (A + ρI)Δ + h at the end of the last solve; overwritten by the next. */
    public INDArray residual() {
        return residual;
    }

    /**
     * Solves, starting from {@code delta} if it makes q negative, else from zero.
     *
     * @param a A
     * @param h the linear term; not changed
     * @param rho ρ ≥ 0
     * @param inverseDiagonal the diagonal of the preconditioner's inverse, all positive, or null for none
     * @param warm whether {@code delta} holds a start
     * @param delta Δ, overwritten by the result
     */
    public Result solve(
            LinearOperator a,
            INDArray h,
            double rho,
            @Nullable INDArray inverseDiagonal,
            boolean warm,
            INDArray delta,
            Stopping stopping) {
        return solve(a, h, rho, inverseDiagonal, warm, delta, stopping, null);
    }

    /**
     * Solves from zero, and for the damping ρ + σ too: see {@link #shifted}. Costs two vector updates more an iteration, and
     * two vectors.
     *
     * @param sigma σ ≥ 0
     */
    public Result solve(LinearOperator a, INDArray h, double rho, double sigma, INDArray delta, Stopping stopping) {
        if (shifted == null) {
            shifted = new ShiftedIterates(buffers, type, dimension);
        }
        shifted.start(sigma, h);
        return solve(a, h, rho, null, false, delta, stopping, shifted);
    }

    /** Δ for the damping ρ + σ, after a solve that was asked for it: as many iterations in the same Krylov space. */
    public INDArray shifted() {
        if (shifted == null) {
            throw new IllegalStateException("No solve was asked for a second damping");
        }
        return shifted.solution();
    }

    private Result solve(
            LinearOperator a,
            INDArray h,
            double rho,
            @Nullable INDArray inverseDiagonal,
            boolean warm,
            INDArray delta,
            Stopping stopping,
            @Nullable ShiftedIterates others) {
        double q = start(a, h, rho, warm, delta);
        INDArray y = precondition(inverseDiagonal);
        p.start(y);
        double sy = Vectors.dot(residual, y);
        startModelHistory(stopping, q);
        kept.start(Math.min(stopping.orthogonalized(), stopping.maxIterations()));
        kept.keep(residual, y, sy);
        int iterations = 0;
        Ending ending = Ending.ITERATION_LIMIT;
        while (iterations < stopping.maxIterations()) {
            if (stopping.residualTolerance() > 0 && Vectors.normInf(residual) <= stopping.residualTolerance()) {
                ending = Ending.RESIDUAL_TOLERANCE;
                break;
            }
            // of p/c, as all that is made of it until Δ
            INDArray ap = a.product(p.vector(), room);
            if (rho != 0) {
                Vectors.axpy(rho, p.vector(), ap);
            }
            double c = p.factor();
            double pap = c * c * Vectors.dot(p.vector(), ap);
            if (!Double.isFinite(pap) || !Double.isFinite(sy)) {
                ending = Ending.NON_FINITE;
                break;
            }
            if (pap <= 0) {
                ending = sy == 0 ? Ending.RESIDUAL_TOLERANCE : Ending.NONPOSITIVE_CURVATURE;
                break;
            }
            double alpha = sy / pap;
            if (!Double.isFinite(alpha)) {
                ending = Ending.NON_FINITE;
                break;
            }
            Vectors.axpy(alpha * c, ap, residual);
            kept.orthogonalize(residual);
            y = precondition(inverseDiagonal);
            double next = Vectors.dot(residual, y);
            if (!Double.isFinite(next)) {
                computeResidual(a, h, rho, delta);
                ending = Ending.NON_FINITE;
                break;
            }
            Vectors.axpy(alpha * c, p.vector(), delta);
            if (others != null) {
                others.advance(alpha, residual, next / sy);
            }
            iterations++;
            q -= 0.5 * alpha * sy;
            if (hasStalled(stopping, iterations, q)) {
                ending = Ending.RELATIVE_PROGRESS;
                break;
            }
            p.follow(next / sy, -1, y);
            sy = next;
            kept.keep(residual, y, sy);
        }
        double curvature = 2 * (q - Vectors.dot(h, delta));
        return new Result(iterations, ending, Vectors.normInf(residual), q, curvature);
    }

    /** Sets delta and the residual, and returns q there. */
    private double start(LinearOperator a, INDArray h, double rho, boolean warm, INDArray delta) {
        if (warm) {
            computeResidual(a, h, rho, delta);
            double q = 0.5 * (Vectors.dot(h, delta) + Vectors.dot(residual, delta));
            if (q < 0) {
                return q;
            }
        }
        delta.assign(0.0);
        Vectors.copy(h, residual);
        return 0.0;
    }

    /** s ← (A + ρI)Δ + h, at the cost of a product. */
    private void computeResidual(LinearOperator a, INDArray h, double rho, INDArray delta) {
        a.apply(delta, residual);
        Vectors.axpy(rho, delta, residual);
        Vectors.axpy(1.0, h, residual);
    }

    private INDArray precondition(@Nullable INDArray inverseDiagonal) {
        if (inverseDiagonal == null) {
            return residual;
        }
        if (preconditioned == null) {
            preconditioned = vector();
        }
        residual.muli(inverseDiagonal, preconditioned);
        return preconditioned;
    }

    private void startModelHistory(Stopping stopping, double q) {
        if (stopping.relativeProgress() > 0) {
            if (model.length <= stopping.maxIterations()) {
                model = new double[stopping.maxIterations() + 1];
            }
            model[0] = q;
        }
    }

    private boolean hasStalled(Stopping stopping, int iteration, double q) {
        if (stopping.relativeProgress() <= 0) {
            return false;
        }
        model[iteration] = q;
        int window = Math.max(PROGRESS_WINDOW, iteration / 10);
        return iteration > window
                && q < 0
                && (q - model[iteration - window]) / q < window * stopping.relativeProgress();
    }

    @Override
    public void close() {
        buffers.close();
        kept.clear();
        preconditioned = null;
        shifted = null;
    }
}
