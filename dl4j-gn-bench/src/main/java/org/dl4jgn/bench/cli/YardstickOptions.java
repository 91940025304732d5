package org.dl4jgn.bench.cli;

import java.nio.file.Path;
import org.dl4jgn.bench.speed.PeerTimes;
import picocli.CommandLine.Option;

/** What a report of speed compares with, and how thoroughly. */
final class YardstickOptions {

    @Option(names = "--quick", description = "short iterations, for a look; not for a figure to quote")
    boolean quick;

    @Option(names = "--peer", paramLabel = "SCRIPT", description = "the PyTorch yardstick; left out if it is not there")
    Path script = Path.of("../shared/peers/torch_gn.py");

    @Option(names = "--peer-seconds", description = "seconds for each of PyTorch's cases")
    double seconds = 4;

    PeerTimes peer() {
        return new PeerTimes(script, seconds);
    }
}
