package org.dl4jgn.plan;

import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Keeps ND4J's element-wise operations on the calling thread while it is open; matrix products use all cores as before.
 *
 * <p>Starting and joining threads costs more than small arrays take: tanh of 20,000 floats needs 5.9 µs on one thread and
 * 7.3 on two. And ND4J's threads spin between operations: where another process wants the second core, every operation
 * waits for the scheduler, up to a thousand times as long. Changing the setting costs 0.06 µs.
 *
 * <p>The setting is one number of the whole process, and several trainings may hold it down at once. The first to open
 * remembers what it was and the last to close restores it; until then the arrays of all are worked on by one thread,
 * large ones too. Safe for use by several threads.
 */
public final class ElementwiseThreads implements AutoCloseable {

    private static final Environment ENVIRONMENT = Nd4j.getEnvironment();
    private static final Object LOCK = new Object();

    /** How many are open that hold the number down, and what it was before the first; guarded by the lock. */
    private static int holders;

    private static int before;

    private boolean holds;

    private ElementwiseThreads(boolean holds) {
        this.holds = holds;
    }

    /** One thread if {@code small}, else what is set. */
    public static ElementwiseThreads one(boolean small) {
        if (small) {
            synchronized (LOCK) {
                if (holders++ == 0) {
                    before = ENVIRONMENT.maxMasterThreads();
                    ENVIRONMENT.setMaxMasterThreads(1);
                }
            }
        }
        return new ElementwiseThreads(small);
    }

    /** Lets go; closing again does nothing. */
    @Override
    public void close() {
        synchronized (LOCK) {
            if (holds && --holders == 0) {
                ENVIRONMENT.setMaxMasterThreads(before);
            }
            holds = false;
        }
    }
}
