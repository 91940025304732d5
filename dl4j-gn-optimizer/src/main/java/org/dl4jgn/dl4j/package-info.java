/**
 * The seams to DL4J: its Solver, private fields, updater state and listeners.
 */
@NullMarked
package org.dl4jgn.dl4j;

import org.jspecify.annotations.NullMarked;
