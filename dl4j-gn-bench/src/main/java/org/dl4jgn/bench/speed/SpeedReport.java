package org.dl4jgn.bench.speed;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * SGN steps beside DL4J's own Sgd, the bare matrix products, and PyTorch, in one run, as ratios.
 *
 * <p>Each side gets the thread setting that suits it best: JMH runs with one thread and with the default, and the
 * smaller median counts.
 *
 * @param peer PyTorch's side
 * @param isQuick whether iterations are short, for a look and not for a figure to quote
 * @param out where it is printed
 */
public record SpeedReport(PeerTimes peer, boolean isQuick, PrintWriter out) {

    private static final List<String> PROBLEMS = List.of("boston", "sine", "mnist");

    /** JMH's options for short iterations. */
    static List<String> options(boolean isQuick) {
        return isQuick ? List.of("-wi", "2", "-i", "2", "-w", "500ms", "-r", "500ms") : List.of();
    }

    /** Measures and prints. */
    public void print() throws IOException, InterruptedException {
        JmhTimes ours = JmhTimes.measureBoth(StepBenchmark.class, options(isQuick), out);
        Map<String, Double> torch = peer.measure(String.join(",", PROBLEMS), out);
        out.printf(
                "%nmedian ms a step, float; * with OMP_NUM_THREADS=1, else the default of %d threads%n",
                Runtime.getRuntime().availableProcessors());
        out.printf(
                "%-8s %9s %9s %7s %9s %9s %7s %12s %12s%n",
                "", "Sgd", "SGN(3)", "ratio", "SGN(10)", "PyTorch", "ratio", "products 3", "products 10");
        PROBLEMS.forEach(problem -> row(problem, ours, torch.get(problem + " sgn10")));
        out.println("products: share of the step's time that its matrix products take, run back to back");
        out.flush();
    }

    private void row(String problem, JmhTimes ours, @Nullable Double peer10) {
        double sgn3 = ours.best(problem + " sgn3");
        double sgn10 = ours.best(problem + " sgn10");
        out.printf(
                Locale.ROOT,
                "%-8s %9s %9s %7.2f %9s %9s %7s %11.0f%% %11.0f%%%n",
                problem,
                shown(ours, problem + " sgd"),
                shown(ours, problem + " sgn3"),
                sgn3 / ours.best(problem + " sgd"),
                shown(ours, problem + " sgn10"),
                peer10 == null ? "-" : String.format(Locale.ROOT, "%.3f", peer10),
                peer10 == null ? "-" : String.format(Locale.ROOT, "%.2f", sgn10 / peer10),
                100 * ours.best(problem + " products3") / sgn3,
                100 * ours.best(problem + " products10") / sgn10);
    }

    private static String shown(JmhTimes times, String what) {
        return String.format(Locale.ROOT, "%.3f%s", times.best(what), times.isBestSingle(what) ? "*" : " ");
    }
}
