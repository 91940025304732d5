package org.dl4jgn.plan;

import java.util.Arrays;
import java.util.Optional;
import org.dl4jgn.linalg.HostMatrix;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * AAᵀ or AᵀA by half, the other half copied. Time over that of a product of two matrices, one thread of an AMD EPYC: 0.5 to 0.65 for 64 to
 * 1000 rows and 20 to 1024 columns, float32 and float64.
 */
final class SymmetricProduct extends Instruction {

    private static final long[] OF_ROWS = {0, 1, 0};
    private static final long[] OF_COLUMNS = {1, 0, 0};

    /** Rows whose copies are written together, as far as they go side by side. */
    private static final int BAND = 32;

    private final Operand operand;
    private final boolean isTransposed;
    private final int inner;
    private final int n;
    private final HostMatrix.Part out;
    private final HostArray memory;
    private final Object band;
    private final Object column;
    private HostMatrix.Part a;

    private SymmetricProduct(Operand operand, boolean isTransposed, INDArray out) {
        this.operand = operand;
        this.isTransposed = isTransposed;
        inner = Math.toIntExact(operand.view().size(isTransposed ? 0 : 1));
        n = Math.toIntExact(out.size(0));
        this.out = HostMatrix.of(out).orElseThrow();
        memory = new HostArray(out);
        band = memory.scratch(BAND * n);
        column = memory.scratch(BAND);
        a = bound();
    }

    /** The product, where both factors are one matrix and memory can be addressed. */
    static Optional<Instruction> of(Operand[] in, Arguments arguments, INDArray out) {
        INDArray a = in[0].view();
        boolean isFor = a == in[1].view()
                && Arrays.equals(arguments.integers(), arguments.integers()[0] == 0 ? OF_ROWS : OF_COLUMNS)
                && arguments.reals().length == 0
                && HostMatrix.isAvailable()
                && a.dataType() == out.dataType()
                && HostMatrix.of(a).isPresent()
                && Views.isDense(out);
        return isFor ? Optional.of(new SymmetricProduct(in[0], arguments.integers()[0] != 0, out)) : Optional.empty();
    }

    private HostMatrix.Part bound() {
        HostMatrix.Part part = HostMatrix.of(operand.view()).orElseThrow();
        return isTransposed ? part.transposed() : part;
    }

    @Override
    void execute() {
        HostMatrix.multiplyBySelf(a, out, n, inner);
        for (int first = 0; first < n; first += BAND) {
            copy(first, Math.min(BAND, n - first));
        }
    }

    /** Some rows, left of the diagonal, to the columns above it. */
    private void copy(int first, int rows) {
        memory.read((long) first * n, band, rows * n);
        for (int j = 0; j < first + rows - 1; j++) {
            int below = Math.max(first, j + 1);
            int count = first + rows - below;
            int at = (below - first) * n + j;
            if (band instanceof double[] doubles) {
                gather(doubles, at, (double[]) column, count);
            } else {
                gather((float[]) band, at, (float[]) column, count);
            }
            memory.write(column, (long) j * n + below, count);
        }
    }

    private void gather(double[] from, int first, double[] to, int count) {
        for (int i = 0, at = first; i < count; i++, at += n) {
            to[i] = from[at];
        }
    }

    private void gather(float[] from, int first, float[] to, int count) {
        for (int i = 0, at = first; i < count; i++, at += n) {
            to[i] = from[at];
        }
    }

    @Override
    void rebind(INDArray from, INDArray to) {
        if (operand.rebind(from, to)) {
            a = bound();
        }
    }

    @Override
    String opName() {
        return ProductCall.NAME;
    }
}
