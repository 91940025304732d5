package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.dl4jgn.bench.optimizer.Contender;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.optimizer.Sweep;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.problem.Problem;
import org.dl4jgn.bench.problem.Workload;
import org.dl4jgn.bench.run.Interruption;
import org.dl4jgn.bench.run.Point;
import org.dl4jgn.bench.run.ResultFolder;
import org.dl4jgn.bench.run.RunRecord;
import org.dl4jgn.bench.run.RunStore;
import org.dl4jgn.bench.run.Runner;
import org.dl4jgn.bench.run.TunedSettings;
import org.dl4jgn.translate.UnsupportedNetworkException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains optimizers on a problem. */
@Command(
        name = "run",
        description = "Trains optimizers on a problem, several seeds each, and appends to the results. Runs that are"
                + " finished are not repeated; one that was interrupted goes on.")
final class RunCommand implements Callable<Integer> {

    /** Exit code after Ctrl-C, as shells have it. */
    static final int INTERRUPTED = 130;

    @Spec
    CommandSpec spec;

    @Mixin
    ProblemOptions where = new ProblemOptions();

    @Option(
            names = {"-o", "--optimizer"},
            description = "such as sgn:10 or sgn:10,damping=1e-3 or sgn,egn,adam:0.01; \"list\" shows them all")
    List<String> optimizers = new ArrayList<>(List.of("sgn,egn,sgd,adam"));

    @Option(names = "--seeds", description = "number of runs of each optimizer, with seeds from 1 on")
    int seeds = 1;

    @Option(
            names = "--warm-up",
            description = "seconds that each optimizer first trains another network, off the clock")
    double warmUp = 1;

    @Option(
            names = "--untuned",
            description = "runs what is named without settings with its defaults, even if it was tuned")
    boolean untuned;

    @Option(
            names = "--robustness",
            description =
                    "runs each optimizer that is named without settings with each of its decisive settings at 0.01,"
                            + " 0.1, 10 and 100 times its default, the others at theirs: damping, lr, k of sgn, lambda, lr of egn,"
                            + " lr of others; these are never tuned")
    boolean robustness;

    @Option(names = "--again", description = "repeat finished runs")
    boolean again;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Problem problem = where.problem();
        check();
        List<Contender> named = named();
        Workload workload = problem.load(where.folders());
        ProblemOptions.print(out, problem, workload);
        ResultFolder folder = where.folder(problem, workload, out);
        List<Chosen> contenders = choose(named, problem, folder, out);
        RunStore store = RunStore.open(where.out, folder.name());
        store.damage().ifPresent(out::println);
        store.remember(ProblemOptions.command(spec));
        boolean allRan = true;
        try (Interruption interruption = Interruption.watch()) {
            Runner runner = new Runner(folder.name(), workload, warmUp, interruption);
            int place = 0;
            for (Chosen chosen : contenders) {
                for (int seed = 1; seed <= seeds; seed++) {
                    place++;
                    Runner.Order order = runner.stretched(new Runner.Order(
                            chosen.contender(),
                            chosen.tuned(),
                            where.setup(problem, seed),
                            where.budget(problem),
                            place + "/" + contenders.size() * seeds));
                    boolean goOn = run(order, runner, store, out);
                    if (interruption.isWanted()) {
                        return INTERRUPTED;
                    }
                    if (!goOn) {
                        allRan = false;
                        place += seeds - seed;
                        break;
                    }
                }
            }
        }
        out.println("Results: " + store.folder());
        out.flush();
        return allRan ? 0 : CommandLine.ExitCode.SOFTWARE;
    }

    /** Before data are read, which may take a while. */
    private void check() {
        if (seeds < 1) {
            throw new IllegalArgumentException("--seeds is " + seeds + ", but must be at least 1");
        }
        if (!(warmUp >= 0)) {
            throw new IllegalArgumentException("--warm-up is " + warmUp + ", but must not be negative");
        }
        where.check();
    }

    /** An optimizer, and whether its settings come from tuning. */
    private record Chosen(Contender contender, boolean tuned) {}

    /** What the user named, parsed before data are read. */
    private List<Contender> named() {
        List<String> texts = new ArrayList<>();
        optimizers.forEach(list -> texts.addAll(Optimizers.split(list)));
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("--optimizer names none; give one or several, such as sgn,adam:0.01");
        }
        if (robustness) {
            Optimizers.kinds().stream()
                    .filter(kind -> texts.contains(kind.name()))
                    .forEach(kind -> texts.addAll(Sweep.texts(kind)));
        }
        return texts.stream().map(Optimizers::parse).toList();
    }

    private List<Chosen> choose(List<Contender> named, Problem problem, ResultFolder folder, PrintWriter out)
            throws IOException {
        TunedSettings settings = TunedSettings.open(where.out, folder.name());
        List<Chosen> chosen = new ArrayList<>();
        for (Contender plain : named) {
            Optional<TunedSettings.Choice> found = plain.name().equals(plain.kind()) && !untuned && !robustness
                    ? settings.of(plain.kind())
                    : Optional.empty();
            Optional<TunedSettings.Choice> choice = found.filter(tuned -> tuned.isFor(where.setup(problem, 1)));
            if (found.isPresent()) {
                out.println(
                        plain.kind() + ": tuned, " + found.get().best()
                                + (choice.isPresent()
                                        ? ""
                                        : ", but for " + found.get().setup()
                                                + ": the defaults are used; \"tune\" with the same --type and --batch finds better ones"));
            }
            chosen.add(new Chosen(
                    choice.isPresent() ? Optimizers.parse(choice.get().best()) : plain, choice.isPresent()));
        }
        return chosen;
    }

    /** Returns whether further seeds make sense. */
    private boolean run(Runner.Order order, Runner runner, RunStore store, PrintWriter out) throws IOException {
        Optional<RunRecord> before = again ? Optional.empty() : store.run(order.key());
        if (before.filter(order::isDoneBy).isPresent()) {
            print(out, before.get(), "already there");
            return true;
        }
        boolean goesOn = before.filter(run -> run.status() == RunRecord.Status.INTERRUPTED)
                .filter(run -> !order.contender().isScheduled() || run.budget().equals(order.budget()))
                .filter(run -> Files.exists(store.checkpoint(run.key())))
                .isPresent();
        try {
            RunRecord done = runner.run(order, goesOn ? before : Optional.empty(), store.checkpoint(order.key()));
            store.add(done);
            print(out, done, goesOn ? "gone on with" : "");
            return true;
        } catch (UnsupportedNetworkException e) {
            out.println(order.contender().name() + " cannot train this network: " + e.getMessage());
            return false;
        }
    }

    private static void print(PrintWriter out, RunRecord run, String remark) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "%-28s seed %d %-11s %7.1f epochs %8.2f s ",
                run.optimizer(),
                run.seed(),
                run.status().name().toLowerCase(Locale.ROOT),
                run.last().epoch(),
                run.last().seconds()));
        Point result = run.result();
        for (Measure measure : run.measures()) {
            if (!result.has(measure)) {
                continue;
            }
            line.append(String.format(Locale.ROOT, " %s %.4g", measure.label(), result.value(measure)));
            if (measure == Measure.TEST_RMSE && run.constantPrediction() != null) {
                line.append(String.format(
                        Locale.ROOT, ", R² %.3f,", 1 - result.value(Measure.TEST_LOSS) / run.constantPrediction()));
            }
        }
        if (!result.equals(run.last())) {
            line.append(String.format(Locale.ROOT, " (as of epoch %.1f)", result.epoch()));
        }
        if (!run.message().isEmpty()) {
            line.append(" (").append(run.message()).append(')');
        }
        if (!remark.isEmpty()) {
            line.append(" [").append(remark).append(']');
        }
        out.println(line);
        out.flush();
    }
}
