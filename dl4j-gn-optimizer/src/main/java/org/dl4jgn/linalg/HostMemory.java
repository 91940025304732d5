package org.dl4jgn.linalg;

import java.util.concurrent.atomic.AtomicInteger;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Whether the memory of arrays can be addressed from the host: the one place that decides between code of this library
 * that works on an array's memory itself, which only a CPU backend allows, and ND4J's own operations, which every backend
 * has.
 */
public final class HostMemory {

    private static final AtomicInteger HIDDEN = new AtomicInteger();

    private HostMemory() {}

    /** Asked when something is compiled or made, not while it runs: what exists stays as it was made. */
    public static boolean isAddressable() {
        return HIDDEN.get() == 0 && Nd4j.getEnvironment().isCPU();
    }

    /**
     * Lets whatever is made until the result is closed take the path of a backend whose memory cannot be addressed: for
     * tests of that path where there is no such backend. It holds for the whole process.
     */
    public static Hidden hide() {
        HIDDEN.incrementAndGet();
        return new Hidden();
    }

    /** While it is open, no array's memory counts as addressable. */
    public static final class Hidden implements AutoCloseable {

        private boolean open = true;

        private Hidden() {}

        @Override
        public void close() {
            if (open) {
                open = false;
                HIDDEN.decrementAndGet();
            }
        }
    }
}
