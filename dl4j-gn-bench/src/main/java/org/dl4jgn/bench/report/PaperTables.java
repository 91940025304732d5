package org.dl4jgn.bench.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.dl4jgn.bench.optimizer.Contender;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.paper.PublishedCurves;
import org.dl4jgn.bench.paper.PublishedTables;
import org.dl4jgn.bench.paper.Spread;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.run.Point;
import org.dl4jgn.bench.run.RunRecord;
import org.dl4jgn.bench.run.RunStore;

/** The SGN paper's figures and ours beside them, as Markdown. */
public final class PaperTables {

    private final PublishedCurves curves = new PublishedCurves();
    private final PublishedTables tables = new PublishedTables();
    private final Path results;

    /** Over a folder of results. */
    public PaperTables(Path results) throws IOException {
        this.results = results;
    }

    /** The tables of a problem; empty if its paper printed none, or nothing of it was run. */
    public Optional<String> of(String problem) throws IOException {
        List<RunRecord> runs = RunStore.open(results, problem).runs();
        String text = curves(problem, runs) + tables(problem, runs);
        return runs.isEmpty() || text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private String curves(String problem, List<RunRecord> runs) {
        StringBuilder rows = new StringBuilder();
        for (PublishedCurves.Curve curve : curves.of(problem)) {
            Measure measure = Measure.valueOf(curve.measure().toUpperCase(Locale.ROOT));
            for (Group group : groups(curve.optimizer(), runs)) {
                String title = curve.optimizer() + " " + measure.label();
                rows.append(row(title + ", authors", epoch -> curves.at(curve, epoch)));
                rows.append(row(
                        title + ", " + describe(group),
                        epoch -> at(group, measure, epoch).map(ours -> ours)));
                curves.at(curve, 1)
                        .filter(first -> !Double.isNaN(first.min()))
                        .ifPresent(first -> rows.append(verdict(curve, group, measure)));
            }
        }
        return rows.isEmpty()
                ? ""
                : "### " + problem + ", by epochs: mean (smallest–largest) over the seeds\n\n"
                        + line("", e -> "epoch " + e) + line("---", e -> "---") + rows + "\n";
    }

    private String verdict(PublishedCurves.Curve curve, Group group, Measure measure) {
        return line("mean within the authors' range or better", epoch -> {
            Optional<Spread> theirs = curves.at(curve, epoch).filter(s -> !Double.isNaN(s.max()));
            Optional<Spread> ours = at(group, measure, epoch);
            return theirs.isEmpty() || ours.isEmpty()
                    ? ""
                    : ours.get().mean() <= theirs.get().max() ? "yes" : "no";
        });
    }

    /** The runs of an optimizer as the paper names it, a group for each type; SGN(10) is sgn:10. */
    private static List<Group> groups(String published, List<RunRecord> runs) {
        String name = published.replace("(", ":").replace(")", "").toLowerCase(Locale.ROOT);
        Contender contender = Optimizers.parse(name);
        return runs.stream()
                .filter(run -> run.status() != RunRecord.Status.INTERRUPTED)
                .filter(run -> run.settings().equals(contender.settings()))
                .collect(Collectors.groupingBy(RunRecord::type))
                .values()
                .stream()
                .map(group -> new Group(published, onePerSeed(group)))
                .toList();
    }

    /** Where a seed was run twice, under two names of the same settings, the longer of its runs. */
    private static List<RunRecord> onePerSeed(List<RunRecord> runs) {
        BinaryOperator<RunRecord> longer = BinaryOperator.maxBy(
                Comparator.comparingDouble(run -> run.last().epoch()));
        return List.copyOf(runs.stream()
                .collect(Collectors.toMap(RunRecord::seed, Function.identity(), longer, TreeMap::new))
                .values());
    }

    private static String describe(Group group) {
        return "here, " + group.runs().get(0).type().name().toLowerCase(Locale.ROOT) + ", "
                + group.runs().size() + " seed" + (group.runs().size() > 1 ? "s" : "");
    }

    private static Optional<Spread> at(Group group, Measure measure, int epoch) {
        double[] values = group.runs().stream()
                .flatMap(run -> run.curve().stream().filter(point -> point.epoch() == epoch))
                .mapToDouble(point -> point.value(measure))
                .toArray();
        return values.length == group.runs().size() ? Optional.of(Spread.of(values)) : Optional.empty();
    }

    private static String row(String title, IntFunction<Optional<Spread>> cell) {
        return line(title, epoch -> cell.apply(epoch).map(Spread::toString).orElse(""));
    }

    private static String line(String title, IntFunction<String> cell) {
        return PublishedCurves.EPOCHS.stream()
                .map(cell::apply)
                .collect(Collectors.joining(" | ", "| " + title + " | ", " |\n"));
    }

    private String tables(String problem, List<RunRecord> runs) {
        StringBuilder rows = new StringBuilder();
        for (PublishedTables.Entry entry : tables.of(problem)) {
            for (Group group : groups(entry.optimizer(), runs)) {
                rows.append(String.format(
                        Locale.ROOT,
                        "| %s | %d s | %.1f %% (%s) | %s |%n",
                        entry.optimizer(),
                        entry.seconds(),
                        entry.accuracy(),
                        Figures.epochs(entry.epochs()),
                        after(group, entry.seconds())));
            }
        }
        return rows.isEmpty()
                ? ""
                : "### " + problem + ", test accuracy by time (epochs done in it)\n\n"
                        + "| | time | paper, GTX TITAN X | here |\n| --- | --- | --- | --- |\n" + rows + "\n";
    }

    private static String after(Group group, int seconds) {
        List<Point> points = group.runs().stream()
                .filter(run -> run.last().seconds() >= seconds)
                .map(run -> run.curve().stream()
                        .filter(point -> point.seconds() <= seconds)
                        .reduce((a, b) -> b)
                        .orElseThrow())
                .toList();
        if (points.size() < group.runs().size()) {
            double longest = group.runs().stream()
                    .mapToDouble(run -> run.last().seconds())
                    .max()
                    .orElse(0);
            Spread end = group.last(Measure.TEST_ACCURACY);
            return String.format(
                    Locale.ROOT,
                    "%.1f %%, where the run ended after %s s (%s)",
                    100 * end.mean(),
                    Figures.seconds(longest),
                    Figures.epochs(group.runs().get(0).last().epoch()));
        }
        Spread accuracy = Spread.of(points.stream()
                .mapToDouble(point -> point.value(Measure.TEST_ACCURACY))
                .toArray());
        return String.format(
                Locale.ROOT,
                "%.1f %% (%s)",
                100 * accuracy.mean(),
                Figures.epochs(points.get(0).epoch()));
    }
}
