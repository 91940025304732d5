package org.dl4jgn.bench.run;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.problem.Workload;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A run with all that is needed to do it again, and its curve.
 *
 * @param problem name
 * @param optimizer with the settings that the user or the tuning gave: {@code sgn:10}
 * @param kind of the optimizer: {@code sgn}
 * @param settings of the optimizer, all of them
 * @param tuned whether they come from tuning
 * @param seed decides the order of the examples, and, where the problem says so, the first weights
 * @param type of the network
 * @param batch examples in a mini-batch
 * @param budget how long to train
 * @param warmUpSeconds how long another network was trained before, off the clock
 * @param status how it ended
 * @param message why, where it did not end by its budget
 * @param started when
 * @param machine what it ran on
 * @param files of data
 * @param notes on the data
 * @param measures that were taken; the first decides who is better
 * @param constantPrediction what that is of a prediction that is the same for all examples; null where there is none
 * @param curve in order
 */
public record RunRecord(
        String problem,
        String optimizer,
        String kind,
        Map<String, String> settings,
        boolean tuned,
        int seed,
        DataType type,
        int batch,
        Budget budget,
        double warmUpSeconds,
        Status status,
        String message,
        String started,
        Machine machine,
        List<Workload.Source> files,
        List<String> notes,
        List<Measure> measures,
        @Nullable Double constantPrediction,
        List<Point> curve) {

    /** Complains of what a damaged file has left out. */
    public RunRecord {
        requireNonNull(problem, "there is no problem");
        requireNonNull(optimizer, "there is no optimizer");
        requireNonNull(kind, "there is no kind");
        requireNonNull(settings, "there are no settings");
        requireNonNull(type, "there is no type");
        requireNonNull(budget, "there is no budget");
        requireNonNull(status, "there is no status");
        requireNonNull(message, "there is no message");
        requireNonNull(machine, "there is no machine");
        requireNonNull(files, "there are no files");
        requireNonNull(measures, "there are no measures");
        requireNonNull(curve, "there is no curve");
        if (curve.isEmpty()) {
            throw new IllegalArgumentException("there are no points");
        }
    }

    /** The part of a run, its end, in which it has to stand still to be called flat. */
    private static final double END = 1.0 / 3;

    /** Epochs are kept to seven digits. */
    private static final double ROUNDING = 1e-6;

    /** How a run ended. */
    public enum Status {
        /** Its budget is spent. */
        FINISHED,
        /** It has come to its own end, before that of its budget. */
        ENDED,
        /** Its loss is no longer a number. */
        DIVERGED,
        /** The optimizer gave up. */
        STOPPED,
        /** The user did; it goes on next time. */
        INTERRUPTED
    }

    /** Runs on the same data and network with the same key are the same run. */
    public record Key(String optimizer, int seed, DataType type, int batch, Map<String, String> settings) {}

    /** Whether it has done all that it was to do. */
    @JsonIgnore
    public boolean isWhole() {
        return status == Status.FINISHED || status == Status.ENDED;
    }

    /** What makes it the run it is. */
    public Key key() {
        return new Key(optimizer, seed, type, batch, settings);
    }

    /** The last point. */
    public Point last() {
        return curve.get(curve.size() - 1);
    }

    /** What the run comes to: the point with the lowest validation loss, where there is a validation part, else the last. */
    @JsonIgnore
    public Point result() {
        return curve.stream()
                .filter(point -> Double.isFinite(point.value(Measure.VALIDATION_LOSS)))
                .min(Comparator.comparingDouble(point -> point.value(Measure.VALIDATION_LOSS)))
                .orElseGet(this::last);
    }

    /** The best value of a measure on the way, its finite values only; NaN if there is none. */
    public double best(Measure measure) {
        return best(curve, measure);
    }

    /** The same without the start, which is the same for all: short trainings may end worse than that. */
    public double bestAfterStart(Measure measure) {
        return best(curve.subList(Math.min(1, curve.size()), curve.size()), measure);
    }

    private static double best(List<Point> points, Measure measure) {
        double best = Double.NaN;
        for (Point point : points) {
            double value = point.value(measure);
            if (Double.isFinite(value) && measure.isBetter(value, best)) {
                best = value;
            }
        }
        return best;
    }

    /**
     * By how much the best value so far gets better in the last third of the epochs, relative to what it was before: 0.01 if
     * a loss goes from 1 to 0.99. Nothing for a run that has come to its own end; infinite for one that was cut short.
     */
    public double movement(Measure measure) {
        if (status == Status.ENDED) {
            return 0;
        }
        double place = last().epoch() * (1 - END);
        double before = best(
                curve.stream()
                        .filter(point -> point.epoch() <= place * (1 + ROUNDING))
                        .toList(),
                measure);
        return status == Status.FINISHED && before != 0
                ? Math.abs((best(measure) - before) / before)
                : Double.POSITIVE_INFINITY;
    }

    /** The first point whose measure is as good as {@code target}. */
    public Optional<Point> reaches(Measure measure, double target) {
        return curve.stream()
                .filter(point -> Double.isFinite(point.value(measure)))
                .filter(point -> !measure.isBetter(target, point.value(measure)))
                .findFirst();
    }
}
