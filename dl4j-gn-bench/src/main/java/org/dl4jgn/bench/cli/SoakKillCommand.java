package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.soak.KilledTrainings;
import org.dl4jgn.bench.soak.SoakNetwork;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whether killed trainings go on to the bit. */
@Command(
        name = "kill",
        description =
                "Kills trainings at random moments, as kill -9 does, lets them go on from their checkpoints, and compares"
                        + " their end with that of one that nobody disturbed, bit for bit.")
final class SoakKillCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Option(names = "--networks", split = ",", description = "of which kinds")
    List<SoakNetwork> networks = new ArrayList<>(
            List.of(SoakNetwork.DENSE, SoakNetwork.CONVOLUTION, SoakNetwork.LSTM_SEQUENCE, SoakNetwork.GRAPH));

    @Option(names = "--kills", description = "of each network")
    int kills = 5;

    @Option(names = "--steps", description = "of each training")
    int steps = 600;

    @Option(names = "--seed", description = "decides the moments")
    long seed = 1;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        KilledTrainings trainings = new KilledTrainings(kills, steps, seed);
        boolean held = true;
        for (SoakNetwork network : networks) {
            held &= trainings.of(network, out);
        }
        return held ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
