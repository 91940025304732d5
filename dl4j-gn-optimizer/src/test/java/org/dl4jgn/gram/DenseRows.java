package org.dl4jgn.gram;

import java.util.List;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.plan.Program;
import org.dl4jgn.testing.Matrix;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Rows of SᵀJ for explicit J, S and r, in float64. */
final class DenseRows implements Rows {

    private final Model model;
    private final long group;
    private final List<Span> parts;
    private final INDArray rows;
    private final INDArray inverse;
    private int loads;
    private int formed;

    /**
     * Explicit matrices.
     *
     * @param j J, [m, d]
     * @param s S, [m, n]
     * @param r the residual, [m]
     * @param w with r = Sw, [n], or null
     * @param normalizer N
     */
    record Model(Matrix j, Matrix s, double[] r, double @Nullable [] w, double normalizer) {

        int d() {
            return j.columns();
        }

        /** H without D, from Q = SSᵀ. */
        Matrix curvature() {
            Matrix q = s.times(s.transposed());
            return j.transposed().times(q).times(j).times(1 / normalizer);
        }

        /** g without Dθ. */
        double[] gradient() {
            return j.transposed().times(1 / normalizer).times(r);
        }
    }

    DenseRows(Model model, long group, List<Span> parts) {
        this.model = model;
        this.group = group;
        this.parts = parts;
        rows = model.s.transposed().times(model.j).toArray();
        inverse = rows.getRow(0).dup();
    }

    /** How often a point was taken in. */
    int loads() {
        return loads;
    }

    /** How often a Gram matrix or rows were written. */
    int formed() {
        return formed;
    }

    @Override
    public DataType type() {
        return DataType.DOUBLE;
    }

    @Override
    public DataType vectorType() {
        return DataType.DOUBLE;
    }

    @Override
    public long count() {
        return model.s.columns();
    }

    @Override
    public int @Nullable [] counted() {
        int[] counted = IntStream.range(0, model.s.columns())
                .filter(column -> IntStream.range(0, model.s.rows()).anyMatch(row -> model.s.get(row, column) != 0))
                .toArray();
        return counted.length == model.s.columns() ? null : counted;
    }

    @Override
    public long group() {
        return group;
    }

    @Override
    public long dimension() {
        return model.d();
    }

    @Override
    public double normalizer() {
        return model.normalizer;
    }

    @Override
    public List<Span> parts() {
        return parts;
    }

    @Override
    public void load() {
        loads++;
    }

    @Override
    public @Nullable INDArray preimage() {
        return model.w == null ? null : column(model.w);
    }

    @Override
    public void weigh(LongToDoubleFunction of) {
        for (long i = 0; i < model.d(); i++) {
            inverse.putScalar(i, of.applyAsDouble(i));
        }
    }

    @Override
    public void appendGram(Program program, INDArray matrix, INDArray room) {
        // what is above the diagonal is nobody's
        program.action("gram", () -> {
            formed++;
            matrix.assign(weighted().mmul(rows.transpose()));
        });
        program.action("junk", () -> {
            for (long i = 0; i < count(); i++) {
                for (long j = i + 1; j < count(); j++) {
                    matrix.putScalar(i, j, 1e9);
                }
            }
        });
    }

    private INDArray weighted() {
        return rows.mulRowVector(inverse);
    }

    @Override
    public long gramRoom() {
        return 1;
    }

    @Override
    public void appendRows(Program program, long first, long count, INDArray target) {
        if (first % group != 0 || count % group != 0) {
            throw new AssertionError("rows " + first + " and " + count + " more are no multiples of " + group);
        }
        program.action("rows", () -> {
            formed++;
            target.assign(rows.get(NDArrayIndex.interval(first, first + count), NDArrayIndex.all()));
        });
    }

    @Override
    public void productWithResidual(INDArray y) {
        if (model.w != null) {
            throw new AssertionError("only where there is no preimage");
        }
        y.assign(weighted().mmul(column(model.j.transposed().times(model.r))));
    }

    @Override
    public void apply(INDArray v, INDArray y) {
        y.assign(rows.mmul(v.reshape(v.length(), 1)));
    }

    @Override
    public void transposed(INDArray y, INDArray v) {
        v.assign(rows.transpose().mmul(y).reshape(v.length()));
    }

    @Override
    public void addTransposed(double alpha, INDArray y, INDArray v) {
        v.addi(rows.transpose().mmul(y).reshape(v.length()).mul(alpha));
    }

    @Override
    public boolean isTransposedAnywhere() {
        return true;
    }

    @Override
    public void transposedRest(INDArray y, INDArray v) {
        double[] rest = model.s.times(y.toDoubleVector());
        for (int i = 0; i < rest.length; i++) {
            rest[i] = model.r[i] / model.normalizer - rest[i];
        }
        v.assign(column(model.j.transposed().times(rest)).reshape(v.length()));
    }

    @Override
    public void gradient(INDArray v) {
        v.assign(column(model.gradient()).reshape(v.length()));
    }

    private static INDArray column(double[] elements) {
        return Nd4j.createFromArray(elements).reshape(elements.length, 1);
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public void close() {}
}
