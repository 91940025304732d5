package org.dl4jgn.bench.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C as a wish that the loop of a run sees between two steps: the JVM stays until the loop has written what it has.
 */
public final class Interruption implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 120;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupt, "interruption");
    private volatile boolean wanted;

    private Interruption() {}

    /** From now on Ctrl-C waits. */
    public static Interruption watch() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    private void interrupt() {
        wanted = true;
        System.err.println("\nInterrupted: writing what there is after this step ...");
        try {
            if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("The step takes too long; its run is lost, the others are written.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the user wants to stop. */
    public boolean isWanted() {
        return wanted;
    }

    @Override
    public void close() {
        done.countDown();
        if (!wanted) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
