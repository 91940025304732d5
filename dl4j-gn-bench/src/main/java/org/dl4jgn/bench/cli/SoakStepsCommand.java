package org.dl4jgn.bench.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.soak.ManySteps;
import org.dl4jgn.bench.soak.SoakNetwork;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whether very many steps stay finite. */
@Command(
        name = "steps",
        description =
                "Takes very many steps in float on small networks of five kinds: no number that is not finite, and no"
                        + " exception.")
final class SoakStepsCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Option(names = "--networks", split = ",", description = "of which kinds")
    List<SoakNetwork> networks = new ArrayList<>(List.of(SoakNetwork.values()));

    @Option(names = "--steps", description = "of each network")
    int steps = 10_000;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        ManySteps many = new ManySteps(steps);
        boolean held = true;
        for (SoakNetwork network : networks) {
            held &= many.of(network, out);
        }
        return held ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
