package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.memory.DiscardedNetworks;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How large a process gets that makes large networks and discards them. */
@Command(
        name = "discarded",
        description =
                "Makes networks of a million parameters, 784-800-400-10, one after the other, each of which takes some"
                        + " steps and is discarded, and prints the resident size, each optimizer in a process of its own; ratios"
                        + " are to the first optimizer's peak.")
final class MemoryDiscardedCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Option(names = "--networks", description = "how many")
    int networks = 30;

    @Option(names = "--steps", description = "of each")
    int steps = 5;

    @Option(names = "--batch", description = "examples in a mini-batch")
    int batch = 64;

    @Option(
            names = {"-o", "--optimizer"},
            description = "as in \"run\"")
    List<String> optimizers = new ArrayList<>(List.of("sgd,sgn,egn"));

    @Nullable
    @Option(
            names = "--at-most",
            paramLabel = "RATIO",
            description = "exit code 1 if a ratio is larger; default: no limit")
    Double limit;

    @Option(names = "--here", hidden = true, description = "one optimizer, in this process, as bytes")
    boolean here;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        DiscardedNetworks measurement = new DiscardedNetworks(BenchTool.class.getName(), networks, steps, batch);
        List<String> texts = new ArrayList<>();
        optimizers.forEach(list -> texts.addAll(Optimizers.split(list)));
        if (here) {
            measurement.here(Optimizers.parse(texts.get(0)), out);
            return ExitCode.OK;
        }
        texts.forEach(Optimizers::parse);
        double worst = measurement.print(texts, out);
        if (limit == null) {
            return ExitCode.OK;
        }
        out.printf(
                Locale.ROOT,
                "%s: the largest ratio is %.2f, the limit %.2f%n",
                worst <= limit ? "PASS" : "FAIL",
                worst,
                limit);
        out.flush();
        return worst <= limit ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
