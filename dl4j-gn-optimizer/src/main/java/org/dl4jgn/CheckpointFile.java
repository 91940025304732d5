package org.dl4jgn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.util.ModelSerializer;

/**
 * A listener that keeps the newest state of a training in one file, from which it goes on to the bit: parameters, the state of
 * the optimizer and counters after a whole step.
 *
 * <pre>{@code
 * net.addListeners(new CheckpointFile(Path.of("training.zip"), 100)); // after each 100 steps
 * ...
 * net = GaussNewton.attach(ModelSerializer.restoreMultiLayerNetwork(file, true)); // getIterationCount() steps are done
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
}
