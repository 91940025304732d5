package org.dl4jgn.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.bytedeco.javacpp.Pointer;
import org.dl4jgn.StepReport;
import org.dl4jgn.bench.optimizer.Contender;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.problem.Problem;
import org.dl4jgn.bench.problem.Training;
import org.dl4jgn.bench.problem.Workload;
import org.dl4jgn.translate.UnsupportedNetworkException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Times single steps on a problem's own data. */
@Command(
        name = "step",
        description =
                "Times steps of the optimizers, which take turns, on the problem's own data: median with quartiles, phases"
                        + " where the optimizer reports them, and by how much the process's resident memory grows with the network and with its"
                        + " steps. (\"speed\" compares"
                        + " steps by JMH, with PyTorch beside.)")
final class StepCommand implements Callable<Integer> {

    private static final String ROW = "%-20s %9s %9s %9s   %-44s %10s %10s%n";
    private static final double MEGABYTE = 1 << 20;

    @Spec
    CommandSpec spec;

    @Mixin
    ProblemOptions where = new ProblemOptions();

    @Option(
            names = {"-o", "--optimizer"},
            description = "as in \"run\"")
    List<String> optimizers = new ArrayList<>(List.of("sgn,sgn:3,egn,sgd,adam"));

    @Option(
            names = "--time",
            description = "seconds of measuring for each, after a fifth of it for each to warm up alone")
    double time = 5;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Problem problem = where.problem();
        Workload workload = problem.load(where.folders());
        ProblemOptions.print(out, problem, workload);
        out.printf(
                ROW, "optimizer", "ms", "25 %", "75 %", "phases: linearize, direction, search", "net +MB", "steps +MB");
        List<Timed> all = new ArrayList<>();
        try {
            for (String list : optimizers) {
                for (String text : Optimizers.split(list)) {
                    warmedUp(Optimizers.parse(text), workload, where.setup(problem, 1), out)
                            .ifPresent(all::add);
                }
            }
            takeTurns(all);
        } finally {
            all.forEach(timed -> close(timed.training));
        }
        all.forEach(timed -> timed.print(out));
        out.flush();
        return 0;
    }

    /** Starts a training and lets it take steps that do not count; empty if it cannot be. */
    private Optional<Timed> warmedUp(Contender contender, Workload workload, Workload.Setup setup, PrintWriter out) {
        System.gc();
        long before = Pointer.physicalBytes();
        try {
            Training training = workload.start(contender, setup);
            double network = (Pointer.physicalBytes() - before) / MEGABYTE;
            warmUp(training);
            double steps = (Pointer.physicalBytes() - before) / MEGABYTE - network;
            return Optional.of(new Timed(contender.name(), training, network, steps));
        } catch (UnsupportedNetworkException e) {
            out.println(contender.name() + " cannot train this network: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Takes steps for a while; a training that fails is closed. */
    private void warmUp(Training training) {
        long end = System.nanoTime() + (long) (1e9 * time / 5);
        try {
            do {
                training.step();
            } while (System.nanoTime() < end);
        } catch (RuntimeException e) {
            close(training);
            throw e;
        }
    }

    private static void close(Training training) {
        try {
            training.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** One step each, over and over, so that whatever else the machine does meets all alike. */
    private void takeTurns(List<Timed> all) {
        long end = System.nanoTime() + (long) (1e9 * time * all.size());
        do {
            all.forEach(Timed::step);
        } while (System.nanoTime() < end);
    }

    /** A training with the times of its steps, and what it added to the process's memory in megabytes. */
    private record Timed(
            String name,
            Training training,
            double network,
            double steps,
            DescriptiveStatistics millis,
            double[] phases) {

        Timed(String name, Training training, double network, double steps) {
            this(name, training, network, steps, new DescriptiveStatistics(), new double[3]);
        }

        void step() {
            long clock = training.nanos();
            training.step();
            millis.addValue((training.nanos() - clock) * 1e-6);
            training.report().ifPresent(report -> add(phases, report));
        }

        void print(PrintWriter out) {
            Optional<StepReport> last = training.report();
            out.printf(
                    ROW,
                    name,
                    ms(millis.getPercentile(50)),
                    ms(millis.getPercentile(25)),
                    ms(millis.getPercentile(75)),
                    last.isEmpty()
                            ? ""
                            : ms(phases[0] / millis.getN()) + ", " + ms(phases[1] / millis.getN()) + ", "
                                    + ms(phases[2] / millis.getN()) + " ("
                                    + last.get().solver().toLowerCase(Locale.ROOT) + ")",
                    String.format(Locale.ROOT, "%.1f", network),
                    String.format(Locale.ROOT, "%.1f", steps));
        }
    }

    private static void add(double[] phases, StepReport report) {
        phases[0] += millis(report.linearizeTime());
        phases[1] += millis(report.directionTime());
        phases[2] += millis(report.searchTime());
    }

    private static double millis(Duration duration) {
        return duration.toNanos() * 1e-6;
    }

    private static String ms(double millis) {
        return String.format(Locale.ROOT, "%.3g", millis);
    }
}
