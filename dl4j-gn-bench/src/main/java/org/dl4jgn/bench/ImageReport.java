package org.dl4jgn.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Steps on the paper's convolutional networks beside DL4J's own Sgd and PyTorch, in one run, as ratios; and their memory. */
@Command(
        name = "image-report",
        mixinStandardHelpOptions = true,
        description = "Times training steps on the paper's convolutional networks, side by side, and prints ratios.")
public final class ImageReport implements Callable<Integer> {

    @Mixin
    PeerTimes peer = new PeerTimes();

    @Option(names = "--quick", description = "Short iterations, for a look; not for a figure to quote.")
    boolean quick;

    @Option(
            names = "--problem",
            description = "FASHION, CIFAR, or with a comma between, both (default: ${DEFAULT-VALUE}).",
            split = ",",
            defaultValue = "FASHION,CIFAR")
    List<ImageProblem> problems = List.of();

    /** Prints the report. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new ImageReport()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        String names = String.join(",", problems.stream().map(Enum::name).toList());
        List<String> options = new ArrayList<>(List.of("-p", "problem=" + names));
        if (quick) {
            options.addAll(List.of("-wi", "1", "-i", "2", "-w", "2s", "-r", "2s"));
        }
        System.out.println("JMH ...");
        Map<String, Double> ours = JmhTimes.measure("ImageBenchmark", 0, options);
        Map<String, Double> torch = peer.measure(names.toLowerCase(Locale.ROOT));
        System.out.printf(
                "%nmedian ms, float, batch 1000, %d threads%n",
                Runtime.getRuntime().availableProcessors());
        for (ImageProblem problem : problems) {
            print(problem, ours, torch);
        }
        return 0;
    }

    private static void print(ImageProblem problem, Map<String, Double> ours, Map<String, Double> torch)
            throws IOException, InterruptedException {
        String name = problem.name().toLowerCase(Locale.ROOT);
        System.out.println(name);
        for (String step : List.of("sgn2", "sgn10")) {
            compare(step + " / PyTorch's", ours.get(name + " " + step), torch.get(name + " " + step));
        }
        for (String step : List.of("sgn3", "sgn5")) {
            compare(step + " / DL4J's Sgd", ours.get(name + " " + step), ours.get(name + " sgd"));
        }
        compare("CG iteration / gradient", ours.get(name + " product"), ours.get(name + " gradient"));
        compare("gradient / DL4J's gradient", ours.get(name + " gradient"), ours.get(name + " dl4jGradient"));
        compare("PyTorch's SGD / DL4J's Sgd", torch.get(name + " sgd"), ours.get(name + " sgd"));
        long sgn = StepMemory.measure(problem, "sgn10");
        long sgd = StepMemory.measure(problem, "sgd");
        compare("memory of sgn10 / Sgd, MB", sgn < 0 ? null : sgn / 1e6, sgd < 0 ? null : sgd / 1e6);
    }

    private static void compare(String what, @Nullable Double ours, @Nullable Double theirs) {
        System.out.printf(
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
