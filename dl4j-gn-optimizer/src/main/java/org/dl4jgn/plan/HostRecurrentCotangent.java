package org.dl4jgn.plan;

import java.util.Arrays;
import org.dl4jgn.linalg.StridedProducts;
import org.dl4jgn.ops.RecurrentCotangent;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link RecurrentCotangent} as a {@link HostLoop}, the last step first. */
final class HostRecurrentCotangent extends HostLoop {

    private final HostArray in;
    private final HostArray factorMemory;
    private final HostArray out;
    private final StridedProducts next;
    private final float[] h;
    private final float[] scratch;
    private final float[] factors;
    private final float[] q;

    HostRecurrentCotangent(LoopArrays on, INDArray fromBefore) {
        super(RecurrentCotangent.NAME, on.cell(), on.steps(), on.batch(), on.units(), on.peepholes(), fromBefore);
        in = new HostArray(on.in());
        factorMemory = new HostArray(on.factors());
        out = new HostArray(on.out());
        next = products(on.out(), on.weights(), true);
        h = new float[units];
        scratch = new float[units];
        factors = new float[units * cell.factors()];
        q = new float[width];
    }

    @Override
    void execute() {
        readPeepholes();
        Arrays.fill(cells, 0f);
        for (int t = steps - 1; t >= 0; t--) {
            if (t < steps - 1) {
                next.run((t + 1L) * width);
            }
            for (int example = 0; example < batch; example++) {
                long row = row(example, t);
                in.read(row * units, h, units);
                if (t < steps - 1) {
                    addProduct(example, h, scratch);
                }
                factorMemory.read(row * factors.length, factors, factors.length);
                if (cell.gated()) {
                    gated(example * units);
                } else {
                    multiply(h, factors, q);
                }
                out.write(q, row * width, width);
            }
        }
    }

    private static void multiply(float[] h, float[] factors, float[] q) {
        for (int i = 0; i < h.length; i++) {
            q[i] = h[i] * factors[i];
        }
    }

    private void gated(int at) {
        int n = units;
        outputs(cells, at, h, factors, q);
        if (peepholes != null) {
            for (int i = 0; i < n; i++) {
                cells[at + i] += peepholes[1][i] * q[2 * n + i];
            }
        }
        inputs(cells, at, factors, q, n);
        if (peepholes != null) {
            for (int i = 0; i < n; i++) {
                cells[at + i] += peepholes[0][i] * q[n + i] + peepholes[2][i] * q[3 * n + i];
            }
        }
    }

    private static void outputs(float[] c, int at, float[] h, float[] a, float[] q) {
        int n = h.length;
        for (int i = 0; i < n; i++) {
            q[2 * n + i] = a[2 * n + i] * h[i];
            c[at + i] += a[5 * n + i] * h[i];
        }
    }

    private static void inputs(float[] c, int at, float[] a, float[] q, int n) {
        for (int i = 0; i < n; i++) {
            q[i] = a[i] * c[at + i];
        }
        for (int i = 0; i < n; i++) {
            q[n + i] = a[n + i] * c[at + i];
        }
        for (int i = 0; i < n; i++) {
            q[3 * n + i] = a[3 * n + i] * c[at + i];
        }
        for (int i = 0; i < n; i++) {
            c[at + i] *= a[4 * n + i];
        }
    }
}
