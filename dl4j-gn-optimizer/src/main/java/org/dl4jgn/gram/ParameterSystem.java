package org.dl4jgn.gram;

import java.util.ArrayList;
import java.util.List;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.linalg.SpdSolver;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Views;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The direction through H itself, for models with few parameters: H + λI = (1/N)RᵀR + D + λI, formed from the rows R =
 * SᵀJ, some examples at a time, and factored.
 */
final class ParameterSystem implements ExactSystem {

    static final ExactMethod METHOD = new Method(false);
    private static final ExactMethod KEEPING = new Method(true);

    /** Elements of R that are formed at a time. */
    private static final long PANEL = 1 << 22;

    private final Buffers buffers = new Buffers();
    private final Rows rows;
    private final SpdSolver solver;
    private final FormedMatrix matrix;
    private final INDArray x;
    private final INDArray gradient;
    private final INDArray v;
    private final List<Part> parts = new ArrayList<>();
    private final Program assemble = buffers.own(new Program());
    private final Program toX = buffers.own(new Program());
    private final Program fromX = buffers.own(new Program());
    private @Nullable DampedDiagonal p;

    /** A part of the matrix's diagonal on which P is constant. */
    private record Part(long first, INDArray diagonal, INDArray ones) {}

    /** @param keeps whether the matrix is kept for another λ at the same point */
    ParameterSystem(Rows rows, SpdSolver solver, boolean keeps) {
        this.rows = rows;
        this.solver = solver;
        long d = rows.dimension();
        matrix = new FormedMatrix(buffers, rows.type(), d, keeps);
        x = buffers.allocate(rows.type(), d, 1);
        gradient = buffers.allocate(rows.vectorType(), d);
        v = buffers.allocate(rows.vectorType(), d);
        toX.convert(Views.reshape(v, d, 1), x);
        fromX.convert(x, Views.reshape(v, d, 1));
        INDArray ones = buffers.allocate(rows.type(), d).assign(1.0);
        for (Span part : rows.parts()) {
            parts.add(new Part(part.from(), part.of(matrix.diagonal()), part.of(ones)));
        }
        appendProducts();
    }

    /** matrix ← (1/N)RᵀR, a panel of rows after the other. */
    private void appendProducts() {
        long d = rows.dimension();
        long group = rows.group();
        long step = panelGroups(rows.count() / group, group, d) * group;
        // columns of parameters that are not trained are never written
        INDArray panel = buffers.allocate(rows.type(), step * d).assign(0.0);
        for (long first = 0; first < rows.count(); first += step) {
            long count = Math.min(step, rows.count() - first);
            INDArray part = Views.part(panel, 0, count, d);
            rows.appendRows(assemble, first, count, part);
            assemble.matmul(part, true, part, false, matrix.matrix(), 1 / rows.normalizer(), first == 0 ? 0 : 1);
        }
    }

    private static long panelGroups(long groups, long rowsOfOne, long d) {
        return Math.max(1, Math.min(groups, PANEL / (rowsOfOne * d)));
    }

    @Override
    public void load() {
        p = null;
        matrix.forget();
        rows.load();
        rows.gradient(gradient);
    }

    @Override
    public boolean factor(DampedDiagonal next) {
        if (matrix.isKept()) {
            matrix.restore(1);
        } else {
            matrix.form(assemble::run);
        }
        parts.forEach(part -> Vectors.axpy(next.at(part.first), part.ones, part.diagonal));
        boolean isPositive = solver.factor(matrix.matrix());
        p = isPositive ? next : null;
        return isPositive;
    }

    @Override
    @Nullable
    public DampedDiagonal factored() {
        return p;
    }

    /** Rows are formed of what was loaded, but not always of that alone. */
    @Override
    public boolean needsModel(DampedDiagonal next, @Nullable INDArray addend) {
        return !matrix.isKept();
    }

    @Override
    public boolean solve(@Nullable INDArray addend, INDArray delta) {
        if (p == null) {
            throw new IllegalStateException("No matrix was factored at this point");
        }
        Vectors.copy(gradient, v);
        p.addPenaltyGradient(v);
        if (addend != null) {
            Vectors.axpy(-1.0, addend, v);
        }
        toX.run();
        Vectors.scale(-1.0, x);
        solver.solve(x);
        fromX.run();
        Vectors.copy(v, delta);
        return Vectors.isFinite(x);
    }

    @Override
    public boolean multiplyInverse(double factor, INDArray vector, INDArray result) {
        Vectors.copy(vector, v);
        toX.run();
        solver.solve(x);
        Vectors.scale(factor, x);
        fromX.run();
        Vectors.copy(v, result);
        return Vectors.isFinite(x);
    }

    @Override
    public void correct(INDArray residual, INDArray delta) {
        Vectors.copy(residual, v);
        toX.run();
        solver.solve(x);
        fromX.run();
        Vectors.axpy(1.0, v, delta);
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

    /** b·c rows of d elements: their product takes b·c·d², and the factorization d³/3. */
    private record Method(boolean keeps) implements ExactMethod {

        @Override
        public String name() {
            return "PARAMETER_CHOLESKY";
        }

        @Override
        public ExactMethod keeping() {
            return KEEPING;
        }

        @Override
        public boolean reducesRows() {
            return false;
        }

        @Override
        public long size(RowCosts rows) {
            return rows.dimension();
        }

        @Override
        public double work(RowCosts rows) {
            double d = rows.dimension();
            return rows.formingWork() + (rows.examples() * rows.outputs() * d * (d + RowCosts.PASSES) + d * d * d / 3);
        }

        @Override
        public long bytes(RowCosts rows, int width) {
            long d = rows.dimension();
            long panel = panelGroups(rows.examples(), rows.outputs(), d) * rows.outputs() * d;
            return width * (d * d + panel + 2 * d)
                    + 2 * Double.BYTES * d
                    + FormedMatrix.bytesOfCopy(d, width, keeps)
                    + SpdSolver.bytes(d, width);
        }

        @Override
        public ExactSystem make(Rows rows) {
            return new ParameterSystem(rows, SpdSolver.create(), keeps);
        }
    }
}
