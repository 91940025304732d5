package org.dl4jgn.linalg;

import java.util.concurrent.atomic.AtomicLong;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The bytes that all {@link Buffers} of the process hold.
 *
 * <p>An attached network that nobody refers to any more is freed when Java's collector finds it, and the collector, which sees
 * some small objects, does not look for a long time: thirty discarded networks of a million parameters took up to 3.7 GB. So
 * each time that another {@value #STEP} bytes are held, a collection is asked for, as the JDK does for its direct buffers. In a
 * training the buffers are made with the first batch of each size, so that it happens then or never.
 */
final class HeldMemory {

    private static final long STEP = 256L << 20;
    private static final AtomicLong HELD = new AtomicLong();
    private static final AtomicLong LIMIT = new AtomicLong(STEP);

    private HeldMemory() {}

    static void take(long bytes) {
        if (HELD.addAndGet(bytes) > LIMIT.get()) {
            collect();
        }
    }

    /** What is freed lowers the limit with it. */
    static void give(long bytes) {
        LIMIT.accumulateAndGet(HELD.addAndGet(-bytes) + STEP, Math::min);
    }

    private static synchronized void collect() {
        if (HELD.get() > LIMIT.get()) {
            LIMIT.set(HELD.get() + STEP);
            Nd4j.getMemoryManager().invokeGc();
        }
    }
}
