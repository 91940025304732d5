package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.curves.StrdTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fits NIST's reference problems of nonlinear regression. */
@Command(
        name = "curves",
        description = "Fits NIST's reference problems of nonlinear regression, by this library and by Hipparchus, and"
                + " prints how many digits of each certified value are right.")
final class CurvesCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Option(names = "--data", paramLabel = "FOLDER", description = "folder with NIST's files, such as MGH17.dat")
    Path data = Path.of("../shared/data/nist-strd");

    @Override
    public Integer call() throws IOException {
        StrdTable.of(data).print(spec.commandLine().getOut());
        return 0;
    }
}
