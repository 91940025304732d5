package org.dl4jgn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;

/**
 * A listener that keeps a web page of a training: curves of loss, ratio, damping, step length, gradient and iterations, and the last
 * report in words. The page is one file that needs no server and loads nothing; a browser that has it open shows it anew every
 * few seconds. DL4J's own training page, fed by its {@code StatsListener}, shows parameters and updates and can run beside it.
 *
 * <pre>{@code
 * net.addListeners(new StepPage(Path.of("training.html"), 50)); // written anew after each 50 steps
 * }</pre>
 *
 * <p>Of long trainings every second, fourth, ... step is kept, so that memory and page stay small. A page that cannot be written
 * ends the training, as any listener that throws does.
 */
public final class StepPage implements GaussNewtonListener {

    private static final int MOST_POINTS = 2_000;
    private static final int WIDTH = 760;
    private static final int HEIGHT = 130;
    private static final int REFRESH_SECONDS = 5;

    private record Curve(String title, boolean isLogarithmic, ToDoubleFunction<StepReport> value) {}

    private static final List<Curve> CURVES = List.of(
            new Curve("loss of the mini-batch before the step", true, StepReport::lossBefore),
            new Curve(
                    "ratio of actual to predicted reduction, 1 for a good model",
                    false,
                    report ->
                            Double.isNaN(report.reductionRatio()) ? report.validationRatio() : report.reductionRatio()),
            new Curve("damping", true, StepReport::damping),
            new Curve("step length", false, StepReport::stepLength),
            new Curve("norm of the gradient", true, StepReport::gradientNorm),
            new Curve("iterations of the linear solver", false, StepReport::solverIterations),
            new Curve("milliseconds", false, report -> report.totalTime().toNanos() / 1e6));

    private final Path file;
    private final int every;
    private final List<StepReport> kept = new ArrayList<>();
    private int stride = 1;
    private long seen;

    /**
     * A page in a file, whose folder has to exist.
     *
     * @param every steps after which it is written anew, at least 1
     */
    public StepPage(Path file, int every) {
        if (every < 1) {
            throw new IllegalArgumentException("every is " + every + ", but must be at least 1");
        }
        this.file = file;
        this.every = every;
    }

    @Override
    public void stepDone(Model net, StepReport report) {
        if (seen % stride == 0) {
            kept.add(report);
        }
        seen++;
        if (kept.size() > MOST_POINTS) {
            stride *= 2;
            List<StepReport> half = IntStream.range(0, kept.size())
                    .filter(i -> i % 2 == 0)
                    .mapToObj(kept::get)
                    .toList();
            kept.clear();
            kept.addAll(half);
        }
        if (seen % every == 0) {
            write(report);
        }
    }

    private void write(StepReport last) {
        StringBuilder page =
                new StringBuilder("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><meta http-equiv=\"refresh\""
                        + " content=\"" + REFRESH_SECONDS
                        + "\"><title>Training</title></head><body style=\"font-family:sans-serif\">\n");
        page.append("<h1>").append(seen).append(" steps</h1><p>").append(last).append("</p>\n");
        CURVES.forEach(curve -> page.append(drawn(curve)));
        page.append("</body></html>\n");
        try {
            // a browser never finds half a page
            WholeFile.replace(file, fresh -> Files.writeString(fresh, page));
        } catch (IOException e) {
            throw new UncheckedIOException("The page " + file + " of the training cannot be written", e);
        }
    }

    private String drawn(Curve curve) {
        List<StepReport> shown = kept.stream()
                .filter(report -> isShown(curve, curve.value().applyAsDouble(report)))
                .toList();
        if (shown.isEmpty()) {
            return "";
        }
        double low = shown.stream()
                .mapToDouble(report -> height(curve, report))
                .min()
                .orElse(0);
        double high = shown.stream()
                .mapToDouble(report -> height(curve, report))
                .max()
                .orElse(1);
        double first = shown.get(0).iteration();
        double steps = Math.max(1, shown.get(shown.size() - 1).iteration() - first);
        String points = shown.stream()
                .map(report -> String.format(
                        Locale.ROOT,
                        "%.1f,%.1f",
                        WIDTH * (report.iteration() - first) / steps,
                        HEIGHT * (1 - (height(curve, report) - low) / (high > low ? high - low : 1))))
                .collect(Collectors.joining(" "));
        return String.format(
                Locale.ROOT,
                "<h3>%s</h3><svg viewBox=\"-5 -5 %d %d\" width=\"%d\"><polyline fill=\"none\" stroke=\"#2060a0\""
                        + " points=\"%s\"/></svg><p>%.4g to %.4g%s, now %.4g</p>%n",
                curve.title(),
                WIDTH + 10,
                HEIGHT + 10,
                WIDTH,
                points,
                value(curve, low),
                value(curve, high),
                curve.isLogarithmic() ? ", logarithmic" : "",
                curve.value().applyAsDouble(shown.get(shown.size() - 1)));
    }

    private static boolean isShown(Curve curve, double value) {
        return Double.isFinite(value) && (!curve.isLogarithmic() || value > 0);
    }

    private static double height(Curve curve, StepReport report) {
        double value = curve.value().applyAsDouble(report);
        return curve.isLogarithmic() ? Math.log10(value) : value;
    }

    private static double value(Curve curve, double height) {
        return curve.isLogarithmic() ? Math.pow(10, height) : height;
    }
}
