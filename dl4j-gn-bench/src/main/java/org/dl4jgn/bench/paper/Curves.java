package org.dl4jgn.bench.paper;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
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
                + " over the runs.")
public final class Curves implements Callable<Integer> {

    private static final List<Integer> SHOWN = List.of(1, 2, 5, 10, 25);

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
        row("", epoch -> "epoch " + epoch, "not accepted", "ms a step");
        row("---", epoch -> "---", "---", "---");
        for (PaperProblem problem : problems) {
            Examples examples = Examples.load(problem, folder);
            for (Map.Entry<String, IUpdater> entry : optimizers(problem).entrySet()) {
                String title = problem.name().toLowerCase(Locale.ROOT) + " " + entry.getKey();
                row(title + ", authors", epoch -> publishedLoss(published, problem, entry.getKey(), epoch), "", "");
                for (DataType type : types) {
                    Protocol protocol = new Protocol(problem, examples.castTo(type), start);
                    printRuns(title + ", " + type.name().toLowerCase(Locale.ROOT), protocol, entry.getValue());
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

    private void printRuns(String title, Protocol protocol, IUpdater optimizer) {
        List<List<Protocol.Epoch>> runs = new ArrayList<>();
        for (int seed : seeds) {
            runs.add(protocol.run(optimizer, seed, epochs));
        }
        List<Protocol.Epoch> all = runs.stream().flatMap(List::stream).toList();
        row(
                title,
                epoch -> Spread.of(figures(
                                runs.stream().map(run -> run.get(epoch - 1)).toList(), Protocol.Epoch::trainLoss))
                        .toString(),
                Integer.toString(
                        all.stream().mapToInt(Protocol.Epoch::notAccepted).sum()),
                String.format(Locale.ROOT, "%.2f", median(figures(all, Protocol.Epoch::stepMillis))));
    }

    private static double[] figures(List<Protocol.Epoch> epochs, ToDoubleFunction<Protocol.Epoch> figure) {
        return epochs.stream().mapToDouble(figure).sorted().toArray();
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }

    private void row(String title, IntFunction<String> cell, String notAccepted, String time) {
        String cells = SHOWN.stream()
                .filter(epoch -> epoch <= epochs)
                .map(epoch -> cell.apply(epoch))
                .collect(Collectors.joining(" | "));
        System.out.println("| " + title + " | " + cells + " | " + notAccepted + " | " + time + " |");
    }
}
