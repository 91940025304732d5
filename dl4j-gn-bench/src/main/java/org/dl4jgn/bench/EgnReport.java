package org.dl4jgn.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** EGN steps beside SGN(3) and PyTorch's EGN with explicit Jacobian, in one run, as ratios; and how the cost grows. */
@Command(
        name = "egn-report",
        mixinStandardHelpOptions = true,
        description =
                "Times one EGN step beside SGN(3) and PyTorch's EGN, then its growth with the batch and the network.")
public final class EgnReport implements Callable<Integer> {

    @Mixin
    PeerTimes peer = new PeerTimes();

    @Option(names = "--quick", description = "Short iterations, for a look; not for a figure to quote.")
    boolean quick;

    @Option(names = "--what", description = "steps, growth or both (default: ${DEFAULT-VALUE}).", defaultValue = "both")
    What what;

    @Option(
            names = "--chart",
            description = "Where the growth is drawn (default: ${DEFAULT-VALUE}).",
            defaultValue = "target/egn-scaling.png")
    Path chart;

    /** Parts of the report. */
    enum What {
        steps,
        growth,
        both
    }

    /** Prints the report. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new EgnReport()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (what != What.growth) {
            steps();
        }
        if (what != What.steps) {
            growth();
        }
        return 0;
    }

    private void steps() throws IOException, InterruptedException {
        List<String> extra = quick ? List.of("-wi", "2", "-i", "2", "-w", "500ms", "-r", "500ms") : List.of();
        System.out.println("JMH with one thread ...");
        Map<String, Double> single = JmhTimes.measure("EgnBenchmark", 1, extra);
        System.out.println("JMH with the default number of threads ...");
        Map<String, Double> all = JmhTimes.measure("EgnBenchmark", 0, extra);
        Map<String, Double> torch = peer.measure("boston,superconduct,mnist128,mlp1m");
        System.out.printf(
                "%nmedian ms a step, float; the better of OMP_NUM_THREADS=1 and the default of %d threads%n",
                Runtime.getRuntime().availableProcessors());
        System.out.printf(
                "%-13s %9s %9s %7s %12s %7s %9s %7s%n",
                "", "EGN", "SGN(3)", "ratio", "PyTorch EGN", "1 /", "plain EGN", "1 /");
        for (EgnBenchmark.Problem problem : EgnBenchmark.Problem.values()) {
            String name = problem.name().toLowerCase(Locale.ROOT);
            double egn = JmhTimes.best(single, all, name + " egn");
            double plain = JmhTimes.best(single, all, name + " plain");
            double sgn = JmhTimes.best(single, all, name + " sgn3");
            Double other = torch.get(name + " egn");
            System.out.printf(
                    Locale.ROOT,
                    "%-13s %9.3f %9.3f %7.2f %12s %7s %9.3f %7s%n",
                    name,
                    egn,
                    sgn,
                    egn / sgn,
                    other == null ? "-" : String.format(Locale.ROOT, "%.3f", other),
                    other == null ? "-" : String.format(Locale.ROOT, "%.1f", other / egn),
                    plain,
                    other == null ? "-" : String.format(Locale.ROOT, "%.1f", other / plain));
        }
    }

    private void growth() throws IOException {
        System.out.println();
        List<EgnScaling.Point> byRows = EgnScaling.byRows();
        print("784-100-8, tanh, softmax cross-entropy, float", byRows);
        List<EgnScaling.Point> byParameters = EgnScaling.byParameters();
        print("three layers of equal width and 8 outputs, batch 64", byParameters);
        EgnScalingChart.write(byRows, byParameters, chart);
        System.out.println("Chart: " + chart.toAbsolutePath());
    }

    private static void print(String title, List<EgnScaling.Point> points) {
        System.out.println(title);
        System.out.printf(
                "%6s %10s %10s %12s %14s %14s%n", "b·c", "d", "step ms", "system MB", "JJᵀ alone ms", "J alone MB");
        for (EgnScaling.Point p : points) {
            System.out.printf(
                    Locale.ROOT,
                    "%6d %10d %10.2f %12.1f %14.2f %14.1f%n",
                    p.rows(),
                    p.parameters(),
                    p.stepMillis(),
                    p.systemBytes() / 1e6,
                    p.explicitMillis(),
                    p.explicitBytes() / 1e6);
        }
    }
}
