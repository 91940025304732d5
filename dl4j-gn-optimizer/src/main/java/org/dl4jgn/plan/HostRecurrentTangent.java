package org.dl4jgn.plan;

import java.util.Arrays;
import org.dl4jgn.linalg.StridedProducts;
import org.dl4jgn.ops.RecurrentTangent;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link RecurrentTangent} as a {@link HostLoop}. */
final class HostRecurrentTangent extends HostLoop {

    private final HostArray q;
    private final HostArray factorMemory;
    private final HostArray out;
    private final StridedProducts next;
    private final float[] y;
    private final float[] scratch;
    private final float[] factors;
    private final float[] h;

    HostRecurrentTangent(LoopArrays on, INDArray fromBefore) {
        super(RecurrentTangent.NAME, on.cell(), on.steps(), on.batch(), on.units(), on.peepholes(), fromBefore);
        q = new HostArray(on.in());
        factorMemory = new HostArray(on.factors());
        out = new HostArray(on.out());
        next = products(on.out(), on.weights(), false);
        y = new float[width];
        scratch = new float[width];
        factors = new float[units * cell.factors()];
        h = new float[units];
    }

    @Override
    void execute() {
        readPeepholes();
        Arrays.fill(cells, 0f);
        for (int t = 0; t < steps; t++) {
            if (t > 0) {
                next.run((t - 1L) * units);
            }
            for (int example = 0; example < batch; example++) {
                long row = row(example, t);
                q.read(row * width, y, width);
                if (t > 0) {
                    addProduct(example, y, scratch);
                }
                factorMemory.read(row * factors.length, factors, factors.length);
                if (cell.gated()) {
                    gated(example * units);
                } else {
                    multiply(y, factors, h);
                }
                out.write(h, row * units, units);
            }
        }
    }

    private static void multiply(float[] y, float[] factors, float[] h) {
        for (int i = 0; i < h.length; i++) {
            h[i] = y[i] * factors[i];
        }
    }

    private void gated(int at) {
        int n = units;
        if (peepholes != null) {
            addProducts(cells, at, peepholes[0], y, n);
            addProducts(cells, at, peepholes[2], y, 3 * n);
        }
        cells(cells, at, y, factors, n);
        if (peepholes != null) {
            addProducts(cells, at, peepholes[1], y, 2 * n);
        }
        outputs(cells, at, y, factors, h);
    }

    private static void cells(float[] c, int at, float[] y, float[] a, int n) {
        for (int i = 0; i < n; i++) {
            c[at + i] = a[4 * n + i] * c[at + i] + a[i] * y[i] + a[n + i] * y[n + i] + a[3 * n + i] * y[3 * n + i];
        }
    }

    private static void outputs(float[] c, int at, float[] y, float[] a, float[] h) {
        int n = h.length;
        for (int i = 0; i < n; i++) {
            h[i] = a[2 * n + i] * y[2 * n + i] + a[5 * n + i] * c[at + i];
        }
    }
}
