package org.dl4jgn.bench.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.dl4jgn.bench.optimizer.OptimizerKind;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.problem.Workload;

/**
 * Tries a grid of settings on a validation part of the training data and finds the best. Every trial trains equally long,
 * from the same start; what counts is the best value of the deciding measure on the way. Where the best is at an end of the
 * grid, the grid is extended beyond it.
 */
public final class Tuner {

    private static final int MOST_EXTENSIONS = 3;
    private static final double EXTENSION = Math.sqrt(10);

    private final Runner runner;
    private final Measure measure;
    private final Workload.Setup setup;
    private final Budget budget;
    private final Consumer<String> say;

    /**
     * For the problem of a runner.
     *
     * @param runner on the training data, a part of them held back
     * @param measure that decides
     * @param say takes a line for each trial
     */
    public Tuner(Runner runner, Measure measure, Workload.Setup setup, Budget budget, Consumer<String> say) {
        this.runner = runner;
        this.measure = measure;
        this.setup = setup;
        this.budget = budget;
        this.say = say;
    }

    /** Tunes a kind; nothing if the user interrupts. */
    public Optional<TunedSettings.Choice> tune(OptimizerKind kind, Interruption interruption) throws IOException {
        List<TunedSettings.Trial> trials = new ArrayList<>();
        for (String settings : kind.grid()) {
            if (interruption.isWanted()) {
                return Optional.empty();
            }
            trials.add(attempt(kind, settings));
        }
        extend(kind, trials, interruption);
        String best = trials.get(best(trials)).optimizer();
        return interruption.isWanted()
                ? Optional.empty()
                : Optional.of(new TunedSettings.Choice(
                        best, "validation " + measure.label(), budget.toString(), List.copyOf(trials)));
    }

    private void extend(OptimizerKind kind, List<TunedSettings.Trial> trials, Interruption interruption)
            throws IOException {
        for (int i = 0; i < MOST_EXTENSIONS && trials.size() > 1 && !interruption.isWanted(); i++) {
            int best = best(trials);
            boolean low = best == 0;
            if (!low && best != trials.size() - 1) {
                return;
            }
            double end = value(trials.get(best).optimizer());
            double next = Double.parseDouble(
                    String.format(java.util.Locale.ROOT, "%.1g", low ? end / EXTENSION : end * EXTENSION));
            say.accept(trials.get(best).optimizer() + " is at the end of the grid: one more beyond");
            trials.add(low ? 0 : trials.size(), attempt(kind, Double.toString(next)));
        }
    }

    private static double value(String optimizer) {
        return Double.parseDouble(optimizer.substring(optimizer.indexOf(':') + 1));
    }

    private int best(List<TunedSettings.Trial> trials) {
        Comparator<TunedSettings.Trial> order =
                (a, b) -> measure.isBetter(a.value(), b.value()) ? 1 : measure.isBetter(b.value(), a.value()) ? -1 : 0;
        return trials.indexOf(trials.stream().max(order).orElseThrow());
    }

    private TunedSettings.Trial attempt(OptimizerKind kind, String settings) throws IOException {
        Runner.Order order = new Runner.Order(Optimizers.parse(kind.name() + ":" + settings), false, setup, budget);
        RunRecord run = runner.run(order, Optional.empty(), null);
        double value = run.best(measure);
        say.accept(String.format(
                java.util.Locale.ROOT,
                "%-28s best validation %s %.4g%s",
                run.optimizer(),
                measure.label(),
                value,
                run.status() == RunRecord.Status.FINISHED ? "" : " (" + run.message() + ")"));
        return new TunedSettings.Trial(run.optimizer(), value, run.status());
    }
}
