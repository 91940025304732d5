package org.dl4jgn.bench.run;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    private final Interruption interruption;
    private final Consumer<String> say;

    /**
     * For the problem of a runner.
     *
     * @param runner on the training data, a part of them held back
     * @param measure that decides
     * @param say takes a line for each trial
     */
    public Tuner(
            Runner runner,
            Measure measure,
            Workload.Setup setup,
            Budget budget,
            Interruption interruption,
            Consumer<String> say) {
        this.runner = runner;
        this.measure = measure;
        this.setup = setup;
        this.budget = budget;
        this.interruption = interruption;
        this.say = say;
    }

    /** Tunes a kind; nothing if the user interrupts. */
    public Optional<TunedSettings.Choice> tune(OptimizerKind kind) throws IOException {
        List<TunedSettings.Trial> trials = new ArrayList<>();
        for (String value : kind.grid()) {
            attempt(kind, value, trials, trials.size());
        }
        extend(kind, trials);
        for (Map.Entry<String, List<String>> grid : kind.furtherGrids().entrySet()) {
            String base = settings(trials.get(best(trials)));
            for (String value : grid.getValue()) {
                attempt(kind, base + "," + grid.getKey() + "=" + value, trials, trials.size());
            }
        }
        if (interruption.isWanted()) {
            return Optional.empty();
        }
        return Optional.of(new TunedSettings.Choice(
                trials.get(best(trials)).optimizer(),
                "validation " + measure.label(),
                budget.toString(),
                List.copyOf(trials)));
    }

    private void extend(OptimizerKind kind, List<TunedSettings.Trial> trials) throws IOException {
        for (int i = 0; i < MOST_EXTENSIONS && trials.size() > 1 && !interruption.isWanted(); i++) {
            int best = best(trials);
            boolean low = best == 0;
            if (!low && best != trials.size() - 1) {
                return;
            }
            double end = Double.parseDouble(settings(trials.get(best)));
            BigDecimal next = new BigDecimal(low ? end / EXTENSION : end * EXTENSION)
                    .round(new MathContext(1, RoundingMode.HALF_DOWN));
            say.accept(trials.get(best).optimizer() + " is at the end of the grid: one more beyond");
            attempt(kind, next.stripTrailingZeros().toPlainString(), trials, low ? 0 : trials.size());
        }
    }

    private static String settings(TunedSettings.Trial trial) {
        return trial.optimizer().substring(trial.optimizer().indexOf(':') + 1);
    }

    private int best(List<TunedSettings.Trial> trials) {
        int best = 0;
        for (int i = 1; i < trials.size(); i++) {
            if (measure.isBetter(trials.get(i).value(), trials.get(best).value())) {
                best = i;
            }
        }
        return best;
    }

    private void attempt(OptimizerKind kind, String settings, List<TunedSettings.Trial> trials, int place)
            throws IOException {
        if (interruption.isWanted()) {
            return;
        }
        Runner.Order order = new Runner.Order(Optimizers.parse(kind.name() + ":" + settings), false, setup, budget);
        RunRecord run = runner.run(order, Optional.empty(), null);
        double value = run.best(measure);
        say.accept(String.format(
                Locale.ROOT,
                "%-28s best validation %s %.4g%s",
                run.optimizer(),
                measure.label(),
                value,
                run.status() == RunRecord.Status.FINISHED ? "" : " (" + run.message() + ")"));
        trials.add(place, new TunedSettings.Trial(run.optimizer(), value, run.status()));
    }
}
