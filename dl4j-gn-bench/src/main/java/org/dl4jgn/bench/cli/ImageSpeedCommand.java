package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.memory.StepMemory;
import org.dl4jgn.bench.speed.ImageReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Times steps on convolutional networks. */
@Command(
        name = "image-speed",
        description =
                "Times training steps of SGN, DL4J's Sgd and PyTorch on the SGN paper's convolutional networks, side"
                        + " by side by JMH, prints ratios, and measures memory.")
final class ImageSpeedCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    YardstickOptions yardstick = new YardstickOptions();

    @Option(names = "--problem", split = ",", description = "fashion, cifar, or with a comma between, both")
    List<ImageReport.Network> networks =
            new ArrayList<>(List.of(ImageReport.Network.FASHION, ImageReport.Network.CIFAR));

    @Override
    public Integer call() throws IOException, InterruptedException {
        new ImageReport(
                        yardstick.peer(),
                        new StepMemory(BenchTool.class.getName()),
                        yardstick.quick,
                        spec.commandLine().getOut())
                .print(networks);
        return 0;
    }
}
