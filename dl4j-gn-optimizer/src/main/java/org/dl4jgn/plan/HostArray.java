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
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The memory of a dense array: pieces of it are copied from and to Java arrays ({@code float[]}, {@code double[]} or {@code
 * int[]}, as the type has it), in which the loops are.
 *
 * <p>On a CPU backend that is the array's own memory. On another it is a copy of the whole array, which {@link #load} takes
 * and {@link #store} puts back: slow, but the same.
 */
final class HostArray {

    /** Elements of a block: a buffer of Java's holds less than 2³¹ bytes. */
    private static final int BLOCK = 1 << 27;

    private final INDArray array;
    private final DataType type;
    private final boolean addressable;
    private final Buffer[] blocks;

    HostArray(INDArray array, boolean addressable) {
        this.array = array;
        this.addressable = addressable;
        type = array.dataType();
        long length = array.length();
        blocks = new Buffer[(int) ((length + BLOCK - 1) / BLOCK)];
        for (int i = 0; i < blocks.length; i++) {
            long from = (long) i * BLOCK;
            int size = (int) Math.min(BLOCK, length - from);
            blocks[i] = addressable ? block(array.data().addressPointer(), from, size) : room(size);
        }
    }

    private Buffer room(int size) {
        return switch (type) {
            case FLOAT -> FloatBuffer.allocate(size);
            case DOUBLE -> DoubleBuffer.allocate(size);
            default -> IntBuffer.allocate(size);
        };
    }

    /** Takes the array's elements, where its memory cannot be addressed. */
    void load() {
        if (!addressable) {
            INDArray flat = array.reshape(array.length());
            for (int i = 0; i < blocks.length; i++) {
                Buffer block = blocks[i];
                INDArray part = flat.get(interval(i)).dup();
                if (block instanceof FloatBuffer floats) {
                    floats.put(0, part.data().asFloat());
                } else if (block instanceof DoubleBuffer doubles) {
                    doubles.put(0, part.data().asDouble());
                } else {
                    ((IntBuffer) block).put(0, part.data().asInt());
                }
            }
        }
    }

    /** Gives the array the elements that were written, where its memory cannot be addressed. */
    void store() {
        if (!addressable) {
            INDArray flat = array.reshape(array.length());
            for (int i = 0; i < blocks.length; i++) {
                Object elements = blocks[i].array();
                INDArray part = elements instanceof float[] floats
                        ? Nd4j.createFromArray(floats)
                        : elements instanceof double[] doubles
                                ? Nd4j.createFromArray(doubles)
                                : Nd4j.createFromArray((int[]) elements);
                flat.get(interval(i)).assign(part);
            }
        }
    }

    private INDArrayIndex interval(int block) {
        long from = (long) block * BLOCK;
        return NDArrayIndex.interval(from, Math.min(from + BLOCK, array.length()));
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
