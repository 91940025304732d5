/**
 * What the runs show: curves with bands over the seeds, who won, how much a setting matters, our figures beside the papers',
 * as tables, charts and one page of HTML. Reads finished runs, trains nothing.
 */
@NullMarked
package org.dl4jgn.bench.report;

import org.jspecify.annotations.NullMarked;
