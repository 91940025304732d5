/**
 * Runs: what to run for how long, the loop that trains and measures, and the results on disk, from which an interrupted run
 * goes on. A folder of results has one folder for each problem with {@code runs.jsonl}, a line for each run with its whole
 * curve; {@code runs.csv} and {@code curves.csv} say the same for spreadsheets.
 */
@NullMarked
package org.dl4jgn.bench.run;

import org.jspecify.annotations.NullMarked;
