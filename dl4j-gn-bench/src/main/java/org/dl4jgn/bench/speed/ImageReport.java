package org.dl4jgn.bench.speed;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.dl4jgn.bench.memory.StepMemory;
import org.jspecify.annotations.Nullable;

/**
 * Steps on the paper's convolutional networks beside DL4J's own Sgd and PyTorch, in one run, as ratios; and their memory.
 *
 * @param peer PyTorch's side
 * @param memory measures peaks
 * @param isQuick whether iterations are short, for a look and not for a figure to quote
 * @param out where it is printed
 */
public record ImageReport(PeerTimes peer, StepMemory memory, boolean isQuick, PrintWriter out) {

    /** The networks, by the yardstick's names. */
    public enum Network {
        /** Fashion-MNIST's. */
        FASHION,
        /** CIFAR-10's. */
        CIFAR;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Measures and prints. */
    public void print(List<Network> networks) throws IOException, InterruptedException {
        String names = String.join(",", networks.stream().map(Network::word).toList());
        List<String> options = new ArrayList<>(List.of("-p", "problem=" + names));
        if (isQuick) {
            options.addAll(List.of("-wi", "1", "-i", "2", "-w", "2s", "-r", "2s"));
        }
        JmhTimes ours = JmhTimes.measure(ImageBenchmark.class, options, out);
        Map<String, Double> torch = peer.measure(names, out);
        out.printf(
                "%nmedian ms, float, batch 1000, %d threads%n",
                Runtime.getRuntime().availableProcessors());
        for (Network network : networks) {
            print(network.word(), ours.all(), torch);
        }
    }

    private void print(String name, Map<String, Double> ours, Map<String, Double> torch)
            throws IOException, InterruptedException {
        out.println(name);
        for (String step : List.of("sgn2", "sgn10")) {
            compare(step + " / PyTorch's", ours.get(name + " " + step), torch.get(name + " " + step));
        }
        for (String step : List.of("sgn3", "sgn5")) {
            compare(step + " / DL4J's Sgd", ours.get(name + " " + step), ours.get(name + " sgd"));
        }
        compare("CG iteration / gradient", ours.get(name + " product"), ours.get(name + " gradient"));
        compare("gradient / DL4J's gradient", ours.get(name + " gradient"), ours.get(name + " dl4jGradient"));
        compare("PyTorch's SGD / DL4J's Sgd", torch.get(name + " sgd"), ours.get(name + " sgd"));
        compare("memory of sgn10 / Sgd, MB", megabytes(name, "sgn10"), megabytes(name, "sgd"));
        out.flush();
    }

    private @Nullable Double megabytes(String name, String optimizer) throws IOException, InterruptedException {
        OptionalLong bytes = memory.inProcessOfItsOwn(name, optimizer);
        return bytes.isPresent() ? (Double) (bytes.getAsLong() / 1e6) : null;
    }

    private void compare(String what, @Nullable Double ours, @Nullable Double theirs) {
        out.printf(
                Locale.ROOT,
                "  %-27s %9s / %9s = %s%n",
                what,
                shown(ours),
                shown(theirs),
                ours == null || theirs == null ? "-" : String.format(Locale.ROOT, "%.2f", ours / theirs));
    }

    private static String shown(@Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.1f", value);
    }
}
