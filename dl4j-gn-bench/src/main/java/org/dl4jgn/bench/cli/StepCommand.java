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
        description = "Times one step of each optimizer on the problem's own data: median with quartiles, its phases"
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

    @Option(names = "--time", description = "seconds of measuring for each, after a fifth of it for warming up")
    double time = 5;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Problem problem = where.problem();
        Workload workload = problem.load(where.folders());
        ProblemOptions.print(out, problem, workload);
        out.printf(
                ROW, "optimizer", "ms", "25 %", "75 %", "phases: linearize, direction, search", "net +MB", "steps +MB");
        for (String list : optimizers) {
            for (String text : Optimizers.split(list)) {
                measure(Optimizers.parse(text), workload, where.setup(problem, 1), out);
            }
        }
        return 0;
    }

    private void measure(Contender contender, Workload workload, Workload.Setup setup, PrintWriter out) {
        System.gc();
        long before = Pointer.physicalBytes();
        try (Training training = workload.start(contender, setup)) {
            double network = (Pointer.physicalBytes() - before) / MEGABYTE;
            DescriptiveStatistics millis = new DescriptiveStatistics();
            double[] phases = new double[3];
            long end = System.nanoTime() + (long) (1e9 * time / 5);
            while (System.nanoTime() < end) {
                training.step();
            }
            end = System.nanoTime() + (long) (1e9 * time);
            while (System.nanoTime() < end || millis.getN() == 0) {
                long clock = training.nanos();
                training.step();
                millis.addValue((training.nanos() - clock) * 1e-6);
                training.report().ifPresent(report -> add(phases, report));
            }
            double step = (Pointer.physicalBytes() - before) / MEGABYTE - network;
            Optional<StepReport> last = training.report();
            out.printf(
                    ROW,
                    contender.name(),
                    ms(millis.getPercentile(50)),
                    ms(millis.getPercentile(25)),
                    ms(millis.getPercentile(75)),
                    last.isEmpty()
                            ? ""
                            : ms(phases[0] / millis.getN()) + ", " + ms(phases[1] / millis.getN()) + ", "
                                    + ms(phases[2] / millis.getN()) + " ("
                                    + last.get().solver().toLowerCase(Locale.ROOT) + ")",
                    String.format(Locale.ROOT, "%.1f", network),
                    String.format(Locale.ROOT, "%.1f", step));
        } catch (UnsupportedNetworkException e) {
            out.println(contender.name() + " cannot train this network: " + e.getMessage());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        out.flush();
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
