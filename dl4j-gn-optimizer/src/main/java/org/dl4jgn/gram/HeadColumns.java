package org.dl4jgn.gram;

import java.util.ArrayList;
import java.util.List;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.network.CompiledHead;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Views;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The outputs of all heads side by side: row i of [b, C] is example i, with the L_h = t_h·c_h elements of each head h after
 * those of the head before.
 *
 * <p>A head's own matrix is [b·t, c], which is [b, L] in other words; so one head is the whole, without copies.
 */
final class HeadColumns {

    private final List<CompiledHead> heads;
    private final long b;
    private final List<Long> offsets = new ArrayList<>();

    HeadColumns(CompiledNetwork at) {
        heads = at.heads();
        b = at.batchSize();
        long offset = 0;
        for (CompiledHead head : heads) {
            offsets.add(offset);
            offset += head.head.length();
        }
    }

    boolean isSingle() {
        return heads.size() == 1;
    }

    /** L_h. */
    long length(int head) {
        return heads.get(head).head.length();
    }

    /** Where a head's elements begin. */
    long offset(int head) {
        return offsets.get(head);
    }

    /**
     * Appends {@code to ← (from₀ from₁ ...)}.
     *
     * @param from a matrix of each head, of whatever type
     * @param to [b, C]
     */
    void appendJoined(Program program, List<INDArray> from, INDArray to, Buffers buffers) {
        if (isSingle()) {
            program.convert(Views.reshape(from.get(0), b, length(0)), to);
            return;
        }
        DataType type = to.dataType();
        List<INDArray> parts = new ArrayList<>();
        for (INDArray matrix : from) {
            INDArray part = Views.reshape(matrix, b, matrix.length() / b);
            if (matrix.dataType() != type) {
                INDArray converted = buffers.allocate(type, part.shape());
                program.convert(part, converted);
                part = converted;
            }
            parts.add(part);
        }
        program.concat(parts, to);
    }

    /**
     * Appends {@code (to₀ to₁ ...) ← from}.
     *
     * @param from [b, C]
     * @param to a matrix of each head, of whatever type
     */
    void appendSplit(Program program, INDArray from, List<INDArray> to, Buffers buffers) {
        if (isSingle()) {
            program.convert(from, Views.reshape(to.get(0), b, length(0)));
            return;
        }
        for (int i = 0; i < to.size(); i++) {
            INDArray target = Views.reshape(to.get(i), b, length(i));
            if (target.dataType() == from.dataType()) {
                program.columns(from, offset(i), target);
            } else {
                INDArray part = buffers.allocate(from.dataType(), target.shape());
                program.columns(from, offset(i), part).convert(part, target);
            }
        }
    }
}
