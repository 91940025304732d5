package org.dl4jgn.gram;

import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.loss.OutputLoss;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Views;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;

/**
 * Products with the factors of a head's Q = SSᵀ, one c × q block a row of z. A row is an example here, with b of them; of
 * sequences it is a step of one.
 *
 * <p>Every supported loss has S = (I − p1ᵀ)·diag(a), c × c: p is zero where Q is diagonal, and the softmax output where
 * there is one. So a singular Q is no special case, and nothing has to be added to it.
 *
 * <p>For softmax cross-entropy S is singular by one: Sv = 0 with v = √p, ‖v‖ = 1. With the Householder reflection U that
 * maps v to the last unit vector, up to the sign, SU has a last column of zeros, which can be left out: q = c − 1. The
 * reflection is U = I − wwᵀ/(1 + v_c), w = v + e_c; below h = v/(1 + v_c), without its last element.
 */
final class CurvatureRoot implements AutoCloseable {

    private static final double TINY = 1e-30;

    /** ‖a‖∞ up to which S⁻¹r is not used: what is divided by TINY in place of a smaller a has to be far below it. */
    private static final double SMALLEST_ROOT = 1e-10;

    /** ‖S⁻¹r‖∞ as a multiple of ‖r‖∞/‖a‖∞ up to which S⁻¹r is used. */
    private static final double LARGEST_PREIMAGE = 1e3;

    private final Buffers buffers = new Buffers();
    private final OutputLoss loss;
    private final INDArray a;
    private final @Nullable INDArray p;
    private final @Nullable Reflection reflection;
    private final INDArray tiny;
    private final double inverseWeight;
    private final long b;
    private final long c;
    private final Program read = buffers.own(new Program());
    private final Program squareRoot = buffers.own(new Program());
    private @Nullable INDArray weightedSquare;
    private @Nullable INDArray shift;

    /** v without its last element and h, [b, c − 1]. */
    private final class Reflection {
        final INDArray v;
        final INDArray h;
        private final INDArray root;
        private final INDArray last;
        private final INDArray minusOne;
        private final Program load = buffers.own(new Program());

        Reflection(INDArray p) {
            DataType type = p.dataType();
            v = buffers.allocate(type, b, c - 1);
            h = buffers.allocate(type, b, c - 1);
            root = buffers.allocate(type, b, c);
            last = buffers.allocate(type, b, 1);
            minusOne = buffers.allocate(type, 1, 1).assign(-1.0);
            INDArray one = buffers.allocate(type, 1, 1).assign(1.0);
            load.legacy(new Sqrt(p, root))
                    .columns(root, 0, v)
                    .columns(root, c - 1, last)
                    .add(last, one, last)
                    .divide(v, last, h);
        }

        void load() {
            load.run();
        }

        /**
         * The first c − 1 of c rows x of each example ← U x, for x with vᵀx = 0: x − hx_c; they move up to the front.
         *
         * @param rows [b·c, m]; on return the first b·(c − 1) rows hold the result
         */
        void append(Program program, INDArray rows, INDArray scratch, INDArray sums) {
            long m = rows.size(1);
            INDArray examples = Views.reshape(rows, b, c * m);
            INDArray kept = front(scratch, b, (c - 1) * m);
            INDArray result = front(rows, b, c - 1, m);
            program.columns(examples, 0, kept)
                    .columns(examples, (c - 1) * m, sums)
                    .multiply(Views.reshape(h, b, c - 1, 1), Views.reshape(sums, b, 1, m), result)
                    .subtract(Views.reshape(kept, b, c - 1, m), result, result);
        }

        /** {@code out ← U[y; 0]}: y − hσ and −σ, with σ = vᵀy. */
        void appendTransposed(Program program, INDArray y, INDArray out, INDArray scratch, INDArray sums) {
            INDArray products = front(scratch, b, c - 1);
            INDArray column = Views.reshape(sums, b, 1);
            program.multiply(y, v, products)
                    .sum(products, 1, sums)
                    .multiply(h, column, products)
                    .subtract(y, products, y)
                    .multiply(column, minusOne, last)
                    .concat(y, last, out);
        }
    }

    /**
     * Prepares products in arrays of {@code type}, which may be more precise than the network's.
     *
     * @param inverseWeight a² is so many times {@link OutputLoss#squaredRoot}, whose weight it takes back
     * @param reduced whether S loses the column that it can do without
     */
    CurvatureRoot(OutputLoss loss, double inverseWeight, DataType type, boolean reduced) {
        this.loss = loss;
        this.inverseWeight = inverseWeight;
        b = loss.z.size(0);
        c = loss.z.size(1);
        a = buffers.allocate(type, b, c);
        tiny = buffers.allocate(type, 1, 1).assign(TINY);
        p = loss.rootShift() == null ? null : buffers.allocate(type, b, c);
        reflection = reduced && p != null && loss.rootRank() < c ? new Reflection(p) : null;
        squareRoot.legacy(new Sqrt(a, a));
    }

    /** b, the number of rows of z. */
    long rows() {
        return b;
    }

    /** c. */
    long outputs() {
        return c;
    }

    /** q, the number of columns of S for a row. */
    long rank() {
        return reflection == null ? c : c - 1;
    }

    /** Reads Q at the linearization point. */
    void load() {
        bind(loss.squaredRoot(), loss.rootShift());
        read.run();
        Vectors.scale(inverseWeight, a);
        squareRoot.run();
        if (reflection != null) {
            reflection.load();
        }
    }

    /** Reads from these arrays of the loss, usually those of the time before. */
    private void bind(INDArray nextSquare, @Nullable INDArray nextShift) {
        if (weightedSquare == null) {
            read.convert(nextSquare, a);
            if (p != null && nextShift != null) {
                read.convert(nextShift, p);
            }
        } else {
            read.rebind(weightedSquare, nextSquare);
            if (shift != null && nextShift != null) {
                read.rebind(shift, nextShift);
            }
        }
        weightedSquare = nextSquare;
        shift = nextShift;
    }

    /**
     * Appends {@code rows ← Sᵀ·rows}; the first b·q rows hold the result.
     *
     * @param rows [b·c, m]
     * @param scratch [b·c, m]
     * @param sums [b, m]
     */
    void appendTransposed(Program program, INDArray rows, INDArray scratch, INDArray sums) {
        long m = rows.size(1);
        INDArray cube = Views.reshape(rows, b, c, m);
        if (p != null) {
            INDArray weighted = Views.reshape(scratch, b, c, m);
            program.multiply(cube, Views.reshape(p, b, c, 1), weighted)
                    .sum(weighted, 1, sums)
                    .subtract(cube, Views.reshape(sums, b, 1, m), cube);
        }
        program.multiply(cube, Views.reshape(a, b, c, 1), cube);
        if (reflection != null) {
            reflection.append(program, rows, scratch, sums);
        }
    }

    /**
     * Appends {@code out ← S·y}.
     *
     * @param y [b, q]; overwritten
     * @param out [b, c]; may be y
     * @param scratch [b, c]
     * @param sums [b]
     */
    void append(Program program, INDArray y, INDArray out, INDArray scratch, INDArray sums) {
        INDArray t = y;
        if (reflection != null) {
            reflection.appendTransposed(program, y, out, scratch, sums);
            t = out;
        }
        program.multiply(t, a, out);
        if (p != null) {
            program.sum(out, 1, sums)
                    .multiply(p, Views.reshape(sums, b, 1), scratch)
                    .subtract(out, scratch, out);
        }
    }

    /**
     * Appends {@code y ← S⁻¹r} for the residual r, which S reaches: with p, because its elements sum to zero for each
     * example; r/a then solves it as it does without. See {@link #isSafePreimage}.
     *
     * @param residual r, [b, c]
     * @param y [b·c, 1]; the first b·q elements hold the result
     * @param scratch [b·c, 1]
     * @param sums [b]
     */
    void appendPreimage(Program program, INDArray residual, INDArray y, INDArray scratch, INDArray sums) {
        INDArray w = Views.reshape(y, b, c);
        program.maximum(a, tiny, w).divide(residual, w, w);
        if (reflection != null) {
            reflection.append(program, y, scratch, Views.reshape(sums, b, 1));
        }
    }

    /**
     * Whether {@code y} is S⁻¹r with all its digits: not if some a is so small that r/a is huge, and not if all are zero or
     * next to it, as for Poisson's loss of counts that are all zero: then S reaches nothing.
     */
    boolean isSafePreimage(INDArray y, INDArray residual) {
        double largest = Vectors.normInf(a);
        return largest > SMALLEST_ROOT && Vectors.normInf(y) <= LARGEST_PREIMAGE * Vectors.normInf(residual) / largest;
    }

    private static INDArray front(INDArray array, long... shape) {
        return Views.part(Views.reshape(array, array.length()), 0, shape);
    }

    /** Bytes of the factors, an upper bound. */
    public static long bytes(long b, long c, int width) {
        return width * (5 * b * c + b + 3);
    }

    /** Bytes that this allocated. */
    long bytes() {
        return buffers.bytes();
    }

    @Override
    public void close() {
        buffers.close();
    }
}
