package org.dl4jgn.samediff;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.curvature.NetworkProblem;
import org.dl4jgn.curvature.NetworkProblems;
import org.dl4jgn.curvature.WorkingParameters;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.network.MiniBatch;
import org.dl4jgn.optimize.GaussNewtonStep;
import org.dl4jgn.optimize.Step;
import org.dl4jgn.optimize.TrainingState;
import org.dl4jgn.optimize.TrainingStoppedException;
import org.dl4jgn.plan.ElementwiseThreads;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Listener;
import org.nd4j.autodiff.listeners.Loss;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.listeners.records.LossCurve;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Trains a SameDiff graph with SGN or EGN.
 *
 * <pre>{@code
 * try (SameDiffTraining training = SameDiffTraining.of(sd, Egn.builder().build())
 *         .features(x)
 *         .head(z, Activation.IDENTITY, LossFunction.MSE)     // or none: the graph's own loss variable, where it is recognized
 *         .build()) {
 *     training.fit(iterator, epochs);                         // the variables of sd are trained now
 * }
 * }</pre>
 *
 * <p>Loss and gradient are means over the examples, as DL4J has them: MSE is the mean over the outputs as well, XENT the sum over
 * them. Listeners of the graph hear of iterations and epochs, as with SameDiff's own {@code fit}; evaluation and saving are the
 * graph's, since the parameters are in its variables after each step. The optimizer's own state is saved by {@link #saveState}:
 * with both, a training goes on bit for bit.
 *
 * <p>All variables that the heads depend on are trained. One thread at a time.
 */
public final class SameDiffTraining implements AutoCloseable {

    private final SameDiff graph;
    private final GaussNewtonUpdater settings;
    private final SameDiffModel model;
    private final NetworkProblems problems;
    private final WorkingParameters parameters;
    private final GaussNewtonStep stepper;
    private final Buffers buffers = new Buffers();
    private final INDArray stateArray;
    private final TrainingState state;
    private final List<String> lossNames;
    private int iteration;
    private int epoch;
    private @Nullable Step last;

    private SameDiffTraining(Builder b) {
        graph = b.graph;
        settings = b.settings;
        List<GraphHead> heads = b.heads.isEmpty() ? GraphHead.recognized(graph) : b.heads;
        if (b.features.isEmpty()) {
            throw new IllegalArgumentException(
                    "No features: name the placeholders that data sets fill, with features(x)");
        }
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            model = new SameDiffModel(graph, b.features, heads, b.l2);
            problems = new NetworkProblems(model);
            parameters = new WorkingParameters(model, problems.order());
            stepper = new GaussNewtonStep(settings, model.type(), model.parameterCount());
            stateArray = buffers.filled(0, model.type(), settings.stateSize(model.parameterCount()));
            state = new TrainingState(
                    stateArray, settings.stateLayout(), problems.trained(), problems.parameterCount());
        }
        lossNames = heads.size() == 1 ? List.of(heads.get(0).output()) : List.of("loss");
    }

    /** Starts to say how a graph is trained. */
    public static Builder of(SameDiff graph, GaussNewtonUpdater settings) {
        return new Builder(graph, settings);
    }

    /** One epoch after the other over batches with one array of features and one of labels. */
    public LossHistory fit(DataSetIterator data, int epochs) {
        List<Double> losses = new ArrayList<>();
        for (int i = 0; i < epochs; i++) {
            data.reset();
            epoch(() -> data.hasNext() ? data.next().toMultiDataSet() : null, losses);
        }
        return new LossHistory(losses);
    }

    /** The same over batches with several. */
    public LossHistory fit(MultiDataSetIterator data, int epochs) {
        List<Double> losses = new ArrayList<>();
        for (int i = 0; i < epochs; i++) {
            data.reset();
            epoch(() -> data.hasNext() ? data.next() : null, losses);
        }
        return new LossHistory(losses);
    }

    /** One step on a batch. */
    public Step fit(DataSet batch) {
        return fit(batch.toMultiDataSet());
    }

    /** One step on a batch. */
    public Step fit(MultiDataSet batch) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return step(batch);
        }
    }

    /** One step on arrays. */
    public Step fit(INDArray features, INDArray labels) {
        return fit(new org.nd4j.linalg.dataset.DataSet(features, labels));
    }

    private void epoch(Supplier<@Nullable MultiDataSet> batches, List<Double> losses) {
        List<Listener> listeners = listeners();
        listeners.forEach(listener -> listener.epochStart(graph, at()));
        for (MultiDataSet batch = batches.get(); batch != null; batch = batches.get()) {
            losses.add(fit(batch).lossBefore());
        }
        listeners.forEach(listener -> listener.epochEnd(graph, at(), curve(losses), 0));
        epoch++;
    }

    private LossCurve curve(List<Double> losses) {
        double[] values = {losses.isEmpty() ? Double.NaN : losses.get(losses.size() - 1)};
        return new LossCurve(values, lossNames);
    }

    private List<Listener> listeners() {
        return graph.getListeners();
    }

    private At at() {
        return At.builder()
                .epoch(epoch)
                .iteration(iteration)
                .operation(Operation.TRAINING)
                .build();
    }

    private Step step(MultiDataSet batch) {
        List<Listener> listeners = listeners();
        listeners.forEach(listener -> listener.iterationStart(graph, at(), batch, 0));
        model.setProgress(iteration, epoch);
        model.pull();
        state.load(settings.damping());
        NetworkProblem problem = problems.of(
                MiniBatch.of(
                        batch.getFeatures(),
                        batch.getFeaturesMaskArrays(),
                        batch.getLabels(),
                        batch.getLabelsMaskArrays()),
                iteration,
                epoch);
        Step step;
        try (ElementwiseThreads ignored = problem.threads()) {
            stepper.linearize(problem, parameters.read(), state);
            step = stepper.take(settings.getLearningRate(iteration, epoch), state);
        }
        if (step.moves()) {
            INDArray position = stepper.position(state);
            stepper.written(state);
            parameters.write(position);
            model.push();
        }
        state.save();
        last = step;
        At done = at();
        iteration++;
        Loss loss = new Loss(lossNames, new double[] {step.lossBefore()});
        listeners.forEach(listener -> listener.iterationDone(graph, done, batch, loss));
        if (step.isFailure() && step.rejectionsInARow() >= settings.maxRejections()) {
            throw new TrainingStoppedException(
                    step.rejectionsInARow() + " steps in a row were rejected, the last at iteration "
                            + done.iteration() + " with loss " + step.lossBefore() + " and damping " + step.damping()
                            + ". The parameters are those of the last accepted step. Try a larger damping or a larger mini-batch;"
                            + " maxRejections sets this limit.");
        }
        return step;
    }

    /** The last step; null before the first. */
    public @Nullable Step lastStep() {
        return last;
    }

    /** Steps taken. */
    public int iteration() {
        return iteration;
    }

    /** Epochs done. */
    public int epoch() {
        return epoch;
    }

    /** Whether rows of the Jacobian are formed layer by layer: so for graphs of dense layers; EGN iterates for others. */
    public boolean isAssembled() {
        return model.translateAny().assembled();
    }

    /** Writes damping, momentum and counters, with a checksum; the parameters are saved with the graph. */
    public void saveState(File file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(iteration);
        out.writeInt(epoch);
        Nd4j.write(stateArray, out);
        out.writeLong(checksum(bytes.toByteArray(), bytes.size()));
        Files.write(file.toPath(), bytes.toByteArray());
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException if they are damaged or cut off, or of other settings or another graph; nothing is changed
     */
    public void loadState(File file) throws IOException {
        byte[] bytes = Files.readAllBytes(file.toPath());
        int length = bytes.length - Long.BYTES;
        if (length < 0 || ByteBuffer.wrap(bytes).getLong(length) != checksum(bytes, length)) {
            throw new IllegalArgumentException(file
                    + " is damaged, cut off, or no state of a training: its checksum is another. Nothing was changed;"
                    + " take an older file");
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int steps = in.readInt();
            int epochs = in.readInt();
            INDArray read = Nd4j.read(in);
            if (read.length() != stateArray.length() || read.dataType() != stateArray.dataType()) {
                throw new IllegalArgumentException(file + " holds a state of " + read.length() + " numbers of "
                        + read.dataType() + ", but these settings and this graph have one of " + stateArray.length()
                        + " of " + stateArray.dataType());
            }
            stateArray.assign(read.reshape(stateArray.shape()));
            iteration = steps;
            epoch = epochs;
        }
    }

    /** Frees the compiled graph and the optimizer's vectors. */
    @Override
    public void close() {
        state.close();
        stepper.close();
        parameters.close();
        problems.close();
        buffers.close();
    }

    /** Says what is trained, on what, and how. */
    public static final class Builder {

        private final SameDiff graph;
        private final GaussNewtonUpdater settings;
        private final List<String> features = new ArrayList<>();
        private final List<GraphHead> heads = new ArrayList<>();
        private double l2;

        private Builder(SameDiff graph, GaussNewtonUpdater settings) {
            this.graph = graph;
            this.settings = settings;
        }

        /** The placeholders that are features, in the order in which data sets have them. */
        public Builder features(SDVariable... placeholders) {
            Arrays.stream(placeholders).map(SDVariable::name).forEach(features::add);
            return this;
        }

        /**
         * A loss on σ(z); several of them add up, in the order in which data sets have their labels.
         *
         * @param z [b, c], what the activation is applied to; the graph may apply it for its own use
         */
        public Builder head(SDVariable z, Activation activation, LossFunction loss) {
            heads.add(new GraphHead(z.name(), activation, loss));
            return this;
        }

        /** l2 of the variables that are matrices, ½l2‖W‖²; default 0. */
        public Builder l2(double coefficient) {
            if (!(coefficient >= 0 && Double.isFinite(coefficient))) {
                throw new IllegalArgumentException("l2 is " + coefficient + ", but must be a finite number ≥ 0");
            }
            l2 = coefficient;
            return this;
        }

        /**
         * Compiles.
         *
         * @throws IllegalArgumentException if something is missing or of the wrong shape
         * @throws UnsupportedOperationException if an operation has no tangent rule
         */
        public SameDiffTraining build() {
            return new SameDiffTraining(this);
        }
    }

    /**
     * Losses before each step.
     *
     * @param losses in order
     */
    public record LossHistory(List<Double> losses) {

        public LossHistory {
            losses = List.copyOf(losses);
        }

        /** The last. */
        public double last() {
            return losses.get(losses.size() - 1);
        }
    }
}
