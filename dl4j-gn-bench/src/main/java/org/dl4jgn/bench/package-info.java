/**
 * Benchmarks, in rooms: {@code cli} is the command-line tool, to which all else is reached. Trainings on whole problems:
 * {@code report} shows what {@code run} did on a {@code problem} with an {@code optimizer}; {@code control} and {@code rivals}
 * are what the papers have and DL4J has not; {@code data} reads files, {@code paper} has the authors' figures. Measurements of
 * single steps: {@code speed}, {@code memory}, with programs in a {@code process} of their own.
 */
@NullMarked
package org.dl4jgn.bench;

import org.jspecify.annotations.NullMarked;
