package org.dl4jgn.bench.problem;

import java.nio.file.Files;
import java.nio.file.Path;
import org.dl4jgn.bench.data.DataException;
import org.dl4jgn.bench.data.DataFile;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.bench.data.Table;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A user's own table.
 *
 * @param file the table
 * @param target column to predict
 */
public record CsvProblem(Path file, String target) implements Problem {

    private static final double TEST_SHARE = 0.2;
    private static final int SPLIT_SEED = 1;
    private static final int EPOCHS = 30;
    private static final double TUNING_SECONDS = 5;

    @Override
    public String name() {
        String name =
                String.valueOf(file.getFileName()).replaceFirst("\\.gz$", "").replaceFirst("\\.[^.]*$", "");
        return name + "-" + target.replaceAll("[^A-Za-z0-9_-]+", "_");
    }

    @Override
    public String description() {
        return file + ", column \"" + target + "\"; " + Problems.MEDIUM.describe();
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
    public Workload load(DataFolders folders) throws DataException {
        if (!Files.isRegularFile(file)) {
            throw new DataException("There is no file " + file + ".");
        }
        DataFile data = DataFile.read(file);
        return new SupervisedWorkload(
                TabularData.encode(data, Table.read(data), target, TEST_SHARE, SPLIT_SEED),
                Problems.MEDIUM,
                Start.SEEDED);
    }
}
