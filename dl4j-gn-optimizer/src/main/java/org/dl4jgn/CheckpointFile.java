package org.dl4jgn;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A listener that keeps the newest state of a training in one file, from which it goes on to the bit: parameters, the state of
 * the optimizer and counters after a whole step.
 *
 * <pre>{@code
 * net.addListeners(new CheckpointFile(Path.of("training.zip"), 100)); // after each 100 steps
 * ...
 * net = GaussNewton.attach(ModelSerializer.restoreMultiLayerNetwork(file, true)); // getIterationCount() steps are done
 * CheckpointFile.resume(net, Path.of("training.zip")); // or into a network that is attached already
 * }</pre>
 *
 * <p>The file is written beside and then renamed, so that there is a whole one at any time: a process that is killed, or a disk
 * that is full, leaves the one before. DL4J's {@code CheckpointListener} works too, but writes in place, and with the
 * iteration count of before the step.
 */
public final class CheckpointFile implements GaussNewtonListener {

    private final Path file;
    private final int every;
    private long steps;

    /**
     * A file whose folder has to exist.
     *
     * @param every steps after which it is written anew, at least 1
     */
    public CheckpointFile(Path file, int every) {
        if (every < 1) {
            throw new IllegalArgumentException("every is " + every + ", but must be at least 1");
        }
        this.file = file;
        this.every = every;
    }

    @Override
    public void stepDone(Model net, StepReport report) {
        // the step is not whole yet
    }

    @Override
    public void stepFinished(Model net) {
        steps++;
        if (steps % every == 0) {
            write(net, file);
        }
    }

    /**
     * Writes the state of a training now.
     *
     * @throws UncheckedIOException if that is not possible; a file that was there before is as it was
     */
    public static void write(Model net, Path file) {
        try {
            WholeFile.replace(file, fresh -> {
                ModelSerializer.writeModel(net, fresh.toFile(), true);
                try (FileChannel written = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                    written.force(true); // the name must not be there before the contents are
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The checkpoint " + file + " cannot be written (" + e.getMessage()
                            + "); the one before, if there is one, is as it was. Make room, or name another file",
                    e);
        }
    }

    /**
     * Brings a network to the state in a checkpoint: parameters, the optimizer's state and counters.
     *
     * @param net a network of the configuration that was saved, settings of the optimizer included
     * @throws IllegalArgumentException if the file is not there, damaged, cut off, or of another network or other settings; the
     *     message says which, and the network is as it was
     */
    public static void resume(MultiLayerNetwork net, Path file) {
        MultiLayerNetwork saved = read(file, ModelSerializer::restoreMultiLayerNetwork);
        resume(file, Training.of(net), Training.of(saved));
    }

    /** The same for a graph. */
    public static void resume(ComputationGraph net, Path file) {
        ComputationGraph saved = read(file, ModelSerializer::restoreComputationGraph);
        resume(file, Training.of(net), Training.of(saved));
    }

    private static void resume(Path file, Training training, Training saved) {
        int iteration = saved.iteration.getAsInt();
        int epoch = saved.epoch.getAsInt();
        saved.count(training.iteration.getAsInt(), training.epoch.getAsInt());
        requireSame(file, training.configuration.get(), saved.configuration.get());
        take(file, training.net, saved.net, training.state, saved.state);
        training.count(iteration, epoch);
    }

    /** What both kinds of network have, and DL4J has no common type for. The counters are a part of the configuration. */
    private record Training(
            Model net,
            Supplier<String> configuration,
            IntSupplier iteration,
            IntConsumer setIteration,
            IntSupplier epoch,
            IntConsumer setEpoch,
            @Nullable INDArray state) {

        static Training of(MultiLayerNetwork net) {
            MultiLayerConfiguration conf = net.getLayerWiseConfigurations();
            return new Training(
                    net,
                    conf::toJson,
                    conf::getIterationCount,
                    conf::setIterationCount,
                    conf::getEpochCount,
                    conf::setEpochCount,
                    net.getUpdater().getStateViewArray());
        }

        static Training of(ComputationGraph net) {
            ComputationGraphConfiguration conf = net.getConfiguration();
            return new Training(
                    net,
                    conf::toJson,
                    conf::getIterationCount,
                    conf::setIterationCount,
                    conf::getEpochCount,
                    conf::setEpochCount,
                    net.getUpdater().getStateViewArray());
        }

        void count(int iterations, int epochs) {
            setIteration.accept(iterations);
            setEpoch.accept(epochs);
        }
    }

    private interface Reader<N> {
        N read(File file, boolean withUpdater) throws IOException;
    }

    /** DL4J reads entry after entry, and each has a checksum; the directory at the end tells whether the file is whole. */
    private static <N> N read(Path file, Reader<N> reader) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("There is no checkpoint " + file + ". Name a file that was written");
        }
        try (ZipFile whole = new ZipFile(file.toFile())) {
            if (whole.getEntry(ModelSerializer.UPDATER_BIN) == null) {
                throw new IllegalArgumentException("The checkpoint " + file
                        + " has no state of an optimizer. Save networks with their updater, as CheckpointFile does");
            }
            requireAll(file, whole);
            return reader.read(file.toFile(), true);
        } catch (IOException | RuntimeException e) { // what is read of damaged bytes fails in many ways
            if (e instanceof IllegalArgumentException said
                    && String.valueOf(said.getMessage()).startsWith("The checkpoint")) {
                throw said;
            }
            throw new IllegalArgumentException(
                    "The checkpoint " + file + " is damaged, cut off, or none of this kind of network ("
                            + e.getMessage() + "). The network is as it was; take an older file",
                    e);
        }
    }

    /** What DL4J does not find under its name when it reads the file from its beginning, it takes for something that was not saved. */
    private static void requireAll(Path file, ZipFile whole) throws IOException {
        Set<String> listed = whole.stream().map(ZipEntry::getName).collect(Collectors.toCollection(TreeSet::new));
        Set<String> found = new TreeSet<>();
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(file))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                in.transferTo(OutputStream.nullOutputStream());
                found.add(entry.getName());
            }
        }
        if (!found.equals(listed)) {
            throw new IOException("it has " + found + ", and its end lists " + listed);
        }
    }

    private static void requireSame(Path file, String expected, String found) {
        if (!expected.equals(found)) {
            throw new IllegalArgumentException("The checkpoint " + file
                    + " is of another network, or of other settings of its optimizer: its configuration is not this network's."
                    + " Restore it by ModelSerializer, or resume a network of the configuration that was saved");
        }
    }

    private static void take(
            Path file, Model net, Model saved, @Nullable INDArray state, @Nullable INDArray savedState) {
        boolean fits = saved.params().length() == net.params().length()
                && saved.params().dataType() == net.params().dataType()
                && state != null
                && savedState != null
                && savedState.length() == state.length()
                && savedState.dataType() == state.dataType();
        if (!fits || state == null || savedState == null) {
            throw new IllegalArgumentException("The checkpoint " + file
                    + " has other numbers of parameters, or another state of the optimizer, than the network. The network is"
                    + " as it was; resume a network of the configuration that was saved");
        }
        net.params().assign(saved.params().reshape(net.params().shape()));
        state.assign(savedState.reshape(state.shape()));
    }
}
