package org.dl4jgn.bench.report;

import java.util.List;
import java.util.stream.Collectors;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.run.Point;

/**
 * How long each optimizer takes to losses that are named beforehand, as Markdown: for problems that can be fitted to many digits,
 * where the target that the best rival reaches says little.
 *
 * @param levels losses
 */
record LevelTable(Comparison comparison, List<Double> levels) {

    private static final List<Measure> LOSSES = List.of(Measure.TRAIN_LOSS, Measure.TEST_LOSS);

    String markdown() {
        return LOSSES.stream().map(this::of).collect(Collectors.joining("\n\n"));
    }

    private String of(Measure measure) {
        StringBuilder text =
                new StringBuilder("Median seconds to a " + measure.label() + "\n\n| problem | optimizer |");
        levels.forEach(level -> text.append(" ").append(level(level)).append(" |"));
        text.append(" best | s to it |\n|---|---|").append("---|".repeat(levels.size() + 2));
        for (Standings s : comparison.standings()) {
            for (Group group : s.groups()) {
                double best = group.medianBest(measure);
                text.append("\n| ").append(s.problem()).append(" | ").append(group.title());
                levels.forEach(level -> text.append(" | ").append(secondsTo(group, measure, level)));
                text.append(" | ").append(Figures.three(best));
                text.append(" | ").append(secondsTo(group, measure, best)).append(" |");
            }
        }
        return text.toString();
    }

    private static String secondsTo(Group group, Measure measure, double level) {
        return Figures.seconds(group.medianTo(measure, level, Point::seconds));
    }

    private static String level(double level) {
        return Double.toString(level).replace(".0E", "e").replace("E", "e");
    }
}
