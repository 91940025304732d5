package org.dl4jgn.bench.problem;

import java.nio.file.Path;
import java.util.List;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.tables.DataException;
import org.dl4jgn.tables.DataFile;
import org.dl4jgn.tables.Table;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A user's own table.
 *
 * @param file the table
 * @param target column to predict
 * @param network that predicts it
 * @param stopping when to stop
 */
public record CsvProblem(Path file, String target, Architecture.Dense network, EarlyStopping stopping)
        implements Problem {

    private static final double TEST_SHARE = 0.2;
    private static final int SPLIT_SEED = 1;
    private static final int EPOCHS = 30;
    private static final double TUNING_SECONDS = 5;

    /** With the network of the EGN paper, trained on all but the test data. */
    public CsvProblem(Path file, String target) {
        this(file, target, Problems.MEDIUM, EarlyStopping.NONE);
    }

    /** The network of the EGN paper with other layers or another activation. */
    public static Architecture.Dense network(@Nullable List<Integer> layers, @Nullable Activation activation) {
        if (layers != null && (layers.isEmpty() || layers.stream().anyMatch(size -> size < 1))) {
            throw new IllegalArgumentException(
                    "--layers is " + layers + ", but must be one or several sizes of at least 1, such as 64,64");
        }
        return new Architecture.Dense(
                layers == null ? Problems.MEDIUM.hidden() : List.copyOf(layers),
                activation == null ? Problems.MEDIUM.activation() : activation,
                Problems.MEDIUM.weights());
    }

    @Override
    public String name() {
        String name =
                String.valueOf(file.getFileName()).replaceFirst("\\.gz$", "").replaceFirst("\\.[^.]*$", "");
        String layers = network.equals(Problems.MEDIUM) ? "" : "-" + network.describe();
        return (name + "-" + target + layers).replaceAll("[^\\p{L}\\p{N}_-]+", "_");
    }

    @Override
    public String description() {
        return file + ", column \"" + target + "\"; " + network.describe();
    }

    @Override
    public String origin() {
        return "own";
    }

    @Override
    public Defaults defaults() {
        return new Defaults(DataType.FLOAT, Problems.EGN_BATCH, EPOCHS, TUNING_SECONDS);
    }

    @Override
    public Problem stopped(EarlyStopping early) {
        return new CsvProblem(file, target, network, early);
    }

    @Override
    public Workload load(DataFolders folders) throws DataException {
        DataFile data = DataFile.read(file);
        LoadedData encoded = TabularData.encode(data, Table.read(data), target, TEST_SHARE, SPLIT_SEED);
        return new SupervisedWorkload(encoded, network, Start.SEEDED, stopping);
    }
}
