package org.dl4jgn.autodiff;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Tangent rules of maxima of windows: each place of the window is a slice of the padded input, and their maximum element by
 * element is the operation. Of equal elements the first in the window has the tangent.
 */
final class PoolingTangents {

    private PoolingTangents() {}

    /** The rules, by the operations' names. */
    static Map<String, TangentRule> rules() {
        return Map.of(
                "maxpool2d", Compositions.rule((graph, op, in) -> List.of(maximum(graph, op, in.get(0), 2, 10))),
                "maxpool3dnew", Compositions.rule((graph, op, in) -> List.of(maximum(graph, op, in.get(0), 3, 14))));
    }

    /**
     * Integers of the operation: for each axis kernel, stride, padding, dilation; whether SAME; and, at {@code format}, whether
     * channels are last.
     */
    private static SDVariable maximum(SameDiff graph, DynamicCustomOp op, SDVariable x, int axes, int format) {
        long[] arguments = op.iArgs();
        int first = arguments.length > format && arguments[format] == 1 ? 1 : 2;
        long[] kernel = Arrays.copyOfRange(arguments, 0, axes);
        long[] stride = Arrays.copyOfRange(arguments, axes, 2 * axes);
        long[] dilation = Arrays.copyOfRange(arguments, 3 * axes, 4 * axes);
        int[][] padding = new int[axes + 2][2];
        boolean isPadded = false;
        for (int axis = 0; axis < axes; axis++) {
            long before = arguments[2 * axes + axis];
            long after = before;
            if (arguments[4 * axes] == 1) {
                long total = same(op, x, first + axis, kernel[axis], stride[axis], dilation[axis]);
                before = total / 2;
                after = total - before;
            }
            padding[first + axis] = new int[] {(int) before, (int) after};
            isPadded |= before + after > 0;
        }
        SDVariable padded = x;
        if (isPadded) {
            double least = x.dataType() == DataType.DOUBLE ? -1e300 : -1e37;
            padded = graph.nn().pad(x, graph.constant(Nd4j.createFromArray(padding)), least);
        }
        return maximum(graph, padded, first, kernel, stride, dilation);
    }

    private static SDVariable maximum(
            SameDiff graph, SDVariable x, int first, long[] kernel, long[] stride, long[] dilation) {
        long places = Arrays.stream(kernel).reduce(1, (a, b) -> a * b);
        SDVariable largest = place(graph, x, first, 0, kernel, stride, dilation);
        for (long place = 1; place < places; place++) {
            largest = graph.math().max(largest, place(graph, x, first, place, kernel, stride, dilation));
        }
        return largest;
    }

    /** The elements at one place of all windows. Masks stand for the whole of an axis, whose length need not be known. */
    private static SDVariable place(
            SameDiff graph, SDVariable x, int first, long place, long[] kernel, long[] stride, long[] dilation) {
        int rank = kernel.length + 2;
        long[] begin = new long[rank];
        long[] end = new long[rank];
        long[] step = new long[rank];
        Arrays.fill(step, 1);
        int whole = 0;
        int toTheEnd = 0;
        long rest = place;
        for (int axis = rank - 1; axis >= 0; axis--) {
            int i = axis - first;
            if (i < 0 || i >= kernel.length) {
                whole |= 1 << axis;
                toTheEnd |= 1 << axis;
                continue;
            }
            long at = rest % kernel[i];
            rest /= kernel[i];
            begin[axis] = at * dilation[i];
            end[axis] = -(kernel[i] - 1 - at) * dilation[i];
            step[axis] = stride[i];
            toTheEnd |= end[axis] == 0 ? 1 << axis : 0;
        }
        return graph.stridedSlice(x, begin, end, step, whole, toTheEnd, 0, 0, 0);
    }

    /** The padding on both sides that makes ⌈length/stride⌉ windows. */
    private static long same(DynamicCustomOp op, SDVariable x, int axis, long kernel, long stride, long dilation) {
        long extent = (kernel - 1) * dilation + 1;
        if (stride == 1) {
            return extent - 1;
        }
        long length = Compositions.knownShape(op, x)[axis];
        long windows = (length + stride - 1) / stride;
        return Math.max(0, (windows - 1) * stride + extent - length);
    }
}
