package org.dl4jgn.bench.paper;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dl4jgn.bench.PaperProblem;
import org.dl4jgn.conf.Sgn;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the SGN authors' protocol and prints the train loss beside theirs, as a table in Markdown. */
@Command(
        name = "curves",
        mixinStandardHelpOptions = true,
        description = "Runs the SGN authors' protocol and prints the train loss beside theirs: mean (smallest–largest)"
                + " over the runs. Last columns: test accuracy or loss at the end, steps not accepted, median time of a"
                + " step.")
public final class Curves implements Callable<Integer> {

    @Option(names = "--problem", split = ",", description = "${COMPLETION-CANDIDATES}; default: all.")
    List<PaperProblem> problems = List.of(PaperProblem.values());

    @Option(names = "--k", split = ",", description = "CG iterations of SGN (default: 10).")
    List<Integer> iterations = List.of(10);

    @Option(names = "--type", split = ",", description = "Types of the network (default: DOUBLE,FLOAT).")
    List<DataType> types = List.of(DataType.DOUBLE, DataType.FLOAT);

    @Option(names = "--epochs", description = "Epochs (default: ${DEFAULT-VALUE}).", defaultValue = "25")
    int epochs;

    @Option(names = "--seeds", split = ",", description = "Orders of the data, one a run (default: the authors' five).")
    List<Integer> seeds = List.of(1, 2, 3, 4, 5);

    @Option(names = "--start", description = "Seed of the start weights (default: the authors', ${DEFAULT-VALUE}).")
    int start = Protocol.AUTHORS_START;

    @Option(names = "--orthogonalized", description = "Sgn's setting of that name (default: Sgn's).")
    @Nullable
    Integer orthogonalized;

    @Option(names = "--sgd", description = "DL4J's Sgd too, with the authors' best learning rate.")
    boolean sgd;

    /** Prints the table. */
    public static void main(String[] args) {
        CommandLine command = new CommandLine(new Curves()).setCaseInsensitiveEnumValuesAllowed(true);
        System.exit(command.execute(args));
    }

    @Override
    public Integer call() throws IOException {
        DataFolder folder = DataFolder.find().orElseThrow(() -> new IllegalStateException(DataFolder.howToSet()));
        PublishedCurves published = new PublishedCurves();
        row("train loss", epoch -> "epoch " + epoch, "test", "not accepted", "ms a step");
        row("---", epoch -> "---", "---", "---", "---");
        for (PaperProblem problem : problems) {
            Examples examples = Examples.load(problem, folder);
            for (Map.Entry<String, IUpdater> entry : optimizers(problem).entrySet()) {
                String title = problem.name().toLowerCase(Locale.ROOT) + " " + entry.getKey();
                row(title + ", authors", epoch -> publishedLoss(published, problem, entry.getKey(), epoch), "", "", "");
                for (DataType type : types) {
                    Protocol protocol = new Protocol(problem, examples.castTo(type), start);
                    Runs runs = protocol.run(entry.getValue(), seeds, epochs);
                    row(
                            title + ", " + type.name().toLowerCase(Locale.ROOT),
                            epoch -> runs.over(epoch, Runs.Epoch::trainLoss).toString(),
                            test(problem, runs).toString(),
                            Integer.toString(runs.notAccepted()),
                            String.format(Locale.ROOT, "%.2f", runs.stepMillis()));
                }
            }
        }
        return 0;
    }

    private Map<String, IUpdater> optimizers(PaperProblem problem) {
        Map<String, IUpdater> optimizers = new LinkedHashMap<>();
        for (int k : iterations) {
            Sgn.Builder sgn = Sgn.builder().cgIterations(k);
            optimizers.put(
                    "SGN(" + k + ")", (orthogonalized == null ? sgn : sgn.orthogonalized(orthogonalized)).build());
        }
        if (sgd) {
            String rate = switch (problem) {
                case BOSTON -> "0.01";
                case SINE -> "0.1";
                case MNIST -> "1";
            };
            optimizers.put("SGD(" + rate + ")", new Sgd(Double.parseDouble(rate)));
        }
        return optimizers;
    }

    private static String publishedLoss(PublishedCurves published, PaperProblem problem, String optimizer, int epoch) {
        return published
                .trainLoss(problem, optimizer, epoch)
                .map(Spread::toString)
                .orElse("");
    }

    /** At the end: accuracy or loss. */
    private Spread test(PaperProblem problem, Runs runs) {
        return runs.over(epochs, problem.isClassification() ? Runs.Epoch::testAccuracy : Runs.Epoch::testLoss);
    }

    private void row(String title, IntFunction<String> cell, String... more) {
        Stream<String> cells =
                PublishedCurves.EPOCHS.stream().filter(epoch -> epoch <= epochs).map(cell::apply);
        System.out.println(Stream.of(Stream.of(title), cells, Stream.of(more))
                .flatMap(column -> column)
                .collect(Collectors.joining(" | ", "| ", " |")));
    }
}
