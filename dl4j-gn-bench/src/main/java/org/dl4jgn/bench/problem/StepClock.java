package org.dl4jgn.bench.problem;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * The clock of training: the wall's, or with the system property {@code dl4jgn.clock=cpu} that of the processor time of all threads
 * of this process, and of those that it started ({@link org.dl4jgn.bench.rivals.Trainer#nanosElsewhere}). With one thread both are the same on a machine that has nothing else to do; on one that has, the second
 * still compares.
 */
public final class StepClock {

    private static final String PROPERTY = "dl4jgn.clock";
    private static final boolean CPU = isCpu(System.getProperty(PROPERTY, "wall"));

    private StepClock() {}

    private static boolean isCpu(String name) {
        return switch (name) {
            case "wall" -> false;
            case "cpu" -> true;
            default -> throw new IllegalArgumentException(PROPERTY + " is " + name + ", but must be wall or cpu");
        };
    }

    /** Whether it is processor time. */
    public static boolean isProcessorTime() {
        return CPU;
    }

    /** Nanoseconds from some moment on. */
    static long nanos() {
        return CPU && ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean bean
                ? bean.getProcessCpuTime()
                : System.nanoTime();
    }
}
