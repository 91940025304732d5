package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.speed.EgnReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Times EGN's steps, and their growth. */
@Command(
        name = "egn-speed",
        description =
                "Times one EGN step beside SGN(3) and PyTorch's EGN with explicit Jacobian, by JMH; then how time and"
                        + " memory grow with the batch and the network.")
final class EgnSpeedCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    YardstickOptions yardstick = new YardstickOptions();

    @Option(names = "--what", description = "steps, growth or both")
    EgnReport.What what = EgnReport.What.BOTH;

    @Option(names = "--chart", paramLabel = "FILE", description = "where the growth is drawn")
    Path chart = Path.of("target/egn-scaling.png");

    @Override
    public Integer call() throws IOException, InterruptedException {
        new EgnReport(yardstick.peer(), yardstick.quick, spec.commandLine().getOut()).print(what, chart);
        return 0;
    }
}
