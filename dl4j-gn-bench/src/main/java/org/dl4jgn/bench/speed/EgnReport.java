package org.dl4jgn.bench.speed;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * EGN steps beside SGN(3) and PyTorch's EGN with explicit Jacobian, in one run, as ratios; and how the cost grows.
 *
 * @param peer PyTorch's side
 * @param isQuick whether iterations are short, for a look and not for a figure to quote
 * @param out where it is printed
 */
public record EgnReport(PeerTimes peer, boolean isQuick, PrintWriter out) {

    /** Parts of the report. */
    public enum What {
        /** Steps beside others'. */
        STEPS,
        /** How the cost grows with the batch and the network. */
        GROWTH,
        /** One after the other. */
        BOTH
    }

    /**
     * Measures and prints.
     *
     * @param chart where the growth is drawn
     */
    public void print(What what, Path chart) throws IOException, InterruptedException {
        if (what != What.GROWTH) {
            steps();
        }
        if (what != What.STEPS) {
            growth(chart);
        }
        out.flush();
    }

    private void steps() throws IOException, InterruptedException {
        JmhTimes ours = JmhTimes.measureBoth(EgnBenchmark.class, SpeedReport.options(isQuick), out);
        Map<String, Double> torch = peer.measure("boston,superconduct,mnist128,mlp1m", out);
        out.printf(
                "%nmedian ms a step, float; the better of OMP_NUM_THREADS=1 and the default of %d threads%n",
                Runtime.getRuntime().availableProcessors());
        out.printf(
                "%-13s %9s %9s %7s %12s %7s %9s %7s%n",
                "", "EGN", "SGN(3)", "ratio", "PyTorch EGN", "1 /", "plain EGN", "1 /");
        for (EgnBenchmark.Case problem : EgnBenchmark.Case.values()) {
            String name = problem.name().toLowerCase(Locale.ROOT);
            row(name, ours, torch.get(name + " egn"));
        }
        out.flush();
    }

    private void row(String name, JmhTimes ours, @Nullable Double other) {
        double egn = ours.best(name + " egn");
        double plain = ours.best(name + " plain");
        double sgn = ours.best(name + " sgn3");
        out.printf(
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

    private void growth(Path chart) throws IOException {
        out.println();
        List<EgnScaling.Point> byRows = EgnScaling.byRows();
        print("784-100-8, tanh, softmax cross-entropy, float", byRows);
        List<EgnScaling.Point> byParameters = EgnScaling.byParameters();
        print("three layers of equal width and 8 outputs, batch 64", byParameters);
        EgnScalingChart.write(byRows, byParameters, chart);
        out.println("Chart: " + chart.toAbsolutePath());
    }

    private void print(String title, List<EgnScaling.Point> points) {
        out.println(title);
        out.printf("%6s %10s %10s %12s %14s %14s%n", "b·c", "d", "step ms", "system MB", "JJᵀ alone ms", "J alone MB");
        for (EgnScaling.Point p : points) {
            out.printf(
                    Locale.ROOT,
                    "%6d %10d %10.2f %12.1f %14.2f %14.1f%n",
                    p.rows(),
                    p.parameters(),
                    p.stepMillis(),
                    p.systemBytes() / 1e6,
                    p.explicitMillis(),
                    p.explicitBytes() / 1e6);
        }
        out.flush();
    }
}
