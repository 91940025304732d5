package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.bench.data.Download;
import org.dl4jgn.bench.problem.CsvProblem;
import org.dl4jgn.bench.problem.EarlyStopping;
import org.dl4jgn.bench.problem.Problem;
import org.dl4jgn.bench.problem.Problems;
import org.dl4jgn.bench.problem.Workload;
import org.dl4jgn.bench.run.Budget;
import org.dl4jgn.bench.run.ResultFolder;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What to train on, for how long, from which files. */
final class ProblemOptions {

    private static final double VALIDATION = 0.2;
    private static final int PATIENCE = 25;

    @Nullable
    @Parameters(arity = "0..1", paramLabel = "PROBLEM", description = "its name; \"list\" shows them all")
    String name;

    @Nullable
    @Option(names = "--csv", paramLabel = "FILE", description = "a table of your own instead, first line column names")
    Path csv;

    @Nullable
    @Option(names = "--target", paramLabel = "COLUMN", description = "the column of --csv to predict")
    String target;

    @Nullable
    @Option(
            names = "--layers",
            split = ",",
            paramLabel = "SIZE",
            description = "hidden layers of the network for --csv; default: 32,64,32")
    List<Integer> layers;

    @Nullable
    @Option(names = "--activation", description = "of the hidden layers for --csv: relu, tanh, ...; default: relu")
    Activation activation;

    @Nullable
    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            description =
                    "part of the training examples that is held back for early stopping, 0 for none; default: 0.2 for --csv,"
                            + " 0 for the problems by name")
    Double validation;

    @Nullable
    @Option(
            names = "--patience",
            paramLabel = "EPOCHS",
            description =
                    "where there is a validation part, a training ends after so many epochs without a lower loss on it;"
                            + " default: 25")
    Integer patience;

    @Nullable
    @Option(names = "--data", paramLabel = "DIR", description = "folder of the data sets, before all other places")
    Path data;

    @Option(names = "--offline", description = "download nothing")
    boolean offline;

    @Nullable
    @Option(names = "--type", description = "FLOAT or DOUBLE; default: the problem's")
    DataType type;

    @Nullable
    @Option(names = "--batch", description = "examples in a mini-batch; default: the problem's")
    Integer batch;

    @Nullable
    @Option(names = "--epochs", description = "passes through the data; default: the problem's, if no --seconds")
    Integer epochs;

    @Nullable
    @Option(names = "--seconds", description = "training time of a run, evaluation excluded")
    Double seconds;

    @Option(names = "--out", paramLabel = "DIR", description = "folder of the results")
    Path out = Path.of("bench-results");

    Problem problem() {
        Problem problem = csv == null ? named() : table();
        return validation == null ? problem : problem.stopped(stopping(validation));
    }

    private Problem table() {
        if (csv == null || name != null || target == null) {
            throw new IllegalArgumentException(
                    "--csv FILE goes with --target COLUMN, and without the name of a problem");
        }
        return new CsvProblem(csv, target, CsvProblem.network(layers, activation), stopping(VALIDATION));
    }

    private Problem named() {
        if (layers != null || activation != null) {
            throw new IllegalArgumentException(
                    "--layers and --activation go with --csv: the papers' problems have their own networks");
        }
        if (patience != null && validation == null) {
            throw new IllegalArgumentException(
                    "--patience counts epochs without a lower validation loss: it goes with --validation SHARE, such as"
                            + " 0.2, or with --csv");
        }
        if (target != null) {
            throw new IllegalArgumentException("--target goes with --csv FILE");
        }
        if (name == null) {
            throw new IllegalArgumentException("Say which problem: its name, or --csv FILE --target COLUMN");
        }
        return Problems.named(name);
    }

    private EarlyStopping stopping(double share) {
        return new EarlyStopping(share, patience == null ? PATIENCE : patience);
    }

    DataFolders folders() {
        return DataFolders.standard(data, offline ? null : new Download());
    }

    Workload.Setup setup(Problem problem, int seed) {
        Problem.Defaults defaults = problem.defaults();
        return new Workload.Setup(
                seed, type == null ? defaults.type() : type, batch == null ? defaults.batch() : batch);
    }

    Budget budget(Problem problem) {
        return new Budget(
                seconds,
                epochs == null && seconds == null ? (Integer) problem.defaults().epochs() : epochs);
    }

    /** Complains of what cannot be. */
    void check() {
        if (batch != null && batch < 1) {
            throw new IllegalArgumentException("--batch is " + batch + ", but must be at least 1");
        }
        if (seconds != null || epochs != null) {
            new Budget(seconds, epochs);
        }
    }

    /** Where the results go, which is said if it is not where the name of the problem says. */
    ResultFolder folder(Problem problem, Workload workload, PrintWriter console) throws IOException {
        ResultFolder folder = ResultFolder.of(out, problem.name(), workload);
        if (folder.isApart()) {
            console.println(out.resolve(problem.name())
                    + " holds results of other data, of another network or with another --validation or --patience:"
                    + " these go to " + out.resolve(folder.name()));
        }
        return folder;
    }

    /** What the user wrote. */
    static String command(CommandSpec spec) {
        return String.join(" ", spec.commandLine().getParseResult().originalArgs());
    }

    static void print(PrintWriter out, Problem problem, Workload workload) {
        out.println(problem.name() + ": " + problem.description());
        workload.files()
                .forEach(file -> out.println(
                        "  file " + file.path() + (file.isPublic() ? ", identical with the public one" : "")));
        workload.notes().forEach(note -> out.println("  " + note));
        workload.constantMeasures()
                .forEach((measure, value) -> out.printf(
                        Locale.ROOT,
                        "  a constant prediction has test loss %.4g, %s %.4g%n",
                        workload.constantPrediction().orElse(Double.NaN),
                        measure.label(),
                        value));
        out.flush();
    }
}
