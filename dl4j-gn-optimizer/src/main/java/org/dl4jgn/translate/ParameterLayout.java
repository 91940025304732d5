package org.dl4jgn.translate;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where DL4J's flat vector holds the elements of a parameter array, which the plan has row by row.
 *
 * @param stored the shape of the array as DL4J has it, element after element in 'c' order
 * @param axes for each axis of the array as the plan has it, the axis of {@code stored} that it is
 */
public record ParameterLayout(long[] stored, int[] axes) {

    /** DL4J's order and the plan's are the same. */
    static ParameterLayout same(long... shape) {
        int[] axes = new int[shape.length];
        Arrays.setAll(axes, i -> i);
        return new ParameterLayout(shape, axes);
    }

    /** A matrix [rows, columns] that DL4J has column by column. */
    static ParameterLayout columns(long rows, long columns) {
        return new ParameterLayout(new long[] {columns, rows}, new int[] {1, 0});
    }

    /** The elements of a slice in DL4J's order, arranged as the plan has them: a view. */
    INDArray arranged(INDArray slice) {
        return slice.reshape('c', true, stored).permute(axes);
    }

    /** The elements of a slice in the plan's order: a view of the shape that {@link #arranged} gives. */
    INDArray plain(INDArray slice) {
        long[] shape = new long[axes.length];
        Arrays.setAll(shape, i -> stored[axes[i]]);
        return slice.reshape('c', true, shape);
    }

    /** A copy of {@code rows}, [n, length] in the plan's order, with each row in DL4J's order. */
    public INDArray rowsToNetworkOrder(INDArray rows) {
        long[] shape = new long[axes.length + 1];
        int[] back = new int[axes.length + 1];
        shape[0] = rows.size(0);
        for (int i = 0; i < axes.length; i++) {
            shape[i + 1] = stored[axes[i]];
            back[axes[i] + 1] = i + 1;
        }
        return rows.dup('c').reshape('c', shape).permute(back).dup('c').reshape('c', rows.shape());
    }

    /** True if the two orders differ. */
    boolean isReordered() {
        int last = -1;
        for (int axis : axes) {
            if (stored[axis] > 1) {
                if (axis < last) {
                    return true;
                }
                last = axis;
            }
        }
        return false;
    }
}
