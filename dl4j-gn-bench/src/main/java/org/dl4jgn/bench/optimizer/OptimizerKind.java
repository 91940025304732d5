package org.dl4jgn.bench.optimizer;

import java.util.List;
import java.util.Map;

/** A family of optimizers that differ in their settings. */
public interface OptimizerKind {

    /** The word that users write: {@code adam}. */
    String name();

    /** One line for lists. */
    String description();

    /** The names of the settings with their meanings and defaults, the one that may be written without its name first. */
    Map<String, String> settings();

    /** Values of the first setting that {@code tune} tries; empty if nothing is to be tuned. */
    List<String> grid();

    /** What {@code tune} tries after that, setting by setting, the others at their best so far. */
    default Map<String, List<String>> furtherGrids() {
        return Map.of();
    }

    /** Values of the first setting over which the robustness of the family is shown. */
    List<String> robustness();

    /** Whether it is one to measure up to, rather than one of this library. */
    default boolean isRival() {
        return true;
    }

    /**
     * Makes a contender.
     *
     * @throws IllegalArgumentException if a setting does not exist or has a value that is not allowed
     */
    Contender create(Options options);
}
