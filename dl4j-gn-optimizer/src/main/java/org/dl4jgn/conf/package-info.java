/**
 * Settings of the optimizers: immutable, validated when built, part of DL4J's JSON and YAML.
 *
 * <p>{@link org.dl4jgn.conf.Sgn} is an {@code IUpdater}, the slot of a DL4J configuration that takes other people's
 * classes, and is named there by {@code updater(sgn)} or by {@link org.dl4jgn.conf.GaussNewtonConfiguration.Builder
 * optimizationAlgo(sgn)}. It is made of a rule for the damping, {@link org.dl4jgn.conf.Damping}, a rule for the step
 * length, {@link org.dl4jgn.conf.LineSearch}, and numbers. All defaults are in the builders; a setting out of range is
 * refused there with its name, its value and the range. A damping rule of one's own is a class that implements
 * {@code Damping}: a pure function of a small state.
 *
 * <p>Nothing here computes or knows of networks; {@link org.dl4jgn.optimize} reads the settings.
 */
@NullMarked
package org.dl4jgn.conf;

import org.jspecify.annotations.NullMarked;
