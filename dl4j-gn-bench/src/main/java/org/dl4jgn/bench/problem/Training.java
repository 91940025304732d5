package org.dl4jgn.bench.problem;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.dl4jgn.StepReport;

/** A training that goes on step by step. The clock runs within the optimizer's steps only. */
public interface Training extends AutoCloseable {

    /** Takes one step. */
    void step();

    /** Steps taken. */
    long steps();

    /** Steps of an epoch. */
    int stepsPerEpoch();

    /** Time spent in steps. */
    long nanos();

    /** What the last step did, where the optimizer tells. */
    default Optional<StepReport> report() {
        return Optional.empty();
    }

    /** Measures now, off the clock. */
    Map<Measure, Double> measure();

    /** Whether it has got where no further step is possible. */
    default boolean isLost() {
        return false;
    }

    /** Why it goes no further by itself, such as at a minimum; empty while it does. */
    default Optional<String> ended() {
        return Optional.empty();
    }

    /** Whether it can be {@linkplain #save saved} and go on later. */
    boolean isSavable();

    /** Saves all that is needed to go on. */
    void save(Path file) throws IOException;

    /** Goes on from what was saved by a training that was started the same way. */
    void restore(Path file) throws IOException;

    /** Passes through the data, with fractions. */
    default double epochs() {
        return (double) steps() / stepsPerEpoch();
    }

    /** Training time. */
    default double seconds() {
        return nanos() * 1e-9;
    }

    @Override
    default void close() {}
}
