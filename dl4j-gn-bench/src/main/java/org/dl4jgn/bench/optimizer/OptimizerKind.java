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
    default List<String> grid() {
        return List.of();
    }

    /**
     * Settings that are added to a value of the grid, one after the other, once the worst values are out; the first is what
     * the values are tried with before. An empty text adds nothing.
     */
    default List<String> variations() {
        return List.of("");
    }

    /**
     * The settings that are varied to show how much they matter, with their defaults. All are varied by the same factors.
     */
    default Map<String, Double> sweeps() {
        return Map.of();
    }

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
