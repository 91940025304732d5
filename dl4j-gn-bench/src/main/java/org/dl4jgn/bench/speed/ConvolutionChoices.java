package org.dl4jgn.bench.speed;

import java.io.PrintWriter;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What decided how convolutions are computed: ND4J's operations beside matrix products of patches, on the layers of the
 * SGN paper's networks, batch 1000. Best of several runs each, in milliseconds.
 */
public final class ConvolutionChoices {

    private static final int BATCH = 1000;
    private static final double SECONDS = 0.6;

    private final PrintWriter out;

    /** To be printed there. */
    public ConvolutionChoices(PrintWriter out) {
        this.out = out;
    }

    /** Measures and prints the table. */
    public void print() {
        out.printf(
                "%-10s %8s %8s %8s %8s %8s %8s %8s%n",
                "layer", "conv2d", "its bp", "NHWC", "its bp", "PW", "PᵀΔ", "ΔWᵀ");
        row("fashion 1", 1, 28, 5, 6);
        row("fashion 2", 6, 12, 5, 16);
        row("cifar 1", 3, 32, 3, 32);
        row("cifar 2", 32, 15, 3, 64);
        row("cifar 3", 64, 6, 3, 64);
    }

    private void row(String name, int in, int side, int kernel, int filters) {
        int to = side - kernel + 1;
        long[] channelsFirst = {kernel, kernel, 1, 1, 0, 0, 1, 1, 0, 0, 1};
        long[] channelsLast = {kernel, kernel, 1, 1, 0, 0, 1, 1, 0, 1, 0};
        INDArray x = random(BATCH, in, side, side);
        INDArray w = random(filters, in, kernel, kernel);
        INDArray z = random(BATCH, filters, to, to);
        INDArray xLast = random(BATCH, side, side, in);
        INDArray wLast = random(kernel, kernel, in, filters);
        INDArray zLast = random(BATCH, to, to, filters);
        INDArray patches = random((long) BATCH * to * to, (long) kernel * kernel * in);
        INDArray matrix = random((long) kernel * kernel * in, filters);
        INDArray result = random((long) BATCH * to * to, filters);
        out.printf(
                Locale.ROOT,
                "%-10s %8.1f %8.1f %8.1f %8.1f %8.1f %8.1f %8.1f%n",
                name,
                best(PreparedCall.of("conv2d", channelsFirst, new INDArray[] {x, w}, z)),
                best(PreparedCall.of("conv2d_bp", channelsFirst, new INDArray[] {x, w, z}, x.ulike(), w.ulike())),
                best(PreparedCall.of("conv2d", channelsLast, new INDArray[] {xLast, wLast}, zLast)),
                best(PreparedCall.of(
                        "conv2d_bp", channelsLast, new INDArray[] {xLast, wLast, zLast}, xLast.ulike(), wLast.ulike())),
                best(PreparedCall.matmul(patches, false, matrix, false, result)),
                best(PreparedCall.matmul(patches, true, result, false, matrix)),
                best(PreparedCall.matmul(result, false, matrix, true, patches)));
        out.flush();
    }

    private static INDArray random(long... shape) {
        return Nd4j.rand(DataType.FLOAT, shape).subi(0.5);
    }

    private static double best(PreparedCall call) {
        call.run();
        double best = Double.POSITIVE_INFINITY;
        long start = System.nanoTime();
        do {
            long before = System.nanoTime();
            call.run();
            best = Math.min(best, (System.nanoTime() - before) * 1e-6);
        } while ((System.nanoTime() - start) * 1e-9 < SECONDS);
        return best;
    }
}
