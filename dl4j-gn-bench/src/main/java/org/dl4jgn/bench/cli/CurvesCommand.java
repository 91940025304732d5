package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.curves.StrdTable;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.tables.DataException;
import org.jspecify.annotations.Nullable;
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

    private static final String FOLDER = "nist-strd";
    private static final String ADVICE =
            "give the one that has NIST's reference problems of nonlinear regression, such as MGH17.dat, by --data";

    @Spec
    CommandSpec spec;

    @Nullable
    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description =
                    "folder with NIST's files, such as MGH17.dat; default: nist-strd where data sets are looked for")
    Path data;

    @Override
    public Integer call() throws IOException {
        StrdTable.of(folder()).print(spec.commandLine().getOut());
        return 0;
    }

    private Path folder() throws DataException {
        if (data == null) {
            return DataFolders.standard(null, null)
                    .folder(FOLDER)
                    .orElseThrow(() -> new DataException("No folder of data sets has a " + FOLDER + ": " + ADVICE));
        }
        if (!Files.isDirectory(data)) {
            throw new DataException("--data is " + data + ", which is no folder: " + ADVICE);
        }
        return data;
    }
}
