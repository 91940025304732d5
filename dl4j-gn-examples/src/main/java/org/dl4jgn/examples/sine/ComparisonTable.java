package org.dl4jgn.examples.sine;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The result of a comparison as text. */
public final class ComparisonTable {

    private static final String ROW = "%-12s %-32s %7s %8s %11s %11s %18s%n";

    private ComparisonTable() {}

    /** One line for each run, and one that says how the others compare with the best rival. */
    public static String of(List<Run> runs) {
        Run best = Run.bestRival(runs);
        double target = best.curve().lowestTestLoss();
        StringBuilder table = new StringBuilder();
        table.append(
                row("optimizer", "settings", "epochs", "seconds", "train loss", "test loss", "s to " + loss(target)));
        for (Run run : runs) {
            Curve.Point end = run.curve().last();
            table.append(row(
                    run.contender().name(),
                    run.contender().settings(),
                    Integer.toString(end.epoch()),
                    seconds(end.seconds()),
                    loss(run.trainLoss()),
                    loss(end.testLoss()),
                    run.curve().secondsTo(target).stream()
                            .mapToObj(ComparisonTable::seconds)
                            .findFirst()
                            .orElse("-")));
        }
        if (Double.isFinite(target)) {
            runs.stream()
                    .filter(run -> !run.contender().rival())
                    .forEach(run -> table.append(System.lineSeparator()).append(verdict(run, best, target)));
        }
        return table.toString();
    }

    private static String verdict(Run run, Run best, double target) {
        double bestTook = best.curve().secondsTo(target).orElseThrow();
        OptionalDouble took = run.curve().secondsTo(target);
        return String.format(
                Locale.ROOT,
                "%s took %s s to its lowest test loss, %s, the lowest of the rivals. %s %s.",
                best.contender().name(),
                seconds(bestTook),
                loss(target),
                run.contender().name(),
                took.isEmpty()
                        ? "did not get there"
                        : String.format(
                                Locale.ROOT,
                                "took %s s to the same loss: %.1f times as fast",
                                seconds(took.getAsDouble()),
                                bestTook / took.getAsDouble()));
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, ROW, cells);
    }

    private static String loss(double loss) {
        return String.format(Locale.ROOT, "%.3g", loss);
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.2f", seconds);
    }
}
