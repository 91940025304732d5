package org.dl4jgn.linalg;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Owner of arrays outside of any workspace that live and end together, and of what was made to work on them.
 *
 * <p>ND4J frees the memory of an array that nobody closes when Java's collector happens to run, which sees an object of a
 * few bytes and is in no hurry. So every array that lives longer than a method belongs to one owner, which closes it.
 */
public final class Buffers implements AutoCloseable {

    private final List<INDArray> arrays = new ArrayList<>();
    private final List<AutoCloseable> users = new ArrayList<>();

    /** A new array, not initialized. */
    public INDArray allocate(DataType type, long... shape) {
        INDArray array = Nd4j.createUninitializedDetached(type, shape);
        arrays.add(array);
        HeldMemory.take(bytes(array));
        return array;
    }

    /** A new array whose elements are all {@code value}. */
    public INDArray filled(double value, DataType type, long... shape) {
        INDArray array = allocate(type, shape);
        ScalarSet set = new ScalarSet(array, value);
        Nd4j.getExecutioner().exec(set);
        set.scalar().close();
        return array;
    }

    /** Takes over {@code user}, such as a program on these arrays: it is closed with them, before they are. */
    public <T extends AutoCloseable> T own(T user) {
        users.add(user);
        return user;
    }

    /** Bytes of all arrays. */
    public long bytes() {
        return arrays.stream().mapToLong(Buffers::bytes).sum();
    }

    private static long bytes(INDArray array) {
        return array.length() * array.dataType().width();
    }

    /** Closes the users, the last first, and then the arrays. Closing again does nothing. */
    @Override
    public void close() {
        for (int i = users.size() - 1; i >= 0; i--) {
            close(users.get(i));
        }
        users.clear();
        HeldMemory.give(bytes());
        arrays.forEach(INDArray::close);
        arrays.clear();
    }

    private static void close(AutoCloseable user) {
        try {
            user.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("Could not close " + user, e);
        }
    }
}
