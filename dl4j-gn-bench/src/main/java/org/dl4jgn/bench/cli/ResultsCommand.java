package org.dl4jgn.bench.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.problem.Problems;
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
                "Makes a whole folder of results: on each problem, tunes the rivals, runs all optimizers, runs the"
                        + " robustness of SGN, EGN and SGD, then writes the report. What is there already is not repeated, so that"
                        + " it goes on after an interruption.")
final class ResultsCommand implements Callable<Integer> {

    private static final double SECONDS_PER_HOUR = 3600;

    /** What evaluation, warm-up and loading add to the training time, roughly. */
    private static final double OVERHEAD = 1.4;

    /** Seconds: the rivals' code has been compiled by the JVM while they were tuned, SGN's and EGN's has not. */
    private static final String WARM_UP = "5";

    private static final String ALL_RIVALS = "sgd,nesterovs,adam,gaf,sqn";

    /** Trials of the grids of all of these rivals, with an extension now and then. */
    private static final int ALL_TRIALS = 44;

    private static final int TWO_TRIALS = 17;

    /**
     * What is done on a problem.
     *
     * @param problem name
     * @param seconds training time of a run, and of each trial of the tuning, where {@code tuning} does not say another
     * @param tuning training time of a trial
     * @param seeds of each optimizer
     * @param rivals that are tuned and run
     * @param trials of their tuning, roughly
     * @param robustness kinds whose first setting is varied, with one seed
     */
    private record Task(
            String problem, double seconds, double tuning, int seeds, String rivals, int trials, String robustness) {

        double estimate() {
            int optimizers = 2 + rivals.split(",").length;
            int variants = robustness.isEmpty() ? 0 : 18;
            return OVERHEAD * (tuning * trials + seconds * (optimizers * seeds + variants));
        }
    }

    private static final List<Task> PLAN = List.of(
            dense("boston", 3),
            dense("sine", 6),
            dense("sine_100", 6),
            dense("mnist", 10),
            dense("california-housing", 8),
            dense("superconduct", 6),
            dense("diamonds", 10),
            dense("imdb", 8),
            new Task("lqr", 1, 0.5, 5, ALL_RIVALS, ALL_TRIALS, ""),
            new Task("cartpole", 12, 6, 5, "sgd,adam", TWO_TRIALS, ""),
            new Task("acrobot", 12, 6, 5, "sgd,adam", TWO_TRIALS, ""),
            new Task("fashion-mnist", 90, 30, 3, "sgd,adam", TWO_TRIALS, ""),
            new Task("cifar10", 90, 30, 3, "sgd,adam", TWO_TRIALS, ""));

    @Spec
    CommandSpec spec;

    @Option(names = "--problems", split = ",", description = "only these; default: all")
    List<String> names = new ArrayList<>();

    @Option(
            names = "--hours",
            description =
                    "about how long all problems together may take; their training times are scaled to it, those of --problems"
                            + " as well, so that all of it can be made in pieces")
    double hours = 3;

    @Nullable
    @Option(names = "--seeds", description = "seeds of each optimizer, instead of the plan's")
    Integer seeds;

    @Nullable
    @Option(names = "--data", paramLabel = "DIR", description = "folder of the data sets, before all other places")
    Path data;

    @Option(names = "--offline", description = "download nothing")
    boolean offline;

    @Option(names = "--out", paramLabel = "DIR", description = "folder of the results")
    Path out = Path.of("results");

    @Option(names = "--dry-run", description = "only print the commands")
    boolean dry;

    private static Task dense(String problem, double seconds) {
        return new Task(problem, seconds, seconds, 5, ALL_RIVALS, ALL_TRIALS, "sgn,egn,sgd");
    }

    @Override
    public Integer call() {
        List<String> wanted =
                names.stream().map(name -> Problems.named(name).name()).toList();
        List<Task> tasks = PLAN.stream()
                .filter(task -> wanted.isEmpty() || wanted.contains(task.problem()))
                .toList();
        if (!(hours > 0)) {
            throw new IllegalArgumentException("--hours is " + hours + ", but must be greater than 0");
        }
        double scale = hours
                * SECONDS_PER_HOUR
                / PLAN.stream().mapToDouble(Task::estimate).sum();
        PrintWriter console = spec.commandLine().getOut();
        List<String> failed = new ArrayList<>();
        for (Task task : tasks) {
            console.printf(
                    Locale.ROOT,
                    "%n%s: about %.0f min, %.1f s a run, %.1f s a trial of the tuning%n",
                    task.problem(),
                    scale * task.estimate() / 60,
                    scale * task.seconds(),
                    scale * task.tuning());
            for (List<String> command : commands(task, scale)) {
                int code = execute(command);
                if (code == RunCommand.INTERRUPTED) {
                    return code;
                }
                if (code != 0) {
                    failed.add(task.problem());
                    break;
                }
            }
        }
        int code = execute(List.of("report", "--out", out.toString()));
        if (!failed.isEmpty()) {
            console.println("Not done, for the reasons above: " + String.join(", ", failed));
            console.flush();
            return CommandLine.ExitCode.SOFTWARE;
        }
        return code;
    }

    private List<List<String>> commands(Task task, double scale) {
        int count = seeds == null ? task.seeds() : seeds;
        List<List<String>> commands = new ArrayList<>();
        commands.add(command("tune", task, scale * task.tuning(), "-o", task.rivals()));
        commands.add(command(
                "run",
                task,
                scale * task.seconds(),
                "-o",
                "sgn,egn," + task.rivals(),
                "--seeds",
                Integer.toString(count),
                "--warm-up",
                WARM_UP));
        if (!task.robustness().isEmpty()) {
            commands.add(command("run", task, scale * task.seconds(), "-o", task.robustness(), "--robustness"));
        }
        return commands;
    }

    private List<String> command(String verb, Task task, double seconds, String... more) {
        List<String> command = new ArrayList<>(List.of(verb, task.problem()));
        command.add("--seconds");
        command.add(String.format(Locale.ROOT, "%.2f", seconds));
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
