package org.dl4jgn.bench.problem;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.tables.DataException;
import org.dl4jgn.tables.DataFile;
import org.dl4jgn.tables.Table;

/**
 * The EGN paper's tables. As in its author's public code (github.com/cor3bit/somax, {@code benchmarks/}), features are
 * standardized, texts one-hot, and a tenth of the rows is for testing. Not as there: means and deviations come from the
 * training rows alone, and the target is standardized too, which spares the rivals learning rates of 1e-7.
 */
final class EgnPaperData {

    /** The share and the seed of the author's code; its split, by scikit-learn, is another one all the same. */
    private static final double TEST_SHARE = 0.1;

    private static final int SPLIT_SEED = 1337;
    private static final int HOUSING_ROWS = 20_640;
    private static final int DIAMONDS_ROWS = 53_940;
    private static final double HOUSING_UNIT = 100_000;
    private static final int SUPERCONDUCT_ROWS = 21_263;

    private EgnPaperData() {}

    /** Diamonds: the price. */
    static LoadedData diamonds(DataFolders folders) throws IOException {
        DataFile file = folders.require("diamonds/diamonds.csv");
        return encode(file, Table.read(file), "price", DIAMONDS_ROWS);
    }

    /** Superconductivity: the critical temperature. */
    static LoadedData superconduct(DataFolders folders) throws IOException {
        DataFile file = folders.require(
                "superconductivity/train.csv",
                "superconductivity/superconductivity.csv",
                "superconductivity/superconductivity_subset.csv");
        return encode(file, Table.read(file), "critical_temp", SUPERCONDUCT_ROWS);
    }

    /** Says whether these are all rows there are. */
    private static LoadedData encode(DataFile file, Table table, String target, int rows) throws DataException {
        LoadedData data = TabularData.encode(file, table, target, TEST_SHARE, SPLIT_SEED);
        int there = table.rows().size();
        String note = there == rows
                ? "the whole set, " + rows + " rows"
                : "a SUBSET: " + there + " of the " + rows + " rows of the public file";
        List<String> notes =
                Stream.concat(Stream.of(note), data.notes().stream()).toList();
        return new LoadedData(data.examples(), data.task(), data.targetScale(), notes, data.files());
    }

    /** California housing, with scikit-learn's eight features: the median value, in 100,000 dollars. */
    static LoadedData californiaHousing(DataFolders folders) throws IOException {
        DataFile file =
                folders.require("california-housing/california_housing.csv", "california-housing/cal_housing.data");
        Table table = file.text().startsWith("MedInc") ? Table.read(file) : fromStatLib(file);
        return encode(file, table, "MedHouseVal", HOUSING_ROWS);
    }

    /** StatLib's file counts rooms and people of a block; scikit-learn divides them by its households. */
    private static Table fromStatLib(DataFile file) throws DataException {
        List<List<String>> rows = new ArrayList<>();
        Table raw = Table.read(
                new DataFile(
                        file.path(),
                        ("longitude,latitude,age,rooms,bedrooms,population,households,income,value\n" + file.text())
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        file.sha256()),
                CSVFormat.DEFAULT,
                0);
        for (double[] x : raw.numbers()) {
            double households = x[6];
            rows.add(Stream.of(
                            x[7],
                            x[2],
                            x[3] / households,
                            x[4] / households,
                            x[5],
                            x[5] / households,
                            x[1],
                            x[0],
                            x[8] / HOUSING_UNIT)
                    .map(String::valueOf)
                    .toList());
        }
        return new Table(
                raw.source(),
                List.of(
                        "MedInc",
                        "HouseAge",
                        "AveRooms",
                        "AveBedrms",
                        "Population",
                        "AveOccup",
                        "Latitude",
                        "Longitude",
                        "MedHouseVal"),
                rows);
    }
}
