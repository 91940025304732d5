package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.memory.GraphSteps;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Times steps on a residual network. */
@Command(
        name = "graph-speed",
        description =
                "Times steps on ResNet-20, each optimizer in a process of its own, one after the other, and measures memory: no"
                        + " JMH, medians of a few steps.")
final class GraphSpeedCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Option(names = "--optimizers", split = ",", description = "sgd, sgn3, or with another number")
    List<String> optimizers = new ArrayList<>(List.of("sgn3", "sgd"));

    @Option(names = "--batch", description = "images of a batch")
    int batch = 128;

    @Option(names = "--steps", description = "steps, of which the first does not count")
    int steps = 6;

    @Option(names = "--here", hidden = true)
    boolean here;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        for (String optimizer : optimizers) {
            if (here) {
                GraphSteps measured = GraphSteps.here(optimizer, batch, steps);
                out.printf(
                        "%s: median of a step %.0f ms, of its processor time %.0f ms, memory %s MB%n",
                        optimizer,
                        measured.milliseconds(),
                        measured.processorMilliseconds(),
                        measured.megabytes().isPresent() ? measured.megabytes().getAsLong() : "?");
                out.flush();
            } else {
                GraphSteps.runApart(BenchTool.class.getName(), optimizer, batch, steps);
            }
        }
        return 0;
    }
}
