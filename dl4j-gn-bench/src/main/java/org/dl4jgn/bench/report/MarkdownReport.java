package org.dl4jgn.bench.report;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.run.RunRecord;
import org.dl4jgn.bench.run.TunedSettings;

/**
 * The page in short for those who browse the folder: who won, and for each problem notes, commands, table, charts.
 *
 * @param comparison what it shows
 */
record MarkdownReport(Comparison comparison) {

    /** The whole. */
    String text() throws IOException {
        StringBuilder text = new StringBuilder("# Results\n\n" + comparison.protocol() + "\n\n")
                .append("More is in `report.html`, one file, which `report` writes beside this one. ")
                .append(ResultTable.LEGEND)
                .append("\n\n")
                .append(new ResultTable(comparison).markdown());
        text.append("\n").append(comparison.score()).append("\n");
        for (Standings s : comparison.standings()) {
            append(s, text);
        }
        return text.toString();
    }

    private void append(Standings s, StringBuilder text) throws IOException {
        RunRecord any = s.anyRun();
        text.append("\n## ").append(s.problem()).append("\n\n");
        any.notes().forEach(note -> text.append("- ").append(note).append("\n"));
        text.append("- ").append(s.protocol()).append("\n\n");
        List<String> commands = comparison.store(s.problem()).commands();
        if (!commands.isEmpty()) {
            text.append("```\n");
            commands.forEach(
                    command -> text.append("dl4j-gn-bench ").append(command).append("\n"));
            text.append("```\n\n");
        }
        Verdict.of(s).forEach(sentence -> text.append(sentence).append("\n\n"));
        Map<String, TunedSettings.Choice> choices =
                TunedSettings.open(comparison.results(), s.problem()).all();
        if (!choices.isEmpty()) {
            text.append("Tuned, by validation loss: ")
                    .append(ResultTable.tuningOf(choices))
                    .append(".\n\n");
        }
        text.append("| optimizer | seeds | s to target | epochs to it | best | final, mean (range) | ms a step |\n")
                .append("|---|---|---|---|---|---|---|\n");
        for (Group g : s.groups()) {
            text.append(row(
                    g.title(),
                    Integer.toString(g.runs().size()),
                    Figures.seconds(s.secondsToTarget(g)),
                    Figures.epochs(s.epochsToTarget(g)),
                    Figures.three(g.medianBest(s.measure())),
                    g.last(s.measure()).toString(),
                    Figures.three(g.stepMillis())));
        }
        text.append("\n");
        for (Measure measure : s.charted()) {
            for (String axis : Charts.AXES) {
                text.append("![](")
                        .append(s.problem())
                        .append('/')
                        .append(Charts.fileName(measure, axis))
                        .append(")\n");
            }
        }
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
