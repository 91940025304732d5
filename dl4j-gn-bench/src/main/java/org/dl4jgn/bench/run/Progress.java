package org.dl4jgn.bench.run;

import java.util.Locale;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.dl4jgn.bench.problem.Measure;

/** Shows on standard error how far a run is, with an estimate of the rest: a bar in a terminal, a line now and then elsewhere. */
final class Progress implements AutoCloseable {

    private static final int RESOLUTION = 1000;
    private static final int WIDTH = 130;
    private static final int BAR_INTERVAL_MILLIS = 200;
    private static final int LINE_INTERVAL_MILLIS = 10_000;

    private final ProgressBar bar;

    Progress(String title) {
        boolean terminal = System.console() != null;
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName(String.format(Locale.ROOT, "%-30s", title))
                .setInitialMax(RESOLUTION)
                .setUnit(" %", RESOLUTION / 100)
                .setMaxRenderedLength(WIDTH)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(terminal ? BAR_INTERVAL_MILLIS : LINE_INTERVAL_MILLIS);
        if (!terminal) {
            builder.setConsumer(new DelegatingProgressBarConsumer(System.err::println, WIDTH));
        }
        bar = builder.build();
    }

    void show(double used, Measure measure, Point point) {
        String message = String.format(
                Locale.ROOT, " epoch %.1f, %s %.4g", point.epoch(), measure.label(), point.value(measure));
        bar.setExtraMessage(message);
        show(used);
    }

    void show(double used) {
        bar.stepTo(Math.round(used * RESOLUTION));
    }

    @Override
    public void close() {
        bar.close();
    }
}
