package org.dl4jgn.bench.cli;

import java.util.concurrent.Callable;
import org.dl4jgn.bench.speed.ConvolutionChoices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Times ways to compute convolutions. */
@Command(
        name = "convolution-choices",
        description =
                "Times ND4J's convolutions beside matrix products of patches, which this library uses, on the layers"
                        + " of the SGN paper's networks: milliseconds, best of several.")
final class ConvolutionChoicesCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        new ConvolutionChoices(spec.commandLine().getOut()).print();
        return 0;
    }
}
