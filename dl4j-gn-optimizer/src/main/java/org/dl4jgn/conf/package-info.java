/**
 * Settings of the optimizers, and the rules that they choose: immutable, validated when built, part of DL4J's JSON and YAML.
 *
 * <p>{@link org.dl4jgn.conf.Sgn} and {@link org.dl4jgn.conf.Egn} are {@code IUpdater}s, the slot of a DL4J configuration that
 * takes other people's classes, and are named there by {@code updater(sgn)} or by {@link
 * org.dl4jgn.conf.GaussNewtonConfiguration.Builder optimizationAlgo(sgn)}. They are made of a rule for the damping, {@link
 * org.dl4jgn.conf.Damping}, a rule for the step length, {@link org.dl4jgn.conf.LineSearch}, and numbers. All defaults are in
 * the builders; a setting out of range is refused there with its name, its value and the range.
 *
 * <p>A rule decides by the numbers it is given: a damping rule is a pure function of a small state and of what a step did,
 * a line search asks a {@link org.dl4jgn.conf.Ray} for the loss along a direction. One of one's own is a class that
 * implements the interface. What rules and solvers remember from step to step is declared in a {@link
 * org.dl4jgn.conf.StateLayout}.
 *
 * <p>Nothing here knows of networks or takes a step; {@link org.dl4jgn.optimize} does.
 */
@NullMarked
package org.dl4jgn.conf;

import org.jspecify.annotations.NullMarked;
