package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.memory.SteadySteps;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.problem.SyntheticProblem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Memory over many steps. */
@Command(
        name = "steps",
        description = "Prints heap and resident size of the process over many steps of one network, ten times.")
final class MemoryStepsCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "STEPS", description = "how many")
    int steps = 10_000;

    @Option(names = "--problem", description = "network and shape of the data, which are random")
    String problem = "boston";

    @Option(
            names = {"-o", "--optimizer"},
            description = "as in \"run\"")
    String optimizer = "sgn";

    @Override
    public Integer call() throws IOException, InterruptedException {
        new SteadySteps(SyntheticProblem.like(problem), Optimizers.parse(optimizer), steps)
                .print(spec.commandLine().getOut());
        return 0;
    }
}
