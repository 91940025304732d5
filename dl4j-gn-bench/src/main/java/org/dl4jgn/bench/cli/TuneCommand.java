package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.optimizer.OptimizerKind;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.problem.Problem;
import org.dl4jgn.bench.problem.Workload;
import org.dl4jgn.bench.run.Budget;
import org.dl4jgn.bench.run.Interruption;
import org.dl4jgn.bench.run.ResultFolder;
import org.dl4jgn.bench.run.RunStore;
import org.dl4jgn.bench.run.Runner;
import org.dl4jgn.bench.run.Trials;
import org.dl4jgn.bench.run.TunedSettings;
import org.dl4jgn.bench.run.Tuner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds good settings for the rivals. */
@Command(
        name = "tune",
        description =
                "Tries learning rates and schedules of all optimizers together on a validation part (a fifth) of the"
                        + " training data, by successive halving, and keeps the best of each, which \"run\" then uses. Trials that"
                        + " were made are not repeated. SGN, EGN and lbfgs are not tuned.")
final class TuneCommand implements Callable<Integer> {

    /** Not one of the runs'. */
    private static final int SEED = 1001;

    @Spec
    CommandSpec spec;

    @Mixin
    ProblemOptions where = new ProblemOptions();

    @Option(
            names = {"-o", "--optimizer"},
            split = ",",
            description = "kinds of optimizers")
    List<String> optimizers = new ArrayList<>(List.of("sgd", "nesterovs", "adam", "nadam", "amsgrad"));

    @Option(
            names = "--eta",
            description = "from rung to rung, what the number of candidates is divided and the budget multiplied by")
    int eta = 4;

    @Option(names = "--fraction", description = "the last rung's part of the budget")
    double fraction = 1;

    @Option(
            names = "--warm-up",
            description = "seconds that each candidate first trains another network, off the clock")
    double warmUp = 0;

    @Option(names = "--again", description = "tune again what is tuned")
    boolean again;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Problem problem = where.problem();
        List<OptimizerKind> kinds = optimizers.stream().map(Optimizers::kind).toList();
        where.check();
        if (!(fraction > 0 && fraction <= 1)) {
            throw new IllegalArgumentException("--fraction is " + fraction + ", but must be above 0 and at most 1");
        }
        Budget budget = where.budget(problem).part(fraction);
        Workload whole = problem.load(where.folders());
        ResultFolder folder = where.folder(problem, whole, out);
        TunedSettings tuned = TunedSettings.open(where.out, folder.name());
        List<OptimizerKind> open = kinds.stream()
                .filter(kind -> isToBeTuned(kind, tuned, budget, where.setup(problem, SEED), out))
                .toList();
        if (open.isEmpty()) {
            return 0;
        }
        ProblemOptions.print(out, problem, whole);
        Workload workload = whole.forTuning()
                .orElseThrow(() -> new IllegalArgumentException(
                        problem.name() + " has no validation data: give settings to \"run\" instead"));
        RunStore.open(where.out, folder.name()).remember(ProblemOptions.command(spec));
        Trials trials = Trials.open(where.out, folder.name());
        if (again) {
            trials.clear();
        }
        out.println("Trials train on four fifths of the training data, seed " + SEED + ", the last rung for " + budget);
        try (Interruption interruption = Interruption.watch()) {
            Runner runner = new Runner(folder.name(), workload, warmUp, interruption);
            Tuner tuner = new Tuner(
                    runner, workload, where.setup(problem, SEED), trials, eta, interruption, line -> say(out, line));
            Map<String, TunedSettings.Choice> choices = tuner.tune(open, budget);
            for (Map.Entry<String, TunedSettings.Choice> choice : choices.entrySet()) {
                tuned.put(choice.getKey(), choice.getValue());
                say(out, "=> " + choice.getValue().best());
            }
            return choices.isEmpty() ? RunCommand.INTERRUPTED : 0;
        }
    }

    private boolean isToBeTuned(
            OptimizerKind kind, TunedSettings tuned, Budget budget, Workload.Setup setup, PrintWriter out) {
        if (kind.grid().isEmpty()) {
            say(out, kind.name() + " has nothing to tune");
            return false;
        }
        Optional<TunedSettings.Choice> before = again ? Optional.empty() : tuned.of(kind.name());
        if (before.filter(choice -> choice.budget().equals(budget.toString()))
                .filter(choice -> choice.isFor(setup))
                .isPresent()) {
            say(out, kind.name() + " is tuned already: " + before.get().best());
            return false;
        }
        return true;
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
