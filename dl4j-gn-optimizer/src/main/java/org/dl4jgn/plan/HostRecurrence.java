package org.dl4jgn.plan;

import java.util.Arrays;
import org.dl4jgn.linalg.StridedProducts;
import org.dl4jgn.ops.Recurrence;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link Recurrence} as a {@link HostLoop}. */
final class HostRecurrence extends HostLoop {

    private final HostArray q;
    private final HostArray[] out;
    private final @Nullable HostArray mask;
    private final @Nullable HostArray firstOutput;
    private final @Nullable HostArray firstCells;
    private final StridedProducts next;
    private final @Nullable StridedProducts first;
    private final float[] z;
    private final float[] scratch;
    private final float[] factors;
    private final float[] a;
    private final float[] f;
    private final float[] o;
    private final float[] g;
    private final float[] c;
    private final float[] h;
    private final float[] ones;
    private final float[] flag = new float[1];

    HostRecurrence(RecurrenceArrays on, INDArray fromBefore) {
        super(Recurrence.NAME, on.cell(), on.steps(), on.batch(), on.units(), on.peepholes(), fromBefore);
        q = new HostArray(on.q());
        out = Arrays.stream(on.out()).map(HostArray::new).toArray(HostArray[]::new);
        mask = on.mask() == null ? null : new HostArray(on.mask());
        firstOutput = on.firstOutput() == null ? null : new HostArray(on.firstOutput());
        firstCells = on.firstCells() == null ? null : new HostArray(on.firstCells());
        next = products(on.out()[0], on.weights(), false);
        first = on.firstOutput() == null
                ? null
                : new StridedProducts(on.firstOutput(), units, on.weights(), false, fromBefore);
        z = new float[width];
        scratch = new float[width];
        factors = new float[units * cell.factors()];
        a = new float[units];
        f = new float[units];
        o = new float[units];
        g = new float[units];
        c = new float[units];
        h = new float[units];
        ones = new float[units];
        Arrays.fill(ones, 1f);
    }

    @Override
    void execute() {
        readPeepholes();
        Arrays.fill(cells, 0f);
        if (firstCells != null) {
            firstCells.read(0, cells, cells.length);
        }
        for (int t = 0; t < steps; t++) {
            if (t > 0) {
                next.run((t - 1L) * units);
            } else if (first != null) {
                first.run(0);
            }
            for (int example = 0; example < batch; example++) {
                step(example, t);
            }
        }
    }

    private void step(int example, int t) {
        long row = row(example, t);
        q.read(row * width, z, width);
        if (t > 0) {
            addProduct(example, z, scratch);
            out[0].read((row - 1) * units, h, units);
        } else if (first != null && firstOutput != null) {
            addProduct(example, z, scratch);
            firstOutput.read((long) example * units, h, units);
        } else {
            Arrays.fill(h, 0f);
        }
        out[2].write(h, row * units, units);
        float there = 1f;
        if (mask != null) {
            mask.read(row, flag, 1);
            there = flag[0];
        }
        if (cell.gated()) {
            gated(example, row, there);
        } else {
            FloatCells.apply(cell.activation(), z, 0, units, h);
            FloatCells.derivative(cell.activation(), h, ones, there, units, factors, 0);
            for (int i = 0; i < units; i++) {
                h[i] *= there;
            }
        }
        out[0].write(h, row * units, units);
        out[1].write(factors, row * factors.length, factors.length);
    }

    private void gated(int example, long row, float there) {
        int n = units;
        int at = example * n;
        System.arraycopy(cells, at, c, 0, n);
        out[4].write(c, row * n, n);
        if (peepholes != null) {
            addProducts(c, 0, peepholes[0], z, n);
            addProducts(c, 0, peepholes[2], z, 3 * n);
        }
        FloatCells.apply(cell.activation(), z, 0, n, a);
        FloatCells.apply(cell.gate(), z, n, n, f);
        FloatCells.apply(cell.gate(), z, 3 * n, n, g);
        FloatCells.derivative(cell.activation(), a, g, there, n, factors, 0);
        FloatCells.derivative(cell.gate(), f, c, there, n, factors, n);
        FloatCells.derivative(cell.gate(), g, a, there, n, factors, 3 * n);
        for (int i = 0; i < n; i++) {
            factors[4 * n + i] = there * f[i];
        }
        for (int i = 0; i < n; i++) {
            c[i] = f[i] * c[i] + g[i] * a[i];
        }
        if (peepholes != null) {
            addProducts(c, 0, peepholes[1], z, 2 * n);
        }
        FloatCells.apply(cell.gate(), z, 2 * n, n, o);
        FloatCells.apply(cell.activation(), c, 0, n, a);
        FloatCells.derivative(cell.gate(), o, a, there, n, factors, 2 * n);
        FloatCells.derivative(cell.activation(), a, o, there, n, factors, 5 * n);
        for (int i = 0; i < n; i++) {
            h[i] = there * o[i] * a[i];
        }
        for (int i = 0; i < n; i++) {
            c[i] *= there;
        }
        System.arraycopy(c, 0, cells, at, n);
        out[3].write(c, row * n, n);
    }
}
