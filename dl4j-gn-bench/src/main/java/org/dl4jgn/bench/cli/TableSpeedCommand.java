package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.speed.TableReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Times steps on dense networks. */
@Command(
        name = "table-speed",
        description =
                "Times steps on dense networks: the default settings of SGN, of SGN by products"
                        + " with H and of EGN beside DL4J's Adam, each a step in turn, and prints ratios of medians of processor time.")
final class TableSpeedCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Option(names = "--steps", description = "steps of each that count; as many are taken before")
    int steps = 200;

    @Override
    public Integer call() throws IOException, InterruptedException {
        new TableReport(steps, spec.commandLine().getOut()).print();
        return 0;
    }
}
