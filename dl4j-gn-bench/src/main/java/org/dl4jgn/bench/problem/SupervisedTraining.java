package org.dl4jgn.bench.problem;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jgn.StepReport;
import org.dl4jgn.bench.data.Examples;
import org.dl4jgn.bench.data.MersenneStream;
import org.dl4jgn.bench.optimizer.Contender;
import org.dl4jgn.bench.rivals.FullBatch;
import org.dl4jgn.bench.rivals.Trainer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * In each epoch the examples are shuffled and cut into mini-batches of one size, what is left over is dropped, and one step
 * is taken on each. Every optimizer gets the same batches in the same arrays through the same call, {@code fit(DataSet)},
 * and the clock runs within it alone. An optimizer for all examples at once gets them as one batch.
 */
final class SupervisedTraining implements Training {

    private static final String PROGRESS = "benchmark-progress";

    /**
     * What is learned by what.
     *
     * @param examples to train and to test on
     * @param held the same training examples, and in place of the test examples what is held back, if anything is
     */
    record Subject(
            Examples examples,
            Examples held,
            EarlyStopping stopping,
            Task task,
            double targetScale,
            Architecture architecture,
            Start start) {}

    private final Subject subject;
    private final Contender contender;
    private final MersenneStream random;
    private final int[] order;
    private final int size;
    private final INDArray rows;
    private final INDArray labelRows;
    private final double positions;
    private final DataSet batch;
    private final Evaluation evaluation;
    private final Evaluation validation;

    private Trainer trainer;
    private long steps;
    private long nanos;
    private double lossOfEpoch;
    private double lowestValidation = Double.POSITIVE_INFINITY;
    private double epochOfLowest;

    SupervisedTraining(Subject subject, Contender contender, Workload.Setup setup) {
        this.subject = subject;
        this.contender = contender;
        Examples examples = subject.examples();
        random = MersenneStream.python(setup.seed());
        order = IntStream.range(0, examples.count()).toArray();
        size = contender.isFullBatch() ? order.length : Math.min(setup.batch(), order.length);
        long[] shape = subject.architecture().exampleShape(examples.inputs());
        rows = Nd4j.create(setup.type(), size, examples.inputs());
        long[] labels = subject.architecture().labelShape(examples.outputs());
        positions = labels.length == 1 ? 1 : labels[1];
        labelRows = Nd4j.create(setup.type(), size, examples.outputs());
        batch = new DataSet(withShape(rows, shape), withShape(labelRows, labels));
        evaluation = new Evaluation(examples, subject.architecture(), subject.task(), subject.targetScale());
        validation = new Evaluation(subject.held(), subject.architecture(), subject.task(), subject.targetScale());
        trainer = contender.trainer(network(setup));
    }

    private static INDArray withShape(INDArray rows, long[] example) {
        if (example.length == 1) {
            return rows;
        }
        long[] shape = new long[example.length + 1];
        shape[0] = rows.rows();
        System.arraycopy(example, 0, shape, 1, example.length);
        return rows.reshape(shape);
    }

    private Model network(Workload.Setup setup) {
        Examples examples = subject.examples();
        NeuralNetConfiguration.Builder base = contender.configure(new NeuralNetConfiguration.Builder()
                .seed(subject.start().networkSeed(setup.seed()))
                .dataType(setup.type()));
        Model made = subject.architecture().network(base, examples.inputs(), examples.outputs(), subject.task());
        subject.start().initialise(made);
        return made;
    }

    @Override
    public void step() {
        int position = (int) (steps % stepsPerEpoch());
        if (position == 0) {
            random.shuffle(order);
            lossOfEpoch = 0;
        }
        int[] chosen = Arrays.copyOfRange(order, position * size, (position + 1) * size);
        Nd4j.pullRows(subject.examples().train(), rows, 1, chosen);
        Nd4j.pullRows(subject.examples().trainLabels(), labelRows, 1, chosen);
        long before = clock();
        trainer.fit(batch);
        nanos += clock() - before;
        lossOfEpoch += trainer.network().score() / positions;
        steps++;
    }

    private long clock() {
        return StepClock.nanos() + (StepClock.isProcessorTime() ? trainer.nanosElsewhere() : 0);
    }

    @Override
    public long steps() {
        return steps;
    }

    @Override
    public int stepsPerEpoch() {
        return order.length / size;
    }

    /** A step on all examples may take several passes through them. */
    @Override
    public double epochs() {
        return trainer instanceof FullBatch all ? all.passes() : Training.super.epochs();
    }

    @Override
    public Optional<String> ended() {
        if (subject.stopping().isWanted()
                && epochs() - epochOfLowest >= subject.stopping().patience()) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "no lower validation loss for %.0f epochs, the lowest in epoch %.1f",
                    epochs() - epochOfLowest,
                    epochOfLowest));
        }
        return trainer instanceof FullBatch all ? all.ended() : Optional.empty();
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Optional<StepReport> report() {
        return contender.report(trainer.network());
    }

    @Override
    public Map<Measure, Double> measure() {
        Map<Measure, Double> measures = new EnumMap<>(Measure.class);
        if (steps > 0) {
            measures.put(Measure.TRAIN_LOSS, lossOfEpoch / ((steps - 1) % stepsPerEpoch() + 1));
        }
        measures.putAll(evaluation.of(trainer.network()));
        if (subject.stopping().isWanted()) {
            double loss = validation.lossOf(trainer.network());
            measures.put(Measure.VALIDATION_LOSS, loss);
            if (loss < lowestValidation) {
                lowestValidation = loss;
                epochOfLowest = epochs();
            }
        }
        return measures;
    }

    @Override
    public void close() {
        trainer.close();
    }

    @Override
    public boolean isSavable() {
        return contender.isSavedWithNetwork();
    }

    @Override
    public void save(Path file) throws IOException {
        ModelSerializer.writeModel(trainer.network(), file.toFile(), true);
        ModelSerializer.addObjectToFile(
                file.toFile(),
                PROGRESS,
                List.of((double) steps, (double) nanos, lossOfEpoch, lowestValidation, epochOfLowest));
    }

    @Override
    public void restore(Path file) throws IOException {
        if (!(ModelSerializer.getObjectFromFile(file.toFile(), PROGRESS) instanceof List<?> progress)) {
            throw new IOException(file + " does not tell how far the training was");
        }
        double[] numbers =
                progress.stream().mapToDouble(x -> ((Number) x).doubleValue()).toArray();
        trainer = contender.trainer(subject.architecture().restored(file));
        steps = (long) numbers[0];
        nanos = (long) numbers[1];
        lossOfEpoch = numbers[2];
        lowestValidation = numbers[3];
        epochOfLowest = numbers[4];
        for (long epoch = 0; epoch * stepsPerEpoch() < steps; epoch++) {
            random.shuffle(order);
        }
    }
}
