package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.Set;
import org.dl4jgn.ops.IndexMap;
import org.dl4jgn.ops.Scatter;
import org.dl4jgn.ops.WindowMaximum;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Writes reductions of windows, each channel on its own. */
final class PoolingWriter {

    private final GraphWriter writer;
    private final Activations input;
    private final Windows windows;
    private final long[] matrix;

    PoolingWriter(GraphWriter writer, Activations input, Windows windows) {
        this.writer = writer;
        this.input = input;
        this.windows = windows;
        matrix = new long[] {input.batch() * windows.count(), input.channels()};
    }

    /** The largest element of each window; padding does not count. */
    Activations maximum() {
        requireElements();
        if (input.isOutline()) {
            return output(input.variable());
        }
        return output(WindowMaximum.of(
                writer.graph(), input.variable(), windows.patchesByChannel(), input.matrixShape(), matrix));
    }

    /** A window of padding alone has neither a maximum nor a mean: DL4J has the least of all numbers there, and NaN. */
    private void requireElements() {
        for (int i = 0; i < windows.kernel().length; i++) {
            long extent = (windows.kernel()[i] - 1L) * windows.dilation()[i] + 1;
            if (windows.padding()[i] >= extent) {
                throw writer.unsupported(
                        "padding of " + windows.padding()[i] + " for windows of " + extent
                                + " elements, of which the first holds padding alone,",
                        Set.of("a padding less than the window"));
            }
        }
        if (windows.hasEmptyOnes()) {
            throw new GeometryException(
                    "one of the windows over " + Arrays.toString(windows.input()) + " elements holds padding alone");
        }
    }

    /** The sum of each window. */
    Activations sum() {
        return output(sum(input));
    }

    /**
     * The mean of each window.
     *
     * @param withPadding whether the padding's zeros count
     */
    Activations mean(boolean withPadding) {
        if (!withPadding) {
            requireElements();
        }
        SDVariable sum = sum(input);
        long size = windows.size();
        long[] counts = input.isOutline() ? new long[0] : windows.counts();
        if (withPadding || Arrays.stream(counts).allMatch(n -> n == size)) {
            return output(sum.mul(1.0 / size));
        }
        INDArray factors = Nd4j.create(input.type(), matrix);
        for (int row = 0; row < matrix[0]; row++) {
            factors.getRow(row).assign(1.0 / counts[row % counts.length]);
        }
        return output(sum.mul(writer.graph().constant(factors)));
    }

    /**
     * (Σ|x|ᵖ)^(1/p) of each window. To the sum a number is added that is lost in rounding unless the sum is zero, where
     * the derivative would be 0·∞.
     */
    Activations norm(int p) {
        SDVariable powers = writer.graph().math().pow(writer.graph().math().abs(input.variable()), p);
        double smallest = input.type() == DataType.DOUBLE ? 1e-300 : 1e-37;
        SDVariable sum = sum(input.with(powers)).add(smallest);
        return output(writer.graph().math().pow(sum, 1.0 / p));
    }

    private SDVariable sum(Activations of) {
        if (input.isOutline()) {
            return input.variable();
        }
        IndexMap patches = windows.patchesByChannel();
        long[] shape = {matrix[0] * matrix[1], windows.size()};
        int size = (int) windows.size();
        int[] windowOf = new int[patches.outputLength()];
        Arrays.setAll(windowOf, i -> i / size);
        IndexMap repeat = IndexMap.of(windowOf, patches.outputLength() / size);
        return Scatter.of(writer.graph(), of.picked(() -> patches, shape), repeat, shape, matrix);
    }

    private Activations output(SDVariable variable) {
        return input.with(variable, windows.outputShape(input.channels()));
    }
}
