package org.dl4jgn.plan;

import java.nio.Buffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The memory of a dense array, which must be addressable: pieces of it are copied from and to Java arrays ({@code float[]},
 * {@code double[]} or {@code int[]}, as the type has it), in which the loops are.
 */
final class HostArray {

    /** Elements of a block: a buffer of Java's holds less than 2³¹ bytes. */
    private static final int BLOCK = 1 << 27;

    private final DataType type;
    private final Buffer[] blocks;

    HostArray(INDArray array) {
        type = array.dataType();
        long length = array.length();
        Pointer start = array.data().addressPointer();
        blocks = new Buffer[(int) ((length + BLOCK - 1) / BLOCK)];
        for (int i = 0; i < blocks.length; i++) {
            long from = (long) i * BLOCK;
            blocks[i] = block(start, from, Math.min(BLOCK, length - from));
        }
    }

    private Buffer block(Pointer start, long from, long length) {
        Pointer pointer = switch (type) {
            case FLOAT -> new FloatPointer(start);
            case DOUBLE -> new DoublePointer(start);
            case INT -> new IntPointer(start);
            default -> throw new IllegalArgumentException("Arrays of type " + type + " are not used by plans");
        };
        // the limits of the pointer that ND4J gives are those of its whole buffer
        pointer.limit(from + length).position(from);
        return pointer.asBuffer();
    }

    /** A Java array of this array's type. */
    Object scratch(int length) {
        return switch (type) {
            case FLOAT -> new float[length];
            case DOUBLE -> new double[length];
            default -> new int[length];
        };
    }

    /** Copies elements from {@code from} on to the start of {@code to}. */
    void read(long from, Object to, int length) {
        int done = 0;
        while (done < length) {
            int at = (int) ((from + done) % BLOCK);
            int n = Math.min(length - done, BLOCK - at);
            Buffer block = blocks[(int) ((from + done) / BLOCK)];
            if (to instanceof float[] floats) {
                ((FloatBuffer) block).get(at, floats, done, n);
            } else if (to instanceof double[] doubles) {
                ((DoubleBuffer) block).get(at, doubles, done, n);
            } else {
                ((IntBuffer) block).get(at, (int[]) to, done, n);
            }
            done += n;
        }
    }

    /** Copies elements from the start of {@code from} to {@code to} on. */
    void write(Object from, long to, int length) {
        int done = 0;
        while (done < length) {
            int at = (int) ((to + done) % BLOCK);
            int n = Math.min(length - done, BLOCK - at);
            Buffer block = blocks[(int) ((to + done) / BLOCK)];
            if (from instanceof float[] floats) {
                ((FloatBuffer) block).put(at, floats, done, n);
            } else if (from instanceof double[] doubles) {
                ((DoubleBuffer) block).put(at, doubles, done, n);
            } else {
                ((IntBuffer) block).put(at, (int[]) from, done, n);
            }
            done += n;
        }
    }
}
