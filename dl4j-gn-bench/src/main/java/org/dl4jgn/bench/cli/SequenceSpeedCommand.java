package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.speed.SequenceReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Times steps on recurrent networks. */
@Command(
        name = "sequence-speed",
        description =
                "Times steps on LSTMs: SGN(3) beside DL4J's Sgd and PyTorch's SGN(3), EGN beside SGN(10), each a step in turn, and"
                        + " prints ratios of medians of processor time.")
final class SequenceSpeedCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Option(names = "--steps", description = "steps of each that count; as many are taken before")
    int steps = 20;

    @Override
    public Integer call() throws IOException, InterruptedException {
        new SequenceReport(steps, spec.commandLine().getOut()).print();
        return 0;
    }
}
