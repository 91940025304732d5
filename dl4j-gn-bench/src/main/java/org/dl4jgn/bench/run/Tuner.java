package org.dl4jgn.bench.run;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.dl4jgn.bench.optimizer.Contender;
import org.dl4jgn.bench.optimizer.OptimizerKind;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.problem.Workload;

/**
 * Finds good settings of several kinds of optimizers on a validation part of the training data, by {@link SuccessiveHalving}
 * of all of them together, in up to three rungs.
 *
 * <ol>
 *   <li>All values of the grids, with the first variation: of the kinds that have schedules, cosine. Where the best of a kind
 *       is at an end of its grid, the grid is extended.
 *   <li>Those that survive, with all of their variations: the other schedules.
 *   <li>Those that survive, with the last budget.
 * </ol>
 *
 * <p>Every schedule ends with its trial's budget. Every trial starts from the same seed; what counts is the best value of
 * the deciding measure on its way.
 */
public final class Tuner {

    private static final int RUNGS = 3;
    private static final int MOST_EXTENSIONS = 2;
    private static final double EXTENSION = Math.sqrt(10);

    private final Runner runner;
    private final Workload workload;
    private final Workload.Setup setup;
    private final Trials trials;
    private final Interruption interruption;
    private final Consumer<String> say;
    private final SuccessiveHalving halving;
    private final Measure measure;
    private final Comparator<Double> better;

    /**
     * For the workload of a runner.
     *
     * @param workload the training data, a part of them held back
     * @param setup its seed is to be none of the runs'
     * @param trials that were made before, and where new ones are kept
     * @param eta what candidates are divided and budgets multiplied by from rung to rung
     * @param say takes a line for each trial
     */
    public Tuner(
            Runner runner,
            Workload workload,
            Workload.Setup setup,
            Trials trials,
            int eta,
            Interruption interruption,
            Consumer<String> say) {
        this.runner = runner;
        this.workload = workload;
        this.setup = setup;
        this.trials = trials;
        this.interruption = interruption;
        this.say = say;
        halving = new SuccessiveHalving(eta);
        measure = workload.measures().get(0);
        better = (a, b) -> measure.isBetter(a, b) ? -1 : measure.isBetter(b, a) ? 1 : 0;
    }

    /** The best settings of each kind, by the last rung, which has the budget; nothing if the user interrupts. */
    public Map<String, TunedSettings.Choice> tune(List<OptimizerKind> kinds, Budget budget) throws IOException {
        List<Budget> budgets = halving.budgets(budget, RUNGS);
        Budget first = budgets.get(0);
        List<SuccessiveHalving.Scored> scored = new ArrayList<>();
        for (OptimizerKind kind : kinds) {
            scored.addAll(grid(kind, first, budgets.size() == 1));
        }
        scored.sort(Comparator.comparing(SuccessiveHalving.Scored::value, better));
        for (int i = 1; i < budgets.size(); i++) {
            List<SuccessiveHalving.Candidate> next = halving.survivors(scored);
            scored = SuccessiveHalving.rung(
                    i == 1 ? varied(next, budgets.get(i)) : next, budgets.get(i), this::attempt, better);
        }
        if (interruption.isWanted()) {
            return Map.of();
        }
        Map<String, TunedSettings.Choice> choices = new LinkedHashMap<>();
        SuccessiveHalving.best(scored).forEach((kind, best) -> choices.put(kind, choice(kind, best, budget)));
        return choices;
    }

    private TunedSettings.Choice choice(String kind, SuccessiveHalving.Candidate best, Budget budget) {
        List<TunedSettings.Trial> tried = trials.ofKind(kind, TunedSettings.words(setup));
        String name = Optimizers.parse(best.text()).name();
        return new TunedSettings.Choice(
                name,
                "validation " + measure.label(),
                trials.of(name, budget.toString(), TunedSettings.words(setup))
                        .map(TunedSettings.Trial::value)
                        .orElse(Double.NaN),
                budget.toString(),
                setup.seed(),
                tried.stream().mapToDouble(TunedSettings.Trial::seconds).sum(),
                tried,
                TunedSettings.words(setup));
    }

    /** The values of a kind, sorted as the grid is, then beyond its ends; with all variations if there is but one rung. */
    private List<SuccessiveHalving.Scored> grid(OptimizerKind kind, Budget budget, boolean isOnlyRung)
            throws IOException {
        List<String> values = new ArrayList<>(kind.grid());
        List<SuccessiveHalving.Scored> scored = new ArrayList<>();
        for (String value : values) {
            scored.add(score(candidate(kind, value, variations(kind, budget).get(0)), budget));
        }
        for (int i = 0; i < MOST_EXTENSIONS && values.size() > 1 && !interruption.isWanted(); i++) {
            int best = scored.indexOf(scored.stream()
                    .min(Comparator.comparing(SuccessiveHalving.Scored::value, better))
                    .orElseThrow());
            boolean low = best == 0;
            if (!low && best != values.size() - 1) {
                break;
            }
            String next = beyond(values.get(best), low);
            say.accept(kind.name() + ":" + values.get(best) + " is at the end of the grid: one more beyond");
            values.add(low ? 0 : values.size(), next);
            scored.add(
                    low ? 0 : scored.size(),
                    score(candidate(kind, next, variations(kind, budget).get(0)), budget));
        }
        if (isOnlyRung) {
            List<SuccessiveHalving.Candidate> more =
                    scored.stream().map(SuccessiveHalving.Scored::candidate).toList();
            return SuccessiveHalving.rung(varied(more, budget), budget, this::attempt, better);
        }
        return scored;
    }

    private static String beyond(String value, boolean low) {
        double end = Double.parseDouble(value);
        return new BigDecimal(low ? end / EXTENSION : end * EXTENSION)
                .round(new MathContext(1, RoundingMode.HALF_DOWN))
                .stripTrailingZeros()
                .toPlainString();
    }

    private SuccessiveHalving.Candidate candidate(OptimizerKind kind, String value, String variation) {
        String text = kind.name() + ":" + value + (variation.isEmpty() ? "" : "," + variation);
        return new SuccessiveHalving.Candidate(kind.name(), text);
    }

    private List<SuccessiveHalving.Candidate> varied(List<SuccessiveHalving.Candidate> candidates, Budget budget) {
        List<SuccessiveHalving.Candidate> varied = new ArrayList<>();
        for (SuccessiveHalving.Candidate candidate : candidates) {
            OptimizerKind kind = Optimizers.kind(candidate.family());
            String text = candidate.text();
            int comma = text.indexOf(',');
            String value = text.substring(text.indexOf(':') + 1, comma < 0 ? text.length() : comma);
            variations(kind, budget).forEach(variation -> varied.add(candidate(kind, value, variation)));
        }
        return varied;
    }

    /** Those that problem and budget admit: no schedule where nobody knows how many steps there will be. */
    private List<String> variations(OptimizerKind kind, Budget budget) {
        boolean schedules =
                budget.epochs() != null && workload.stepsPerEpoch(setup).isPresent();
        List<String> admitted = kind.variations().stream()
                .filter(variation -> schedules || !variation.startsWith("schedule"))
                .toList();
        return admitted.isEmpty() ? List.of("") : admitted;
    }

    private SuccessiveHalving.Scored score(SuccessiveHalving.Candidate candidate, Budget budget) throws IOException {
        return new SuccessiveHalving.Scored(candidate, attempt(candidate, budget));
    }

    private double attempt(SuccessiveHalving.Candidate candidate, Budget budget) throws IOException {
        if (interruption.isWanted()) {
            return Double.NaN;
        }
        Contender contender = Optimizers.parse(candidate.text());
        Optional<TunedSettings.Trial> before =
                trials.of(contender.name(), budget.toString(), TunedSettings.words(setup));
        if (before.isPresent()) {
            return before.get().value();
        }
        RunRecord run = runner.run(new Runner.Order(contender, false, setup, budget), Optional.empty(), null);
        double value = run.status() == RunRecord.Status.DIVERGED ? Double.NaN : run.bestAfterStart(measure);
        if (run.status() == RunRecord.Status.INTERRUPTED) {
            return value;
        }
        say.accept(String.format(
                Locale.ROOT,
                "%-32s %-10s %6.2f s  best validation %s %.4g%s",
                run.optimizer(),
                budget,
                run.last().seconds(),
                measure.label(),
                value,
                run.isWhole() ? "" : " (" + run.message() + ")"));
        trials.add(new TunedSettings.Trial(
                run.optimizer(),
                value,
                run.status(),
                budget.toString(),
                run.last().seconds(),
                TunedSettings.words(setup)));
        return value;
    }
}
