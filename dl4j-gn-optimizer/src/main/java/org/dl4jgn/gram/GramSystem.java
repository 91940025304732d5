package org.dl4jgn.gram;

import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.KeptRows;
import org.dl4jgn.linalg.SpdSolver;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Views;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The direction through a system of the batch's size: with P = D + λI, Q = SSᵀ and K = J P⁻¹ Jᵀ,
 *
 * <pre>Δ = −P⁻¹(Jᵀu + e),    u = r/N − S (NI + SᵀKS)⁻¹ (SᵀKr/N + SᵀJP⁻¹e),    e = Dθ − a</pre>
 *
 * by the push-through identity (Duncan-Guttman; Korbit et al. 2024, equation for the direction, in symmetric form). The
 * matrix is symmetric and at least NI. Its SᵀKS is R P⁻¹ Rᵀ, the Gram matrix of the rows R = SᵀJ.
 *
 * <p>With r = Sw the difference can be taken on paper,
 *
 * <pre>u = S (NI + SᵀKS)⁻¹ (w − SᵀJP⁻¹e),</pre>
 *
 * which loses no digits however small λ is, and saves the product Kr. That is the usual case, see {@link Rows#preimage};
 * where w would be huge, because an output is certain and wrong, or does not exist, because Q = 0, the first form is used.
 * Its subtraction is between vectors of n elements, in the type of the rows, for which Kr is computed from the same rows
 * as K: an error of the rows' own is then an error of J, to which Δ is as sensitive as the problem itself.
 */
final class GramSystem implements ExactSystem {

    static final ExactMethod METHOD = new Method(false);
    private static final ExactMethod KEEPING = new Method(true);

    private final Buffers buffers = new Buffers();
    private final Rows rows;
    private final SpdSolver solver;
    private final FormedMatrix matrix;
    private final INDArray allOnes;
    private final INDArray room;
    private final INDArray y;
    private final INDArray share;
    private final INDArray v;
    private final Program assemble = buffers.own(new Program());
    private final Program clear = buffers.own(new Program());
    private INDArray ones;
    private int @Nullable [] counted;
    private @Nullable KeptRows kept;
    private @Nullable INDArray preimage;
    private @Nullable DampedDiagonal p;
    private double formedFor;

    /** @param keeps whether the matrix is kept for another λ at the same point, where there is no penalty */
    GramSystem(Rows rows, SpdSolver solver, boolean keeps) {
        this.rows = rows;
        this.solver = solver;
        long n = rows.count();
        matrix = new FormedMatrix(buffers, rows.type(), n, keeps);
        allOnes = buffers.allocate(rows.type(), n).assign(1.0);
        ones = allOnes;
        y = buffers.allocate(rows.type(), n, 1);
        share = buffers.allocate(rows.type(), n, 1);
        v = buffers.allocate(rows.vectorType(), rows.dimension());
        clear.clear(v);
        room = buffers.allocate(rows.type(), rows.gramRoom());
        rows.appendGram(assemble, matrix.all(), room);
    }

    @Override
    public void load() {
        p = null;
        rows.load();
        preimage = rows.preimage();
        int[] some = rows.counted();
        counted = some == null || some.length == 0 ? null : some;
        kept = counted == null ? null : new KeptRows(counted);
        long n = counted == null ? rows.count() : counted.length;
        matrix.resize(n);
        if (ones.length() != n) {
            ones = Views.part(allOnes, 0, n);
        }
    }

    /** RP⁻¹Rᵀ of the rows that are not zero. */
    private void form() {
        if (counted == null || kept == null) {
            assemble.run();
        } else if (!rows.formGramOfCounted(counted, matrix.matrix(), room)) {
            assemble.run();
            kept.front(matrix.all());
        }
    }

    @Override
    public boolean factor(DampedDiagonal next) {
        p = null;
        boolean isRestored = next.isWithoutPenalty() && matrix.isKept();
        if (!isRestored || preimage == null) {
            // of each layer the Gram matrix of its inputs: half of a try with few outputs
            rows.weigh(index -> 1 / next.at(index));
        }
        if (isRestored) {
            // RRᵀ/λ
            matrix.restore(formedFor / next.lambda());
        } else if (next.isWithoutPenalty()) {
            matrix.form(this::form);
            formedFor = next.lambda();
        } else {
            // λ is in each layer's P in another way
            form();
        }
        Vectors.axpy(rows.normalizer(), ones, matrix.diagonal());
        boolean isPositive = solver.factor(matrix.matrix());
        p = isPositive ? next : null;
        return isPositive;
    }

    /** y ← (NI + RP⁻¹Rᵀ)⁻¹y, of the rows that are not zero; the others see nothing of it. */
    private void solveRows() {
        if (kept == null) {
            solver.solve(y);
        } else {
            solver.solve(kept.frontOfVector(y));
            kept.backOfVector(y);
        }
    }

    @Override
    @Nullable
    public DampedDiagonal factored() {
        return p;
    }

    @Override
    public boolean needsModel(DampedDiagonal next, @Nullable INDArray addend) {
        return preimage == null || !next.isWithoutPenalty() || addend != null || !rows.isTransposedAnywhere();
    }

    @Override
    public boolean solve(@Nullable INDArray addend, INDArray delta) {
        DampedDiagonal damped = requireFactored();
        if (preimage != null) {
            Vectors.copy(preimage, y);
        } else {
            rows.productWithResidual(y);
            Vectors.scale(1 / rows.normalizer(), y);
        }
        double sign = preimage != null ? -1.0 : 1.0;
        if (!damped.isWithoutPenalty()) {
            clear.run();
            addRest(damped, addend, v);
            damped.divide(v);
            rows.apply(v, share);
            Vectors.axpy(sign, share, y);
        } else if (addend != null) {
            rows.apply(addend, share);
            Vectors.axpy(-sign / damped.lambda(), share, y);
        }
        solveRows();
        if (!Vectors.isFinite(y)) {
            return false;
        }
        if (preimage != null) {
            rows.transposed(y, delta);
        } else {
            rows.transposedRest(y, delta);
        }
        addRest(damped, addend, delta);
        damped.divide(-1.0, delta);
        return true;
    }

    /** {@code v ← v + e}. */
    private static void addRest(DampedDiagonal damped, @Nullable INDArray addend, INDArray v) {
        damped.addPenaltyGradient(v);
        if (addend != null) {
            Vectors.axpy(-1.0, addend, v);
        }
    }

    /** P⁻¹(x − Rᵀ (NI + RP⁻¹Rᵀ)⁻¹ RP⁻¹x) for a vector x. */
    @Override
    public boolean multiplyInverse(double factor, INDArray x, INDArray result) {
        DampedDiagonal damped = requireFactored();
        if (damped.isWithoutPenalty()) {
            rows.apply(x, y);
            Vectors.scale(1 / damped.lambda(), y);
        } else {
            Vectors.copy(x, v);
            damped.divide(v);
            rows.apply(v, y);
        }
        solveRows();
        if (!Vectors.isFinite(y)) {
            return false;
        }
        if (result != x) {
            Vectors.copy(x, result);
        }
        rows.addTransposed(-1.0, y, result);
        damped.divide(factor, result);
        return true;
    }

    @Override
    public void correct(INDArray residual, INDArray delta) {
        if (multiplyInverse(1, residual, v)) {
            Vectors.axpy(1.0, v, delta);
        }
    }

    private DampedDiagonal requireFactored() {
        if (p == null) {
            throw new IllegalStateException("No matrix was factored at this point");
        }
        return p;
    }

    @Override
    public long bytes() {
        return rows.bytes() + buffers.bytes() + solver.bytes();
    }

    @Override
    public void close() {
        rows.close();
        solver.close();
        buffers.close();
    }

    /** n²/2 products of rows, and a factorization of n³/3, for the n ≤ bq rows that are not masked. */
    private record Method(boolean keeps) implements ExactMethod {

        @Override
        public String name() {
            return "GRAM_CHOLESKY";
        }

        @Override
        public ExactMethod keeping() {
            return KEEPING;
        }

        @Override
        public boolean reducesRows() {
            return true;
        }

        @Override
        public long size(RowCosts rows) {
            return rows.counted();
        }

        @Override
        public double work(RowCosts rows) {
            double n = size(rows);
            return rows.formingWork() + (n * n * rows.elementWork() + n * n * n / 3);
        }

        @Override
        public long bytes(RowCosts rows, int width) {
            long n = rows.examples() * rows.rank();
            return width * (n * n + rows.gramRoom() + 3 * n)
                    + Double.BYTES * rows.dimension()
                    + FormedMatrix.bytesOfCopy(n, width, keeps)
                    + SpdSolver.bytes(n, width);
        }

        @Override
        public ExactSystem make(Rows rows) {
            return new GramSystem(rows, SpdSolver.create(), keeps);
        }
    }
}
