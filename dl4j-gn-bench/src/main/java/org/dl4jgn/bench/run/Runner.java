package org.dl4jgn.bench.run;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.dl4jgn.bench.optimizer.Contender;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.problem.Training;
import org.dl4jgn.bench.problem.Workload;
import org.dl4jgn.optimize.TrainingStoppedException;
import org.jspecify.annotations.Nullable;

/**
 * Trains contenders on one workload and measures at the start, within the first epoch, and after epochs: each of the first
 * ten, then ever fewer, by {@value #GROWTH}, and those that the SGN authors' curves are kept at.
 */
public final class Runner {

    /** Parts of the first epoch after which there is a measurement, so that curves over time begin early. */
    private static final List<Double> FIRST_EPOCH = List.of(0.125, 0.25, 0.5);

    private static final int FIRST_EPOCHS = 10;
    private static final double GROWTH = 1.08;
    private static final Set<Long> ALWAYS = Set.of(25L, 50L, 100L);

    /** Significant digits of what is kept. */
    private static final MathContext DIGITS = new MathContext(7);

    private final String problem;
    private final Workload workload;
    private final double warmUpSeconds;
    private final Machine machine = Machine.here();
    private final Interruption interruption;
    private final Set<String> warm = new HashSet<>();

    /**
     * For the runs on one workload.
     *
     * @param warmUpSeconds how long each contender first trains another network, off the clock, so that the JVM has compiled
     *     what it uses
     */
    public Runner(String problem, Workload workload, double warmUpSeconds, Interruption interruption) {
        this.problem = problem;
        this.workload = workload;
        this.warmUpSeconds = warmUpSeconds;
        this.interruption = interruption;
    }

    /**
     * What to run.
     *
     * @param contender who trains
     * @param tuned whether its settings come from tuning
     * @param setup how it starts
     * @param budget how long
     * @param place among the runs of a command, for the progress: "3/10"
     */
    public record Order(Contender contender, boolean tuned, Workload.Setup setup, Budget budget, String place) {

        /** A run on its own. */
        public Order(Contender contender, boolean tuned, Workload.Setup setup, Budget budget) {
            this(contender, tuned, setup, budget, "");
        }

        /** Whether a run has done what this asks for. A schedule ends with its budget: another budget is another run. */
        public boolean isDoneBy(RunRecord run) {
            return run.status() != RunRecord.Status.INTERRUPTED
                    && (contender.isScheduled()
                            ? run.budget().equals(budget)
                            : run.budget().covers(budget));
        }

        /** What makes it the run it is. */
        public RunRecord.Key key() {
            return new RunRecord.Key(contender.name(), setup.seed(), setup.type(), setup.batch(), contender.settings());
        }
    }

    /**
     * Runs, or goes on with a run that was interrupted.
     *
     * @param before the interrupted run, if there is one
     * @param checkpoint where its state is, and where state is kept if this run is interrupted too; null to keep none
     */
    public RunRecord run(Order asked, Optional<RunRecord> before, @Nullable Path checkpoint) throws IOException {
        Order order = stretched(asked);
        warmUp(order);
        try (Training training = workload.start(order.contender(), order.setup())) {
            List<Point> curve = new ArrayList<>();
            if (before.isPresent() && checkpoint != null && Files.exists(checkpoint)) {
                training.restore(checkpoint);
                curve.addAll(before.get().curve());
            } else {
                curve.add(point(training));
            }
            return train(order, training, curve, checkpoint);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** With its schedule, if it has one, stretched over the budget: only then its settings are complete. */
    public Order stretched(Order order) {
        if (!order.contender().isScheduled()) {
            return order;
        }
        OptionalLong steps = workload.stepsPerEpoch(order.setup());
        Integer epochs = order.budget().epochs();
        Contender over = steps.isPresent() && epochs != null
                ? order.contender().over(steps.getAsLong() * epochs)
                : order.contender();
        return new Order(over, order.tuned(), order.setup(), order.budget(), order.place());
    }

    private RunRecord train(Order order, Training training, List<Point> curve, @Nullable Path checkpoint)
            throws IOException {
        String started = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        RunRecord.Status status = RunRecord.Status.FINISHED;
        String message = "";
        Measure decisive = workload.measures().get(0);
        try (Progress progress = new Progress((order.place() + " "
                        + order.contender().name() + " seed " + order.setup().seed())
                .strip())) {
            while (order.budget().used(training) < 1) {
                if (interruption.isWanted()) {
                    status = RunRecord.Status.INTERRUPTED;
                    message = "by the user";
                    break;
                }
                training.step();
                double used = order.budget().used(training);
                progress.show(used);
                if (used >= 1
                        || training.ended().isPresent()
                        || training.isLost()
                        || isDue(training, curve.get(curve.size() - 1))) {
                    Point point = point(training);
                    curve.add(point);
                    progress.show(used, decisive, point);
                    if (isLost(point)) {
                        status = RunRecord.Status.DIVERGED;
                        message = workload.measures().get(0).label()
                                + " or another measure is not a finite number in epoch " + Math.ceil(point.epoch());
                        break;
                    }
                }
                // asked again: what was just measured may be the lowest loss so far, after which a training goes on
                Optional<String> ended = training.ended();
                if (ended.isPresent()) {
                    status = RunRecord.Status.ENDED;
                    message = ended.get();
                    break;
                }
            }
        } catch (TrainingStoppedException e) {
            status = RunRecord.Status.STOPPED;
            message = String.valueOf(e.getMessage());
        }
        keep(status, training, checkpoint);
        return record(order, status, message, started, curve);
    }

    private static void keep(RunRecord.Status status, Training training, @Nullable Path checkpoint) throws IOException {
        if (checkpoint == null) {
            return;
        }
        if (status == RunRecord.Status.INTERRUPTED && training.isSavable()) {
            Files.createDirectories(checkpoint.toAbsolutePath().getParent());
            training.save(checkpoint);
        } else {
            Files.deleteIfExists(checkpoint);
        }
    }

    private RunRecord record(Order order, RunRecord.Status status, String message, String started, List<Point> curve) {
        return new RunRecord(
                problem,
                order.contender().name(),
                order.contender().kind(),
                order.contender().settings(),
                order.tuned(),
                order.setup().seed(),
                order.setup().type(),
                order.setup().batch(),
                order.budget(),
                warmUpSeconds,
                status,
                message,
                started,
                machine,
                workload.files(),
                workload.notes(),
                workload.measures(),
                workload.constantPrediction().isPresent()
                        ? (Double) rounded(workload.constantPrediction().getAsDouble())
                        : null,
                List.copyOf(curve));
    }

    private static Point point(Training training) {
        Map<Measure, Double> values = new EnumMap<>(Measure.class);
        training.measure().forEach((measure, value) -> values.put(measure, rounded(value)));
        return new Point(rounded(training.epochs()), training.steps(), rounded(training.seconds()), values);
    }

    private static double rounded(double value) {
        return Double.isFinite(value) ? new BigDecimal(value, DIGITS).doubleValue() : value;
    }

    private static boolean isDue(Training training, Point last) {
        long steps = training.steps();
        int size = training.stepsPerEpoch();
        if (steps < size) {
            return FIRST_EPOCH.stream().anyMatch(part -> steps == Math.round(part * size));
        }
        long epoch = (long) training.epochs();
        return steps % size == 0 && (epoch <= FIRST_EPOCHS || ALWAYS.contains(epoch) || epoch >= GROWTH * last.epoch());
    }

    private static boolean isLost(Point point) {
        return point.values().values().stream().anyMatch(value -> !Double.isFinite(value));
    }

    /** Once for each contender. */
    private void warmUp(Order order) {
        if (warmUpSeconds <= 0 || !warm.add(order.contender().name())) {
            return;
        }
        Workload.Setup other = new Workload.Setup(
                order.setup().seed() + 1_000_003,
                order.setup().type(),
                order.setup().batch());
        long end = System.nanoTime() + (long) (warmUpSeconds * 1e9);
        Contender contender = order.contender().over(Integer.MAX_VALUE);
        try (Training training = workload.start(contender, other)) {
            while (System.nanoTime() < end
                    && !interruption.isWanted()
                    && !training.isLost()
                    && training.ended().isEmpty()) {
                training.step();
            }
            training.measure();
        } catch (TrainingStoppedException e) {
            // the run itself will tell
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
