package org.dl4jgn.linalg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dl4jgn.linalg.ConjugateGradient.Ending;

/**
 * Conjugate gradients for (cRᵀR + D + ρI)Δ = −h among n rows R and, if there is one, another vector e, where D is a number D_p on each of
 * several parts of a vector. With V_p the rows, and e as one more, with zeros outside of part p, every vector of the iteration is Σ_p V_pᵀy_p
 * for some y_p of m = n or n + 1 numbers each, since
 *
 * <pre>(cRᵀR + D + ρI) Σ_p V_pᵀy_p = Σ_p V_pᵀ(cz + (D_p + ρ)y_p),    z = Σ_q (V_qV_qᵀy_q), without its number of e,
 * (Σ_p V_pᵀx_p)ᵀ(Σ_p V_pᵀy_p) = Σ_p x_pᵀV_pV_pᵀy_p.</pre>
 *
 * <p>The y_p are kept one after the other. The iterates are those of {@link ConjugateGradient} on the long vectors, in exact arithmetic.
 * Cost: a product with the Gram matrix of each part an iteration, and one before the first. All vectors are of float64 here, which keeps them closer to those than long vectors of float32 do: to 1e-6 on relu
 * networks of float32, where eight iterations without reorthogonalization may be off by 1e-1.
 */
public final class RowConjugateGradient {

    private final List<Gram> grams;
    private final double[] penalties;
    private final double scale;
    private final int rows;
    private final int m;
    /** Earlier residuals, of length 1. */
    private final List<Spanned> kept = new ArrayList<>();

    /**
     * A vector Σ_p V_pᵀy_p.
     *
     * @param y the y_p
     * @param image V_pV_pᵀy_p of each part; follows sums of vectors without a product
     */
    public record Spanned(double[] y, double[] image) {

        private static Spanned zero(int length) {
            return new Spanned(new double[length], new double[length]);
        }

        /** a·this + b·other. */
        private Spanned combined(double a, double b, Spanned other) {
            return new Spanned(combine(a, y, b, other.y), combine(a, image, b, other.image));
        }

        /** This − other. */
        public Spanned minus(Spanned other) {
            return combined(1, -1, other);
        }

        private Spanned times(double a) {
            return combined(a, 0, this);
        }

        private void add(double a, Spanned other) {
            axpy(a, other.y, y);
            axpy(a, other.image, image);
        }

        private double square() {
            return dot(y, image);
        }
    }

    /**
     * What a solve found.
     *
     * @param solution Δ
     * @param shifted the same for ρ + σ
     * @param iterations that contributed
     * @param ending why it ended
     * @param residual ‖(cRᵀR + D + ρI)Δ + h‖₂
     */
    public record Result(Spanned solution, Spanned shifted, int iterations, Ending ending, double residual) {

        /** False if the first iteration failed already, so that Δ is zero for no good reason. */
        public boolean isUsable() {
            return iterations > 0 || ending == Ending.RESIDUAL_TOLERANCE;
        }
    }

    /**
     * Some vectors.
     *
     * @param grams V_pV_pᵀ of each part, of m vectors
     * @param rows n, m or m − 1
     * @param scale c
     * @param penalties D_p of each part
     */
    public RowConjugateGradient(List<? extends Gram> grams, int rows, double scale, double[] penalties) {
        this.grams = List.copyOf(grams);
        this.penalties = penalties;
        this.scale = scale;
        this.rows = rows;
        m = grams.get(0).size();
        for (Gram gram : grams) {
            if (gram.size() != m || m != rows && m != rows + 1) {
                throw new IllegalArgumentException("A Gram matrix of " + rows + " rows is one of " + gram.size()
                        + " vectors, but must be of " + rows + ", or " + (rows + 1) + " with another vector");
            }
        }
        if (penalties.length != grams.size()) {
            throw new IllegalArgumentException(
                    penalties.length + " penalties for " + grams.size() + " parts; one for each is needed");
        }
    }

    private Spanned spanned(double[] y) {
        double[] image = new double[y.length];
        for (int p = 0; p < grams.size(); p++) {
            double[] own = grams.get(p).times(Arrays.copyOfRange(y, p * m, (p + 1) * m));
            System.arraycopy(own, 0, image, p * m, m);
        }
        return new Spanned(y, image);
    }

    /** Rx of a vector x, [n]. */
    public double[] rowsOf(Spanned x) {
        double[] z = new double[rows];
        for (int p = 0; p < grams.size(); p++) {
            for (int i = 0; i < rows; i++) {
                z[i] += x.image[p * m + i];
            }
        }
        return z;
    }

    /** The y_p of what (cRᵀR + D + ρI) makes of a vector. */
    private double[] apply(Spanned x, double rho) {
        double[] z = rowsOf(x);
        double[] result = new double[x.y.length];
        for (int p = 0; p < grams.size(); p++) {
            for (int i = 0; i < m; i++) {
                int at = p * m + i;
                result[at] = (i < rows ? scale * z[i] : 0) + (penalties[p] + rho) * x.y[at];
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
     * @param h the y_p of the linear term; not changed
     * @param rho ρ ≥ 0
     * @param sigma σ ≥ 0: the second damping is ρ + σ
     * @param iterations at most so many, at least 1
     * @param orthogonalized how many residuals are kept orthogonal against rounding
     * @param negligible the share of the first residual's square below which one is not told from zero, and iterations end
     */
    public Result solve(double[] h, double rho, double sigma, int iterations, int orthogonalized, double negligible) {
        Spanned delta = Spanned.zero(h.length);
        Spanned s = spanned(h.clone());
        double sy = s.square();
        double zero = negligible * sy;
        Spanned p = s.times(-1);
        Spanned shifted = Spanned.zero(h.length);
        Spanned shiftedP = p;
        ShiftedCoefficients second = new ShiftedCoefficients();
        second.start(sigma);
        kept.clear();
        keep(s, sy, orthogonalized);
        int done = 0;
        Ending ending = sy > 0 ? Ending.ITERATION_LIMIT : sy == 0 ? Ending.RESIDUAL_TOLERANCE : Ending.NON_FINITE;
        while (done < iterations && ending == Ending.ITERATION_LIMIT) {
            double[] ap = apply(p, rho);
            double pap = dot(p.image, ap);
            double alpha = sy / pap;
            if (!Double.isFinite(alpha) || alpha < 0) {
                ending = pap <= 0 ? Ending.NONPOSITIVE_CURVATURE : Ending.NON_FINITE;
                break;
            }
            double[] y = combine(1, s.y, alpha, ap);
            for (Spanned before : kept) {
                axpy(-dot(before.image, y), before.y, y);
            }
            Spanned next = spanned(y);
            double nextSy = next.square();
            if (!Double.isFinite(nextSy)) {
                ending = Ending.NON_FINITE;
                break;
            }
            s = next;
            delta.add(alpha, p);
            double beta = Math.max(0, nextSy) / sy;
            second.advance(alpha, beta);
            shifted.add(second.step(), shiftedP);
            shiftedP = shiftedP.combined(second.kept(), -second.factor(), s);
            done++;
            sy = Math.max(0, nextSy);
            if (sy <= zero) {
                ending = Ending.RESIDUAL_TOLERANCE;
                break;
            }
            p = p.combined(beta, -1, s);
            keep(s, sy, orthogonalized);
        }
        return new Result(delta, shifted, done, ending, Math.sqrt(Math.max(0, sy)));
    }

    private void keep(Spanned s, double sy, int most) {
        if (kept.size() < most && sy > 0) {
            kept.add(s.times(1 / Math.sqrt(sy)));
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
