package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.optimizer.OptimizerKind;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.problem.Problem;
import org.dl4jgn.bench.problem.Workload;
import org.dl4jgn.bench.run.Budget;
import org.dl4jgn.bench.run.Interruption;
import org.dl4jgn.bench.run.RunStore;
import org.dl4jgn.bench.run.Runner;
import org.dl4jgn.bench.run.TunedSettings;
import org.dl4jgn.bench.run.Tuner;
import org.dl4jgn.translate.UnsupportedNetworkException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds good settings for the rivals. */
@Command(
        name = "tune",
        description =
                "Tries a grid of settings of each optimizer on a validation part (a fifth) of the training data and"
                        + " keeps the best, which \"run\" then uses. SGN and EGN are not tuned.")
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
    List<String> optimizers = new ArrayList<>(List.of("sgd", "nesterovs", "adam"));

    @Option(
            names = "--warm-up",
            description = "seconds that each candidate first trains another network, off the clock")
    double warmUp = 0.3;

    @Option(names = "--again", description = "tune again what is tuned")
    boolean again;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Problem problem = where.problem();
        List<OptimizerKind> kinds = optimizers.stream().map(Optimizers::kind).toList();
        where.check();
        Workload whole = problem.load(where.folders());
        ProblemOptions.print(out, problem, whole);
        Workload workload = whole.forTuning()
                .orElseThrow(() -> new IllegalArgumentException(
                        problem.name() + " has no validation data: give settings to \"run\" instead"));
        RunStore.open(where.out, problem.name()).remember(ProblemOptions.command(spec));
        TunedSettings tuned = TunedSettings.open(where.out, problem.name());
        Budget budget = where.seconds == null && where.epochs == null
                ? new Budget(problem.defaults().tuningSeconds(), null)
                : where.budget(problem);
        out.println("Each trial trains for " + budget + " on four fifths of the training data.");
        try (Interruption interruption = Interruption.watch()) {
            Runner runner = new Runner(problem.name(), workload, warmUp, interruption);
            Tuner tuner = new Tuner(
                    runner,
                    workload.measures().get(0),
                    where.setup(problem, SEED),
                    budget,
                    interruption,
                    line -> say(out, line));
            for (OptimizerKind kind : kinds) {
                if (kind.grid().isEmpty()) {
                    say(out, kind.name() + " has nothing to tune");
                } else if (tuned.of(kind.name()).isPresent() && !again) {
                    say(
                            out,
                            kind.name() + " is tuned already: "
                                    + tuned.of(kind.name()).get().best());
                } else if (!tune(kind, tuner, tuned, out)) {
                    return RunCommand.INTERRUPTED;
                }
            }
        }
        return 0;
    }

    private static boolean tune(OptimizerKind kind, Tuner tuner, TunedSettings tuned, PrintWriter out)
            throws IOException {
        try {
            Optional<TunedSettings.Choice> choice = tuner.tune(kind);
            if (choice.isEmpty()) {
                return false;
            }
            tuned.put(kind.name(), choice.get());
            say(out, "=> " + choice.get().best());
        } catch (UnsupportedNetworkException e) {
            say(out, kind.name() + " cannot train this network: " + e.getMessage());
        }
        return true;
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
