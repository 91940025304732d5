/** The command line of {@code dl4j-gn-bench}: {@link org.dl4jgn.bench.cli.BenchTool} and its subcommands. */
@NullMarked
package org.dl4jgn.bench.cli;

import org.jspecify.annotations.NullMarked;
