package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.memory.StepMemory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Peak memory of a step. */
@Command(
        name = "step",
        description =
                "Prints the most bytes that the process takes during a few steps, beyond network and data. On Linux,"
                        + " which counts them.")
final class MemoryStepCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "PROBLEM",
            description = "network and shape of the data, which are random: boston, fashion, ...")
    String problem = "";

    @Parameters(
            index = "1",
            paramLabel = "OPTIMIZER",
            description = "sgd, egn, or sgn with a number of iterations: sgn10")
    String optimizer = "";

    @Override
    public Integer call() throws IOException {
        OptionalLong bytes = StepMemory.here(problem, optimizer);
        if (bytes.isEmpty()) {
            throw new IOException("This system does not count the peak of a process's memory; Linux does");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(bytes.getAsLong());
        out.flush();
        return 0;
    }
}
