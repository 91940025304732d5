package org.dl4jgn.optimize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.DeviceMemory;
import org.dl4jgn.linalg.Gram;
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
 * SGN's conjugate gradients for (H + ρI)(Δ − m) = −(g + Hm) among the rows of H = (1/N)RᵀR + D, with m = μΔ' or zero: the iterates are
 * those of products with H, in exact arithmetic, but an iteration costs a product with the rows' Gram matrix: n² multiplications for n
 * rows where it is formed, once a step, which is little with few outputs; or a pass back and forth through the layers, which is little where
 * they are wide. Beside it a step takes a few half products.
 *
 * <p>The linear term is (1/N)Rᵀ(w + Rm) + e where g = (1/N)Rᵀw + Dθ for a known w, with e = D(θ + m); else it is (1/N)RᵀRm + e with
 * e = g + Dm. So vectors are Rᵀy + ae, without the second where e is zero. Where D is not the same for all parameters, they are such
 * in each part of the parameters for which it is.
 */
final class RowIterations implements AutoCloseable {

    /** The share of the products' work up to which the rows' is taken: it comes in shorter passes. */
    private static final double SHARE = 0.7;

    /** ‖residual‖²/‖h‖² at which nothing is left where all vectors are of the rows, known to float64; */
    private static final double EXACT = 1e-28;

    /** where another vector was computed beside the rows, in float64; */
    private static final double DOUBLE = 1e-20;

    /** and in float32. */
    private static final double FLOAT = 1e-6;

    private final DataType type;
    private final long dimension;
    private final Buffers buffers = new Buffers();
    private @Nullable INDArray extra;
    private @Nullable INDArray share;

    RowIterations(DataType type, long dimension) {
        this.type = type;
        this.dimension = dimension;
    }

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
        return at.rowSpace()
                .flatMap(rows -> rows.grams().stream()
                        .sorted(Comparator.comparingDouble(offer -> work(rows, offer, iterations)))
                        .filter(offer -> isCheaper(rows, offer, iterations))
                        .findFirst());
    }

    /** With no more rows than iterations the system would be solved before the last of them; that few are left as they are. */
    private static boolean isCheaper(RowSpace rows, GramOffer offer, int iterations) {
        return offer.size() > iterations
                && work(rows, offer, iterations) < SHARE * (iterations + 1) * rows.productWork()
                && offer.bytes() < DeviceMemory.bytes() / 4;
    }

    private static double work(RowSpace rows, GramOffer offer, int iterations) {
        // of m, of e in each part, and two solutions from each part
        double halves = 1 + 3 * offer.parts();
        return offer.work() + halves * rows.productWork() / 2 + iterations * offer.productWork();
    }

    /**
     * Solves.
     *
     * @param memory m, [d], or null for zero
     * @param orthogonalized residuals that are kept orthogonal against rounding
     * @param delta Δ, overwritten
     * @param change w = Δ(ρ) − Δ(2ρ), overwritten; or null
     */
    Found solve(
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
        double[] penalties = rows.penalties();
        double[] w = rows.preimage();
        double[] ofMemory = memory == null ? new double[n] : rows.apply(memory);
        INDArray e = extra(rows, w == null, g, memory);
        int m = e == null ? n : n + 1;
        double[] h = new double[m * penalties.length];
        List<Gram> grams = new ArrayList<>();
        for (int part = 0; part < penalties.length; part++) {
            for (int i = 0; i < n; i++) {
                h[part * m + i] = scale * (ofMemory[i] + (w == null ? 0 : w[i]));
            }
            if (e != null) {
                h[part * m + n] = 1;
            }
            grams.add(gram(rows, part, e));
        }
        RowConjugateGradient among = new RowConjugateGradient(grams, n, scale, penalties);
        double negligible = e == null ? EXACT : type == DataType.DOUBLE ? DOUBLE : FLOAT;
        RowConjugateGradient.Result result = among.solve(h, rho, rho, iterations, orthogonalized, negligible);

        write(rows, e, result.solution().y(), delta);
        if (memory != null) {
            Vectors.axpy(1.0, memory, delta);
        }
        double[] ofDelta = among.rowsOf(result.solution());
        for (int i = 0; i < n; i++) {
            ofDelta[i] += ofMemory[i];
        }
        double curvature = scale * RowConjugateGradient.dot(ofDelta, ofDelta) + penalty(rows, delta, delta);
        double changeCurvature = 0;
        if (change != null) {
            RowConjugateGradient.Spanned difference = result.solution().minus(result.shifted());
            write(rows, e, difference.y(), change);
            double[] ofChange = among.rowsOf(difference);
            changeCurvature = scale * RowConjugateGradient.dot(ofDelta, ofChange) + penalty(rows, delta, change);
        }
        String ending = String.format(
                Locale.ROOT,
                "%s: %d iterations among the rows; residual %.3g (2-norm)",
                result.ending(),
                result.iterations(),
                result.residual());
        Solve solve = new Solve("ROW_CONJUGATE_GRADIENTS", n, rho, 0, result.iterations(), Double.NaN, ending);
        return new Found(solve, result.isUsable(), curvature, changeCurvature);
    }

    private static boolean hasPenalty(RowGram rows) {
        return Arrays.stream(rows.penalties()).anyMatch(d -> d != 0);
    }

    /** e, or null where it is zero. */
    private @Nullable INDArray extra(RowGram rows, boolean holdsGradient, INDArray g, @Nullable INDArray memory) {
        if (!hasPenalty(rows)) {
            return holdsGradient ? g : null;
        }
        if (extra == null) {
            extra = buffers.allocate(type, dimension);
        }
        if (holdsGradient) {
            Vectors.copy(g, extra);
        } else {
            extra.assign(0.0);
            rows.addPenaltyGradient(extra);
        }
        if (memory != null) {
            rows.addPenaltyProduct(memory, extra);
        }
        return extra;
    }

    private INDArray share() {
        if (share == null) {
            share = buffers.allocate(type, dimension);
        }
        return share;
    }

    /** The Gram matrix of a part's rows, and of e's share in the part. */
    private Gram gram(RowGram rows, int part, @Nullable INDArray e) {
        Gram gram = rows.gram(part);
        if (e == null) {
            return gram;
        }
        INDArray own = e;
        if (rows.penalties().length > 1) {
            own = share();
            Vectors.copy(e, own);
            rows.restrict(part, own);
        }
        double square = Vectors.dot(own, own);
        return gram.with(square > 0 ? rows.apply(own) : new double[rows.size()], square);
    }

    /** {@code v ← Σ E_p(Rᵀy_p + a_p e)}. */
    private void write(RowGram rows, @Nullable INDArray e, double[] y, INDArray v) {
        int n = rows.size();
        int parts = rows.penalties().length;
        int m = y.length / parts;
        if (parts > 1) {
            v.assign(0.0);
        }
        for (int part = 0; part < parts; part++) {
            INDArray own = parts == 1 ? v : share();
            rows.transposed(Arrays.copyOfRange(y, part * m, part * m + n), own);
            if (e != null) {
                Vectors.axpy(y[part * m + n], e, own);
            }
            if (parts > 1) {
                rows.restrict(part, own);
                Vectors.axpy(1.0, own, v);
            }
        }
    }

    /** xᵀDy. */
    private double penalty(RowGram rows, INDArray x, INDArray y) {
        if (!hasPenalty(rows)) {
            return 0;
        }
        INDArray product = share();
        product.assign(0.0);
        rows.addPenaltyProduct(x, product);
        return Vectors.dot(product, y);
    }

    @Override
    public void close() {
        buffers.close();
    }
}
