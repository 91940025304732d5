package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.problem.Problems;
import org.dl4jgn.bench.run.TunedSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes everything: tunes the rivals, runs all, reports. */
@Command(
        name = "results",
        description =
                "Makes a whole folder of results: on each problem, tunes the rivals, runs SGN, EGN, the tuned rivals, their"
                        + " untuned defaults and L-BFGS with several seeds, varies settings, then writes the report. What is there"
                        + " already is not repeated, so that it goes on after an interruption, and several processes may make"
                        + " different problems in the same folder.")
final class ResultsCommand implements Callable<Integer> {

    private static final double SECONDS_PER_MINUTE = 60;

    @Spec
    CommandSpec spec;

    @Option(names = "--problems", split = ",", description = "only these; default: all")
    List<String> names = new ArrayList<>();

    @Option(
            names = "--epochs",
            split = ",",
            paramLabel = "PROBLEM=EPOCHS",
            description = "the budget of a run, instead of the plan's: mnist=12,diamonds=15")
    Map<String, Integer> epochs = new LinkedHashMap<>();

    @Nullable
    @Option(names = "--seeds", description = "seeds of each optimizer, instead of the plan's")
    Integer seeds;

    @Option(
            names = "--eta",
            description = "from rung to rung of the tuning, what candidates are divided and budgets multiplied by")
    int eta = 4;

    @Option(names = "--fraction", description = "the part of the budget that the last rung of the tuning has")
    double fraction = 1;

    @Option(
            names = "--finalists",
            description = "how many of the tuned rivals are run with all seeds: the best by their validation loss")
    int finalists = 5;

    @Option(
            names = "--sweeps",
            negatable = true,
            fallbackValue = "true",
            description = "whether settings are varied on some problems, with one seed")
    boolean sweeps = true;

    @Option(
            names = "--warm-up",
            description = "seconds that each optimizer first trains another network, off the clock")
    double warmUp = 2;

    @Nullable
    @Option(names = "--data", paramLabel = "DIR", description = "folder of the data sets, before all other places")
    Path data;

    @Option(names = "--offline", description = "download nothing")
    boolean offline;

    @Option(names = "--out", paramLabel = "DIR", description = "folder of the results")
    Path out = Path.of("results");

    @Option(names = "--dry-run", description = "only print the commands and the estimate")
    boolean dry;

    @Override
    public Integer call() throws IOException {
        List<Plan> plans = plans();
        PrintWriter console = spec.commandLine().getOut();
        double left = 0;
        for (Plan plan : plans) {
            left += estimate(plan);
        }
        console.printf(
                Locale.ROOT,
                "%d problems, about %.0f min together, on a quiet machine, one thread%n",
                plans.size(),
                left / SECONDS_PER_MINUTE);
        List<String> failed = new ArrayList<>();
        for (Plan plan : plans) {
            console.printf(
                    Locale.ROOT,
                    "%n%s: %d epochs, %d seeds, about %.1f min, of which tuning %.1f; about %.0f min are left%n",
                    plan.problem(),
                    plan.epochs(),
                    plan.seeds(),
                    estimate(plan) / SECONDS_PER_MINUTE,
                    plan.secondsAnEpoch() * plan.tuningEpochs(eta, fraction) / SECONDS_PER_MINUTE,
                    left / SECONDS_PER_MINUTE);
            int code = execute(plan);
            if (code == RunCommand.INTERRUPTED) {
                return code;
            }
            if (code != 0) {
                failed.add(plan.problem());
            }
            left -= estimate(plan);
        }
        int code = execute(List.of("report", "--out", out.toString()));
        if (!failed.isEmpty()) {
            console.println("Not done, for the reasons above: " + String.join(", ", failed));
            console.flush();
            return CommandLine.ExitCode.SOFTWARE;
        }
        return code;
    }

    private double estimate(Plan plan) {
        return plan.seconds(eta, fraction, finalists, sweeps);
    }

    private List<Plan> plans() {
        if (finalists < 1) {
            throw new IllegalArgumentException("--finalists is " + finalists + ", but must be at least 1");
        }
        List<String> wanted =
                names.stream().map(name -> Problems.named(name).name()).toList();
        Map<String, Integer> budgets = new LinkedHashMap<>();
        epochs.forEach((name, count) -> {
            if (count < 1) {
                throw new IllegalArgumentException("--epochs " + name + "=" + count + ", but must be at least 1");
            }
            budgets.put(Problems.named(name).name(), count);
        });
        return Plan.all().stream()
                .filter(plan -> wanted.isEmpty() || wanted.contains(plan.problem()))
                .map(plan -> plan.with(
                        budgets.getOrDefault(plan.problem(), plan.epochs()), seeds == null ? plan.seeds() : seeds))
                .toList();
    }

    /** The stages of a problem; the first that fails ends it. */
    private int execute(Plan plan) throws IOException {
        String rivals = String.join(",", plan.rivals());
        int code = execute(
                command("tune", plan, plan.epochs(), "-o", rivals, "--eta", "" + eta, "--fraction", "" + fraction));
        if (code != 0) {
            return code;
        }
        List<List<String>> commands = new ArrayList<>();
        commands.add(run(plan, plan.epochs(), "sgn,egn", "--untuned"));
        commands.add(run(plan, plan.epochs(), String.join(",", finalists(plan))));
        commands.add(run(plan, plan.epochs(), String.join(",", plan.untuned()), "--untuned"));
        if (plan.passes() > 0) {
            commands.add(run(plan, plan.passes(), "lbfgs"));
        }
        if (plan.isSwept() && sweeps) {
            List<String> sweep =
                    command("run", plan, plan.epochs(), "-o", String.join(",", Plan.SWEPT), "--robustness");
            sweep.addAll(List.of("--warm-up", "0.3"));
            commands.add(sweep);
        }
        for (List<String> command : commands) {
            code = execute(command);
            if (code != 0) {
                return code;
            }
        }
        return 0;
    }

    /** The tuned rivals that are the best by their validation loss. */
    private List<String> finalists(Plan plan) throws IOException {
        Map<String, TunedSettings.Choice> choices =
                TunedSettings.open(out, plan.problem()).all();
        boolean isLowerBetter = !List.of("cartpole", "acrobot").contains(plan.problem());
        return plan.rivals().stream()
                .sorted((a, b) -> {
                    double first = choices.containsKey(a) ? choices.get(a).value() : Double.NaN;
                    double second = choices.containsKey(b) ? choices.get(b).value() : Double.NaN;
                    return isLowerBetter || Double.isNaN(first) || Double.isNaN(second)
                            ? Double.compare(first, second)
                            : Double.compare(second, first);
                })
                .limit(finalists)
                .toList();
    }

    private List<String> run(Plan plan, int length, String optimizers, String... more) {
        List<String> command = command("run", plan, length, "-o", optimizers);
        command.addAll(List.of("--seeds", "" + plan.seeds(), "--warm-up", "" + warmUp));
        command.addAll(List.of(more));
        return command;
    }

    private List<String> command(String verb, Plan plan, int length, String... more) {
        List<String> command = new ArrayList<>(List.of(verb, plan.problem()));
        command.addAll(List.of("--epochs", "" + length));
        command.addAll(List.of(more));
        if (data != null) {
            command.addAll(List.of("--data", data.toString()));
        }
        if (offline) {
            command.add("--offline");
        }
        command.addAll(List.of("--out", out.toString()));
        return command;
    }

    private int execute(List<String> command) {
        String line = String.join(" ", command);
        PrintWriter console = spec.commandLine().getOut();
        console.println("dl4j-gn-bench " + line);
        console.flush();
        if (dry) {
            return 0;
        }
        return BenchTool.commandLine()
                .setOut(console)
                .setErr(spec.commandLine().getErr())
                .execute(command.toArray(String[]::new));
    }
}
