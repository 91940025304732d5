package org.dl4jgn.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * SGN steps beside DL4J's own Sgd, the bare matrix products, and PyTorch, in one run, as ratios.
 *
 * <p>Each side gets the thread setting that suits it best: JMH runs with one thread and with the default, and the
 * smaller median counts.
 */
@Command(
        name = "speed",
        mixinStandardHelpOptions = true,
        description = "Times one training step of each optimizer, side by side, and prints ratios.")
public final class SpeedReport implements Callable<Integer> {

    @Mixin
    PeerTimes peer = new PeerTimes();

    @Option(names = "--quick", description = "Short iterations, for a look; not for a figure to quote.")
    boolean quick;

    /** Prints the report. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new SpeedReport()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<String> extra = quick ? List.of("-wi", "2", "-i", "2", "-w", "500ms", "-r", "500ms") : List.of();
        System.out.println("JMH with one thread ...");
        Map<String, Double> single = JmhTimes.measure("StepBenchmark", 1, extra);
        System.out.println("JMH with the default number of threads ...");
        Map<String, Double> all = JmhTimes.measure("StepBenchmark", 0, extra);
        Map<String, Double> torch = peer.measure("boston,sine,mnist");
        System.out.printf(
                "%nmedian ms a step, float; * with OMP_NUM_THREADS=1, else the default of %d threads%n",
                Runtime.getRuntime().availableProcessors());
        System.out.printf(
                "%-8s %9s %9s %7s %9s %9s %7s %12s %12s%n",
                "", "Sgd", "SGN(3)", "ratio", "SGN(10)", "PyTorch", "ratio", "products 3", "products 10");
        for (PaperProblem problem : PaperProblem.values()) {
            String name = problem.name().toLowerCase(Locale.ROOT);
            double sgd = JmhTimes.best(single, all, name + " sgd");
            double sgn3 = JmhTimes.best(single, all, name + " sgn3");
            double sgn10 = JmhTimes.best(single, all, name + " sgn10");
            Double peer10 = torch.get(name + " sgn10");
            System.out.printf(
                    Locale.ROOT,
                    "%-8s %9s %9s %7.2f %9s %9s %7s %11.0f%% %11.0f%%%n",
                    name,
                    shown(single, all, name + " sgd"),
                    shown(single, all, name + " sgn3"),
                    sgn3 / sgd,
                    shown(single, all, name + " sgn10"),
                    peer10 == null ? "-" : String.format(Locale.ROOT, "%.3f", peer10),
                    peer10 == null ? "-" : String.format(Locale.ROOT, "%.2f", sgn10 / peer10),
                    100 * JmhTimes.best(single, all, name + " products3") / sgn3,
                    100 * JmhTimes.best(single, all, name + " products10") / sgn10);
        }
        System.out.println("products: share of the step's time that its matrix products take, run back to back");
        return 0;
    }

    private static String shown(Map<String, Double> single, Map<String, Double> all, String what) {
        double best = JmhTimes.best(single, all, what);
        return String.format(
                Locale.ROOT, "%.3f%s", best, single.getOrDefault(what, Double.POSITIVE_INFINITY) <= best ? "*" : " ");
    }
}
