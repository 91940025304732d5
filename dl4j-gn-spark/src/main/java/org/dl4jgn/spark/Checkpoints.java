package org.dl4jgn.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Networks with the state of their training, saved in a folder of any Hadoop file system as the training goes on: from the
 * last of them a training goes on to the bit.
 *
 * <p>A file is written under another name and renamed when it is whole. The last {@value #KEPT} stay.
 *
 * @param folder where they are
 * @param every after each of so many steps
 */
record Checkpoints(String folder, int every) {

    private static final int KEPT = 2;
    private static final String PREFIX = "step-";
    private static final String GRAPH = ".graph.zip";
    private static final String LAYERS = ".layers.zip";

    Checkpoints {
        if (every < 1) {
            throw new IllegalArgumentException("every is " + every + ", but must be at least 1");
        }
        if (folder.isBlank()) {
            throw new IllegalArgumentException(
                    "The folder of checkpoints has no name, but must be a path or an address");
        }
    }

    /** Makes the folder, and makes sure that this training can write there, and that it is this training's. */
    void prepare(Model net, Configuration hadoop) {
        Path path = new Path(folder);
        Path probe = new Path(path, ".may-be-written");
        try {
            FileSystem files = path.getFileSystem(hadoop);
            files.mkdirs(path);
            files.create(probe, true).close();
            files.delete(probe, false);
            List<Path> present = present(files, path);
            String last =
                    present.isEmpty() ? "" : present.get(present.size() - 1).getName();
            if (last.compareTo(stem(net) + "~") > 0) { // after all of the same step
                throw new IllegalArgumentException("The folder of checkpoints " + folder + " has " + last
                        + ", of a later step than the network's, which is " + Networks.iteration(net)
                        + ". Take another folder, or go on from that checkpoint with SparkGaussNewton.restore");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The folder of checkpoints " + folder + " cannot be written: " + e.getMessage()
                            + ". Nothing was changed",
                    e);
        }
    }

    private static String stem(Model net) {
        return String.format(Locale.ROOT, "%s%09d", PREFIX, Networks.iteration(net));
    }

    /** Whether one is due after so many steps. */
    boolean isDue(int iteration) {
        return iteration % every == 0;
    }

    /** Saves a network. */
    void write(Model net, Configuration hadoop) {
        String name = stem(net) + (net instanceof ComputationGraph ? GRAPH : LAYERS);
        Path target = new Path(folder, name);
        Path unfinished = new Path(folder, "." + name);
        try {
            FileSystem files = target.getFileSystem(hadoop);
            files.mkdirs(target.getParent());
            try (OutputStream out = files.create(unfinished, true)) {
                ModelSerializer.writeModel(net, out, true);
            }
            files.delete(target, false);
            if (!files.rename(unfinished, target)) {
                throw new IOException("could not rename " + unfinished + " to " + target);
            }
            List<Path> present = present(files, new Path(folder));
            for (Path old : present.subList(0, Math.max(0, present.size() - KEPT))) {
                files.delete(old, false);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The checkpoint after step " + Networks.iteration(net) + " was not written to " + target + ": "
                            + e.getMessage() + ". The network is as after this step",
                    e);
        }
    }

    /** Those in a folder, the oldest first. */
    private static List<Path> present(FileSystem files, Path folder) throws IOException {
        return Arrays.stream(files.listStatus(folder))
                .map(FileStatus::getPath)
                .filter(path -> path.getName().startsWith(PREFIX))
                .sorted(Comparator.comparing(Path::getName))
                .toList();
    }

    /** The last network in a folder; empty if there is none. */
    static Optional<Model> last(String folder, Configuration hadoop) {
        Path path = new Path(folder);
        try {
            FileSystem files = path.getFileSystem(hadoop);
            List<Path> present = files.exists(path) ? present(files, path) : List.of();
            return present.isEmpty() ? Optional.empty() : Optional.of(read(files, present.get(present.size() - 1)));
        } catch (IOException e) {
            throw new UncheckedIOException("No checkpoint could be read from " + folder + ": " + e.getMessage(), e);
        }
    }

    private static Model read(FileSystem files, Path path) {
        try (InputStream in = files.open(path)) {
            return path.getName().endsWith(GRAPH)
                    ? withState(ModelSerializer.restoreComputationGraph(in, true), net -> net.getUpdater(false))
                    : withState(ModelSerializer.restoreMultiLayerNetwork(in, true), net -> net.getUpdater(false));
        } catch (IOException | RuntimeException e) { // what is read of damaged bytes fails in many ways
            throw new IllegalStateException(
                    "The checkpoint " + path + " is damaged or cut off (" + e.getMessage()
                            + "). Delete it, and the one before it in that folder is taken",
                    e);
        }
    }

    /** DL4J reads a file whose state has another name, and leaves the state to be made anew. */
    private static <N extends Model> N withState(N net, Function<N, @Nullable Object> updater) throws IOException {
        if (updater.apply(net) == null) {
            throw new IOException("the optimizer's state is not in it");
        }
        return net;
    }
}
