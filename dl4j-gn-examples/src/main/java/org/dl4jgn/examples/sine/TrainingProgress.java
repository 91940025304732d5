package org.dl4jgn.examples.sine;

import java.util.Locale;
import java.util.function.Consumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows on standard error how far a training run is: a bar in a terminal, a line now and then elsewhere. */
public final class TrainingProgress implements Consumer<Curve.Point>, AutoCloseable {

    /** Steps of the bar in a second or an epoch. */
    private static final int RESOLUTION = 100;

    private static final int WIDTH = 110;
    private static final int BAR_INTERVAL_MILLIS = 200;
    private static final int LINE_INTERVAL_MILLIS = 4_000;

    private final Budget budget;
    private final ProgressBar bar;
    private String lastLine = "";

    /** Starts to show the progress of {@code name}. */
    @SuppressWarnings("this-escape") // the bar's thread calls printLine, which needs lastLine alone
    public TrainingProgress(String name, Budget budget) {
        this.budget = budget;
        boolean terminal = System.console() != null;
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName(String.format(Locale.ROOT, "%-11s", name))
                .setInitialMax(steps(budget.limit()))
                .setUnit(" " + budget.unit().symbol, RESOLUTION)
                .setMaxRenderedLength(WIDTH)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(terminal ? BAR_INTERVAL_MILLIS : LINE_INTERVAL_MILLIS);
        if (!terminal) {
            builder.setConsumer(new DelegatingProgressBarConsumer(this::printLine, WIDTH));
        }
        bar = builder.build();
    }

    private static long steps(double used) {
        return Math.round(used * RESOLUTION);
    }

    private synchronized void printLine(String line) {
        if (!line.equals(lastLine)) {
            lastLine = line;
            System.err.println(line);
        }
    }

    @Override
    public void accept(Curve.Point point) {
        double used = Math.min(budget.limit(), budget.used(point.epoch(), point.seconds()));
        bar.setExtraMessage(String.format(Locale.ROOT, " epoch %d, test loss %.3g", point.epoch(), point.testLoss()));
        bar.stepTo(steps(used));
    }

    @Override
    public void close() {
        bar.close();
    }
}
