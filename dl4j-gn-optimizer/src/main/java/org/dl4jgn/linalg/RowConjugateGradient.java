package org.dl4jgn.linalg;

import java.util.ArrayList;
import java.util.List;
import org.dl4jgn.linalg.ConjugateGradient.Ending;

/**
 * Conjugate gradients for (VᵀWV + ρI)Δ = −Vᵀh within the span of m vectors, the rows of V, with a diagonal W ⪰ 0: every vector
 * of the iteration is Vᵀy for an y of m numbers, since
 *
 * <pre>(VᵀWV + ρI)Vᵀy = Vᵀ(WGy + ρy),    (Vᵀy)ᵀ(Vᵀz) = yᵀGz,    G = VVᵀ.</pre>
 *
 * <p>The iterates are those of {@link ConjugateGradient} on the long vectors, in exact arithmetic. Cost: m² multiplications an iteration.
 * All vectors are of float64 here, which keeps them closer to those than long vectors of float32 do: to 1e-6 on relu networks of float32, where eight iterations
 * without reorthogonalization may be off by 1e-1.
 */
public final class RowConjugateGradient {

    private final double[] gram;
    private final double[] weights;
    private final int m;
    private final List<Kept> kept = new ArrayList<>();

    /** An earlier residual s and Gs, both divided by √(sᵀGs). */
    private record Kept(double[] s, double[] image) {}

    /**
     * What a solve found.
     *
     * @param solution y of Δ = Vᵀy
     * @param shifted the same for ρ + σ
     * @param iterations that contributed
     * @param ending why it ended
     * @param residual ‖(VᵀWV + ρI)Δ + Vᵀh‖₂
     */
    public record Result(double[] solution, double[] shifted, int iterations, Ending ending, double residual) {

        /** False if the first iteration failed already, so that Δ is zero for no good reason. */
        public boolean isUsable() {
            return iterations > 0 || ending == Ending.RESIDUAL_TOLERANCE;
        }
    }

    /**
     * Some vectors.
     *
     * @param gram G, [m · m], symmetric
     * @param weights W's diagonal, [m]
     */
    public RowConjugateGradient(double[] gram, double[] weights) {
        this.gram = gram;
        this.weights = weights;
        m = weights.length;
        if (gram.length != (long) m * m) {
            throw new IllegalArgumentException(
                    "The Gram matrix has " + gram.length + " elements, but must have " + m + "²");
        }
    }

    /** Gy. */
    public double[] image(double[] y) {
        double[] result = new double[m];
        for (int i = 0; i < m; i++) {
            double yi = y[i];
            int row = i * m;
            for (int j = 0; j < m; j++) {
                result[j] += yi * gram[row + j];
            }
        }
        return result;
    }

    /** yᵀz. */
    public static double dot(double[] y, double[] z) {
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            sum += y[i] * z[i];
        }
        return sum;
    }

    /**
     * Solves from zero.
     *
     * @param h of the linear term Vᵀh; not changed
     * @param rho ρ ≥ 0
     * @param sigma σ ≥ 0: the second damping is ρ + σ
     * @param iterations at most so many, at least 1
     * @param orthogonalized how many residuals are kept orthogonal against rounding
     * @param negligible the share of the first residual's square below which one is not told from zero, and iterations end
     */
    public Result solve(double[] h, double rho, double sigma, int iterations, int orthogonalized, double negligible) {
        double[] delta = new double[m];
        double[] s = h.clone();
        double[] image = image(s);
        double sy = dot(s, image);
        double zero = negligible * sy;
        double[] p = combine(-1, s, 0, s);
        double[] pImage = combine(-1, image, 0, image);
        double[] shifted = new double[m];
        double[] shiftedP = p.clone();
        ShiftedCoefficients second = new ShiftedCoefficients();
        second.start(sigma);
        kept.clear();
        keep(s, image, sy, orthogonalized);
        int done = 0;
        Ending ending = sy > 0 ? Ending.ITERATION_LIMIT : sy == 0 ? Ending.RESIDUAL_TOLERANCE : Ending.NON_FINITE;
        while (done < iterations && ending == Ending.ITERATION_LIMIT) {
            double[] ap = new double[m];
            for (int i = 0; i < m; i++) {
                ap[i] = weights[i] * pImage[i] + rho * p[i];
            }
            double pap = dot(pImage, ap);
            double alpha = sy / pap;
            if (!Double.isFinite(alpha) || alpha < 0) {
                ending = pap <= 0 ? Ending.NONPOSITIVE_CURVATURE : Ending.NON_FINITE;
                break;
            }
            double[] next = combine(1, s, alpha, ap);
            for (Kept before : kept) {
                axpy(-dot(before.image, next), before.s, next);
            }
            image = image(next);
            double nextSy = dot(next, image);
            if (!Double.isFinite(nextSy)) {
                ending = Ending.NON_FINITE;
                break;
            }
            s = next;
            axpy(alpha, p, delta);
            double beta = Math.max(0, nextSy) / sy;
            second.advance(alpha, beta);
            axpy(second.step(), shiftedP, shifted);
            shiftedP = combine(second.kept(), shiftedP, -second.factor(), s);
            done++;
            sy = Math.max(0, nextSy);
            if (sy <= zero) {
                ending = Ending.RESIDUAL_TOLERANCE;
                break;
            }
            p = combine(beta, p, -1, s);
            pImage = combine(beta, pImage, -1, image);
            keep(s, image, sy, orthogonalized);
        }
        return new Result(delta, shifted, done, ending, Math.sqrt(Math.max(0, sy)));
    }

    private void keep(double[] s, double[] image, double sy, int most) {
        if (kept.size() < most && sy > 0) {
            double scale = 1 / Math.sqrt(sy);
            kept.add(new Kept(combine(scale, s, 0, s), combine(scale, image, 0, image)));
        }
    }

    private static void axpy(double a, double[] x, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] += a * x[i];
        }
    }

    /** ax + by. */
    private static double[] combine(double a, double[] x, double b, double[] y) {
        double[] result = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            result[i] = a * x[i] + b * y[i];
        }
        return result;
    }
}
