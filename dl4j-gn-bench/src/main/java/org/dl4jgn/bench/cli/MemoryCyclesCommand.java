package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.memory.AttachCycles;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.problem.SyntheticProblem;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whether networks that are given up leave memory behind. */
@Command(
        name = "cycles",
        description =
                "Attaches a small network, lets it take four steps, and gives it up, again and again; says whether"
                        + " the resident size stays flat to 5 %%, by the medians of the second and the last fifth of the cycles."
                        + " Exit code 1 if it does not.")
final class MemoryCyclesCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Option(names = "--cycles", description = "how many")
    int cycles = 500;

    @Nullable
    @Option(
            names = "--minutes",
            description = "as many cycles as fit in so long, at least " + AttachCycles.FEWEST + ", instead of --cycles")
    Double minutes;

    @Option(names = "--problem", description = "network and shape of the data, which are random")
    String problem = "boston";

    @Option(
            names = {"-o", "--optimizer"},
            description = "as in \"run\"")
    String optimizer = "sgn";

    @Option(
            names = "--ending",
            description = "how a network is given up: discard (nobody refers to it, the next is new), anew (the same is"
                    + " attached again), clear (DL4J's clear(), then the same)")
    AttachCycles.Ending ending = AttachCycles.Ending.DISCARD;

    @Option(
            names = "--collect-every",
            description = "cycles from one collection of garbage to the next; 0: none but the JVM's own")
    int collectEvery = 10;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        AttachCycles.Result result = new AttachCycles(
                        SyntheticProblem.like(problem),
                        Optimizers.parse(optimizer),
                        ending,
                        minutes == null ? cycles : AttachCycles.FEWEST,
                        minutes == null ? 0 : 60 * minutes,
                        collectEvery)
                .run(out);
        out.printf(
                Locale.ROOT,
                "%s: median of the second fifth %.1f MB, of the last %.1f MB: %+.1f %%, flat is up to +%.0f %%%n",
                result.isFlat() ? "PASS" : "FAIL",
                result.early() / 1e6,
                result.late() / 1e6,
                100 * result.growth(),
                100 * AttachCycles.FLAT);
        out.flush();
        return result.isFlat() ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
