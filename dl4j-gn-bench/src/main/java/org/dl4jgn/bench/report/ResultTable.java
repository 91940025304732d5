package org.dl4jgn.bench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.run.TunedSettings;

/** All problems in one table, those that were lost as well: cells as text, for a page, a file, a terminal. */
final class ResultTable {

    static final List<String> HEADER = List.of(
            "problem",
            "target",
            "best tuned rival: its s, + tuning",
            "sgn: s, verdict",
            "egn: s, verdict",
            "L-BFGS: s, end",
            "end: rival (worst seed)",
            "end: sgn",
            "end: egn",
            "best untuned rival: its best, s",
            "sgn, egn against untuned");

    /** What the words mean, in sentences. */
    static final String LEGEND = "Medians over the seeds. The target is the best value that any tuned rival"
            + " reaches on its way, by its median run. In brackets after seconds: how many times as fast as that"
            + " rival. A win is at most 0.9 of the rival's time and a final value not worse than that of the rival's"
            + " worst seed; a tie is within that factor by time and not worse at the end; all else is a loss. There is"
            + " no target where it is within 5 % of a constant prediction's loss, or where no run that gets to it was"
            + " flat at its end: flat is a best value that moves by less than 1 % in the last third of the epochs. \"Not"
            + " reached\" was run, \"not run\" was not. Untuned rivals have DL4J's default learning rate, constant. L-BFGS"
            + " is Breeze's, on all training examples at once, with a budget of its own.";

    /**
     * A row.
     *
     * @param problem name
     * @param cells one for each of the header's
     * @param sgn verdict
     * @param egn verdict
     */
    record Row(String problem, List<String> cells, Outcome sgn, Outcome egn) {}

    private final Comparison comparison;

    ResultTable(Comparison comparison) {
        this.comparison = comparison;
    }

    List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (Standings s : comparison.standings()) {
            rows.add(row(s));
        }
        return rows;
    }

    private Row row(Standings s) throws IOException {
        Measure end = s.finalMeasure();
        Standings untuned = Standings.againstUntuned(s.problem(), comparison.runs(s.problem()));
        List<String> cells = List.of(
                s.problem(),
                s.goal().isOne()
                        ? s.measure().label() + " " + Figures.three(s.target())
                        : "no target: " + Figures.three(s.target()) + ", "
                                + s.goal().objection().orElse(""),
                s.rival()
                        .map(rival -> rival.title().replace(", tuned", "") + ": " + Figures.seconds(s.secondsOfRival())
                                + tuning(s, rival)
                                + (rival.isFlat(s.measure()) ? "" : " (not flat)"))
                        .orElse("not run"),
                own(s, "sgn"),
                own(s, "egn"),
                lbfgs(s),
                s.rival()
                        .map(rival -> end.label() + " " + Figures.three(rival.medianLast(end)) + " ("
                                + Figures.three(rival.worstLast(end)) + ")")
                        .orElse("not run"),
                end(s, "sgn"),
                end(s, "egn"),
                untuned.rival()
                        .map(rival -> rival.kind() + ": " + Figures.three(untuned.target()) + ", "
                                + Figures.seconds(untuned.secondsOfRival()))
                        .orElse("not run"),
                against(untuned, "sgn") + "; " + against(untuned, "egn"));
        return new Row(s.problem(), cells, s.outcome("sgn"), s.outcome("egn"));
    }

    private String tuning(Standings s, Group rival) {
        try {
            Optional<TunedSettings.Choice> choice =
                    TunedSettings.open(comparison.results(), s.problem()).of(rival.kind());
            return choice.map(found -> " + " + Figures.seconds(found.seconds())).orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String own(Standings s, String kind) {
        if (s.own(kind).isEmpty()) {
            return "not run";
        }
        double seconds = s.secondsOf(kind);
        String verdict = s.outcome(kind).word();
        return (Double.isFinite(seconds)
                        ? Figures.seconds(seconds) + " (" + Figures.times(s.factor(kind)) + ")"
                        : "not reached")
                + (s.outcome(kind) == Outcome.NO_TARGET ? "" : ", " + verdict)
                + (s.own(kind).filter(s::isFinalWorse).isPresent() ? ", ends worse" : "");
    }

    private static String lbfgs(Standings s) {
        return s.own("lbfgs")
                .map(group -> {
                    double seconds = s.secondsToTarget(group);
                    return (Double.isFinite(seconds) ? Figures.seconds(seconds) : "not reached") + "; "
                            + Figures.three(group.medianLast(s.finalMeasure()));
                })
                .orElse("not run");
    }

    private static String against(Standings s, String kind) {
        if (s.own(kind).isEmpty() || s.rival().isEmpty()) {
            return "not run";
        }
        double factor = s.factor(kind);
        return kind + " " + (Double.isFinite(factor) ? Figures.times(factor) : "not reached")
                + (s.goal().isOne() ? "" : " (no target)");
    }

    private static String end(Standings s, String kind) {
        return s.own(kind).map(own -> own.last(s.finalMeasure()).toString()).orElse("not run");
    }

    /** For a README. */
    String markdown() throws IOException {
        return line(HEADER)
                + line(HEADER.stream().map(h -> "---").toList())
                + rows().stream().map(row -> line(row.cells())).collect(Collectors.joining());
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    /** For a terminal: the first columns. */
    String text() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Row row : rows()) {
            text.append(String.format(Locale.ROOT, "%-20s", row.problem()))
                    .append(String.join(" | ", row.cells().subList(1, HEADER.size())))
                    .append('\n');
        }
        return text.toString();
    }

    /** What tuning took on a problem, all kinds together. */
    static String tuningOf(Map<String, TunedSettings.Choice> choices) {
        return choices.values().stream()
                .sorted(Comparator.comparing(TunedSettings.Choice::best))
                .map(choice -> choice.best() + " after " + Figures.seconds(choice.seconds()) + " s of training in "
                        + choice.tried().size() + " trials")
                .collect(Collectors.joining("; "));
    }
}
