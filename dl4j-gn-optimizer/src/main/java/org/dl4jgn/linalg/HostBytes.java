package org.dl4jgn.linalg;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The bytes of arrays in host memory. */
final class HostBytes {

    /** Bytes that are compared at a time: a buffer's size is an int. */
    private static final long PART = 1 << 30;

    private HostBytes() {}

    /** Whether two dense arrays of one type and length are the same to the bit. */
    static boolean areSame(INDArray x, INDArray y) {
        BytePointer of = new BytePointer(x.data().addressPointer());
        BytePointer other = new BytePointer(y.data().addressPointer());
        long bytes = x.length() * x.dataType().width();
        for (long from = 0; from < bytes; from += PART) {
            long to = Math.min(bytes, from + PART);
            if (part(of, from, to).mismatch(part(other, from, to)) >= 0) {
                return false;
            }
        }
        return true;
    }

    private static ByteBuffer part(BytePointer memory, long from, long to) {
        return memory.position(from).limit(to).asByteBuffer();
    }
}
