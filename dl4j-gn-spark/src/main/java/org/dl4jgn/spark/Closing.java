package org.dl4jgn.spark;

import java.util.function.Supplier;

/** What is made of several parts, of which one may fail. */
final class Closing {

    private Closing() {}

    /**
     * Makes a part.
     *
     * @param made frees what there is already, if the part fails; where Spark has stopped this fails too, and does not hide why
     */
    static <T> T unlessMade(Runnable made, Supplier<T> part) {
        try {
            return part.get();
        } catch (Throwable e) { // Spark throws checked exceptions without declaring them
            try {
                made.run();
            } catch (RuntimeException stopped) {
                e.addSuppressed(stopped);
            }
            throw e;
        }
    }
}
