package org.dl4jgn.curvature;

import org.dl4jgn.linalg.SpdSolver;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Views;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The direction through H itself, for networks with few parameters: H + λI = (1/b)(SᵀJ)ᵀ(SᵀJ) + D + λI, formed from the
 * rows of SᵀJ, some examples at a time, and factored.
 */
final class ParameterSystem implements DampedSystem {

    /** Elements of SᵀJ that are formed at a time. */
    private static final long PANEL = 1 << 22;

    private final Buffers buffers = new Buffers();
    private final LinearizedNetwork at;
    private final L2Penalty penalty;
    private final JacobianRows rows;
    private final SpdSolver solver = SpdSolver.create();
    private final INDArray matrix;
    private final INDArray diagonal;
    private final INDArray panel;
    private final INDArray x;
    private final long d;

    ParameterSystem(LinearizedNetwork at, JacobianRows rows, L2Penalty penalty) {
        this.at = at;
        this.rows = rows;
        this.penalty = penalty;
        d = at.parameterCount();
        matrix = buffers.allocate(rows.type, d, d);
        diagonal = Nd4j.create(matrix.data(), new long[] {d}, new long[] {d + 1}, 0, 'c');
        panel = buffers.allocate(rows.type, panelExamples(rows.b, rows.c, d) * rows.c * d);
        x = buffers.allocate(rows.type, d, 1);
    }

    private static long panelExamples(long b, long c, long d) {
        return Math.max(1, Math.min(b, PANEL / (c * d)));
    }

    /** Bytes of the matrix and what it is formed through, without the rows. */
    static long bytes(long b, long c, long d, int width) {
        return width * (d * d + panelExamples(b, c, d) * c * d + d);
    }

    @Override
    public void linearize() {
        rows.load();
        rows.takeRoot();
    }

    @Override
    public boolean solve(double lambda, @Nullable INDArray memory, INDArray delta) {
        assemble();
        for (var slot : at.slots()) {
            diagonal.get(NDArrayIndex.interval(slot.offset(), slot.offset() + slot.length()))
                    .addi(penalty.coefficient(slot) + lambda);
        }
        if (!solver.factor(matrix)) {
            return false;
        }
        delta.assign(0.0);
        x.assign(Views.reshape(at.gradient(), d, 1));
        Vectors.scale(-1.0, x);
        if (memory != null) {
            x.addi(Views.reshape(memory, d, 1).mul(lambda).castTo(x.dataType()));
        }
        addSolution(delta);
        return Vectors.isFinite(x);
    }

    @Override
    public void correct(INDArray residual, INDArray delta) {
        x.assign(Views.reshape(residual, d, 1));
        addSolution(delta);
    }

    private void addSolution(INDArray delta) {
        solver.solve(x);
        delta.addi(Views.reshape(x, d).castTo(delta.dataType()));
    }

    private void assemble() {
        long step = panel.length() / (rows.c * d);
        for (long first = 0; first < rows.b; first += step) {
            long examples = Math.min(step, rows.b - first);
            INDArray part = Views.part(panel, 0, examples * rows.c, d);
            rows.writeRows(first, examples, part);
            new Program()
                    .matmul(part, true, part, false, matrix, 1.0 / rows.b, first == 0 ? 0.0 : 1.0)
                    .run();
        }
    }

    @Override
    public long size() {
        return d;
    }

    @Override
    public long bytes() {
        return rows.bytes() + buffers.bytes();
    }

    @Override
    public void close() {
        rows.close();
        buffers.close();
    }
}
