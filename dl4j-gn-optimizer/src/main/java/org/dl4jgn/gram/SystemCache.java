package org.dl4jgn.gram;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.translate.BatchShape;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What was made for compiled networks and is kept from one point to the next, because its buffers are large: systems and
 * rows. The owner of the networks holds one, frees a network's before it closes that, and closes it in the end.
 *
 * <p>Of a network what was used at its last point stays; what only points before it used goes when something new is made.
 * Where all together would take more than a limit, everything else goes.
 */
public final class SystemCache implements AutoCloseable {

    private final List<Kept<?>> kept = new ArrayList<>();
    private final Map<BatchShape, Long> cotangentBytes = new HashMap<>();

    /**
     * What something is kept as.
     *
     * @param network what it is of
     * @param normalizer N, by which its sums are divided
     * @param kind what is made of its rows: the method of a system, or a class; always the same type of buffers
     * @param type the type of its arithmetic
     */
    record Key(CompiledNetwork network, double normalizer, Object kind, DataType type) {}

    /** Something that is kept, and where it was loaded last. */
    static final class Kept<T extends Loadable> {

        private final Key key;
        private final T buffers;
        private @Nullable NetworkPosition position;
        private boolean isOpen = true;

        private Kept(Key key, T buffers) {
            this.key = key;
            this.buffers = buffers;
        }

        private void load(NetworkPosition at) {
            if (position == at) {
                at.requireValid();
            } else {
                position = null;
                at.restore();
                buffers.load();
                position = at;
            }
        }

        private void close() {
            isOpen = false;
            buffers.close();
        }

        /**
         * The buffers, as loaded at a point.
         *
         * @throws IllegalStateException if they are freed or serve another point
         */
        T at(NetworkPosition point) {
            if (!isOpen) {
                throw new IllegalStateException("This was freed to make room for another system of the memory limit, or"
                        + " with its problem; open it again");
            }
            if (position != point) {
                throw new IllegalStateException(
                        "This belongs to a point that has ended: its buffers serve a later one; open it there");
            }
            return buffers;
        }
    }

    /**
     * What is kept as {@code key}, loaded at a position, to which the network is put where that is still to be done; made if
     * there is none.
     *
     * @param bytes that it takes, an upper bound
     * @param limit bytes that all may take together
     */
    <T extends Loadable> Kept<T> open(Key key, long bytes, long limit, NetworkPosition position, Supplier<T> make) {
        Kept<T> found = find(key);
        if (found == null) {
            free(other -> other.key.network == key.network && other.position != position);
            if (bytes + bytes() > limit) {
                free(other -> true);
            }
            try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                found = new Kept<>(key, make.get());
            }
            kept.add(found);
        }
        found.load(position);
        return found;
    }

    /** One key always has the same type of buffers. */
    @SuppressWarnings("unchecked")
    private <T extends Loadable> @Nullable Kept<T> find(Key key) {
        for (Kept<?> candidate : kept) {
            if (candidate.key.equals(key)) {
                return (Kept<T>) candidate;
            }
        }
        return null;
    }

    private void free(Predicate<Kept<?>> which) {
        kept.stream().filter(which).forEach(Kept::close);
        kept.removeIf(which);
    }

    /** Bytes of the unit cotangents of an example of that shape; found out once. */
    long cotangentBytes(BatchShape example, LongSupplier find) {
        return cotangentBytes.computeIfAbsent(example, shape -> {
            try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                return find.getAsLong();
            }
        });
    }

    /** Bytes of all that is kept. */
    public long bytes() {
        return kept.stream().mapToLong(k -> k.buffers.bytes()).sum();
    }

    /** Frees what was made for a network. */
    public void free(CompiledNetwork network) {
        free(k -> k.key.network == network);
    }

    @Override
    public void close() {
        free(k -> true);
    }
}
