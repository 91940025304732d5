package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.speed.SpeedReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Times steps side by side. */
@Command(
        name = "speed",
        description =
                "Times one training step of SGN, DL4J's Sgd and PyTorch's SGN on the SGN paper's dense networks, side"
                        + " by side by JMH, and prints ratios.")
final class SpeedCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    YardstickOptions yardstick = new YardstickOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        new SpeedReport(yardstick.peer(), yardstick.quick, spec.commandLine().getOut()).print();
        return 0;
    }
}
