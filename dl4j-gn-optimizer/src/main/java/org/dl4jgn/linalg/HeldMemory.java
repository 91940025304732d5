package org.dl4jgn.linalg;

import java.util.concurrent.atomic.AtomicLong;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The bytes that all {@link Buffers} of the process hold.
 *
 * <p>An attached network that nobody refers to any more is freed when Java's collector finds it, and the collector, which sees
 * some small objects, does not look for a long time. So each time that another {@value #STEP} bytes are held, or a quarter more
 * than before, a collection is asked for, as the JDK does for its direct buffers. In a training the buffers are made with the
 * first batch of each size, so that it happens then or never. Thirty networks of a million parameters, trained and discarded one
 * after the other, then take 1.0 (SGN) and 1.1 times (EGN) what DL4J's Sgd takes, with steps of 256 MB 2.1 and 2.2 times
 * (the benchmark tool's {@code memory discarded}).
 */
final class HeldMemory {

    private static final long STEP = 64L << 20;
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
        LIMIT.accumulateAndGet(limit(HELD.addAndGet(-bytes)), Math::min);
    }

    private static long limit(long held) {
        return held + Math.max(STEP, held / 4);
    }

    private static synchronized void collect() {
        if (HELD.get() > LIMIT.get()) {
            LIMIT.set(limit(HELD.get()));
            Nd4j.getMemoryManager().invokeGc();
        }
    }
}
