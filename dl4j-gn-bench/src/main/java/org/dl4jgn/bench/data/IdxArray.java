package org.dl4jgn.bench.data;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.dl4jgn.tables.DataException;
import org.dl4jgn.tables.DataFile;

/**
 * An array of unsigned bytes in the IDX format of MNIST: type, number of dimensions, big-endian sizes, values.
 *
 * @param shape sizes, examples first
 * @param bytes values
 */
public record IdxArray(List<Integer> shape, byte[] bytes) {

    private static final int UNSIGNED_BYTES = 0x08;

    /**
     * Reads an array of the given number of dimensions.
     *
     * @throws DataException if the file is not of this format, or too short or too long
     */
    public static IdxArray read(DataFile file, int dimensions) throws DataException {
        ByteBuffer in = ByteBuffer.wrap(file.bytes());
        int header = Integer.BYTES * (1 + dimensions);
        if (in.remaining() < header) {
            throw new DataException(file.path() + " is truncated: it has " + in.remaining() + " bytes; get it again.");
        }
        int magic = in.getInt();
        if (magic != (UNSIGNED_BYTES << 8 | dimensions)) {
            throw new DataException(String.format(
                    "%s is not an IDX file of unsigned bytes in %d dimensions: it starts with %08x, not %08x.",
                    file.path(), dimensions, magic, UNSIGNED_BYTES << 8 | dimensions));
        }
        List<Integer> shape = new ArrayList<>();
        long size = 1;
        for (int i = 0; i < dimensions; i++) {
            int length = in.getInt();
            shape.add(length);
            size = length <= 0 ? -1 : Math.multiplyHigh(size, length) == 0 ? size * length : -1;
        }
        if (size != in.remaining()) {
            throw new DataException(
                    file.path() + " is " + (size > in.remaining() ? "truncated" : "damaged") + ": its header announces "
                            + shape + " values, and " + in.remaining() + " bytes follow; get it again.");
        }
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return new IdxArray(List.copyOf(shape), bytes);
    }

    /** Number of examples. */
    public int count() {
        return shape.get(0);
    }
}
