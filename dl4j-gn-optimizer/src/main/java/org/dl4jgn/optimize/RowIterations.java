package org.dl4jgn.optimize;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.dl4jgn.linalg.DeviceMemory;
import org.dl4jgn.linalg.RowConjugateGradient;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.RowGram;
import org.dl4jgn.problem.RowSpace;
import org.dl4jgn.problem.RowSpace.GramOffer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * SGN's conjugate gradients for (H + ρI)(Δ − m) = −(g + Hm) among the rows of H = (1/N)RᵀR, with m = μΔ' or zero: the iterates are
 * those of products with H, in exact arithmetic, but an iteration costs n² multiplications for the n rows. What it takes is the
 * rows' Gram matrix, once a step, and four half products: Rm, Rg where g is of more examples than R, and Rᵀ of what was
 * found. With few outputs that is less than the products of a few iterations.
 *
 * <p>Where g = (1/N)Rᵀw for a known w, all vectors are Rᵀy; else g is one more vector of the span.
 */
final class RowIterations {

    /** What half products beside the Gram matrix take, in products with H. */
    private static final double PRODUCTS = 2;

    /** The share of the products' work up to which the rows' is taken: its passes are shorter. */
    private static final double SHARE = 0.8;

    /** ‖residual‖²/‖h‖² at which nothing is left where all vectors are of the rows, known to float64; */
    private static final double EXACT = 1e-28;

    /** where g was computed beside the rows, in float64; */
    private static final double DOUBLE = 1e-14;

    /** and in float32. */
    private static final double FLOAT = 1e-6;

    private RowIterations() {}

    /**
     * What was found beside the direction.
     *
     * @param solve how
     * @param usable whether there is a direction
     * @param curvature ΔᵀHΔ
     * @param changeCurvature wᵀHΔ; 0 if w was not asked for
     */
    record Found(Solve solve, boolean usable, double curvature, double changeCurvature) {}

    /** The rows at a point, if iterations among them take less than products with H. */
    static Optional<GramOffer> offer(Point at, int iterations) {
        return at.rowSpace().flatMap(rows -> rows.gram().filter(offer -> isCheaper(rows, offer, iterations)));
    }

    /** With no more rows than iterations the system would be solved before the last of them; that few are left as they are. */
    private static boolean isCheaper(RowSpace rows, GramOffer offer, int iterations) {
        double n = offer.size();
        double product = rows.productWork();
        double work = offer.work() + PRODUCTS * product + iterations * n * n;
        return n > iterations && work < SHARE * (iterations + 1) * product && offer.bytes() < DeviceMemory.bytes() / 4;
    }

    /**
     * Solves.
     *
     * @param memory m, [d], or null for zero
     * @param orthogonalized residuals that are kept orthogonal against rounding
     * @param delta Δ, overwritten
     * @param change w = Δ(ρ) − Δ(2ρ), overwritten; or null
     */
    static Found solve(
            Point at,
            GramOffer offer,
            @Nullable INDArray memory,
            double rho,
            int iterations,
            int orthogonalized,
            INDArray delta,
            @Nullable INDArray change) {
        INDArray g = at.gradient();
        RowGram rows = offer.open(DeviceMemory.bytes() / 2);
        int n = rows.size();
        double scale = 1 / rows.normalizer();
        double[] w = rows.preimage();
        double[] ofMemory = memory == null ? new double[n] : rows.apply(memory);
        double[] h = new double[w == null ? n + 1 : n];
        double[] weights = new double[h.length];
        for (int i = 0; i < n; i++) {
            h[i] = scale * (ofMemory[i] + (w == null ? 0 : w[i]));
            weights[i] = scale;
        }
        if (w == null) {
            h[n] = 1;
        }
        double[] gram = w == null ? withGradient(rows.gram(), rows.apply(g), Vectors.dot(g, g)) : rows.gram();
        RowConjugateGradient among = new RowConjugateGradient(gram, weights);
        double negligible = w != null ? EXACT : g.dataType() == DataType.DOUBLE ? DOUBLE : FLOAT;
        RowConjugateGradient.Result result = among.solve(h, rho, rho, iterations, orthogonalized, negligible);

        double[] y = result.solution();
        write(rows, g, y, delta);
        if (memory != null) {
            Vectors.axpy(1.0, memory, delta);
        }
        double[] product = Arrays.copyOf(among.image(y), n);
        for (int i = 0; i < n; i++) {
            product[i] += ofMemory[i];
        }
        double changeCurvature = 0;
        if (change != null) {
            double[] difference = y.clone();
            for (int i = 0; i < difference.length; i++) {
                difference[i] -= result.shifted()[i];
            }
            write(rows, g, difference, change);
            changeCurvature = scale * RowConjugateGradient.dot(product, among.image(difference));
        }
        String ending = String.format(
                Locale.ROOT,
                "%s: %d iterations among the rows; residual %.3g (2-norm)",
                result.ending(),
                result.iterations(),
                result.residual());
        Solve solve = new Solve("ROW_CONJUGATE_GRADIENTS", n, rho, 0, result.iterations(), Double.NaN, ending);
        return new Found(solve, result.isUsable(), scale * RowConjugateGradient.dot(product, product), changeCurvature);
    }

    /** The Gram matrix of the rows and g. */
    private static double[] withGradient(double[] gram, double[] ofGradient, double square) {
        int n = ofGradient.length;
        int m = n + 1;
        double[] result = new double[m * m];
        for (int i = 0; i < n; i++) {
            System.arraycopy(gram, i * n, result, i * m, n);
            result[i * m + n] = ofGradient[i];
            result[n * m + i] = ofGradient[i];
        }
        result[n * m + n] = square;
        return result;
    }

    /** {@code v ← Rᵀy + y_n g}, without the second where y is of rows alone. */
    private static void write(RowGram rows, INDArray g, double[] y, INDArray v) {
        int n = rows.size();
        rows.transposed(y.length == n ? y : Arrays.copyOf(y, n), v);
        if (y.length > n) {
            Vectors.axpy(y[n], g, v);
        }
    }
}
