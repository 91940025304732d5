package org.dl4jgn.bench.problem;

import java.util.List;
import org.dl4jgn.bench.data.Examples;
import org.dl4jgn.bench.data.MersenneStream;
import org.dl4jgn.tables.DataException;
import org.dl4jgn.tables.DataFile;
import org.dl4jgn.tables.EncodedTable;
import org.dl4jgn.tables.Table;
import org.nd4j.linalg.factory.Nd4j;

/** An encoded table as a network's data. */
final class TabularData {

    private TabularData() {}

    /**
     * Encodes a table.
     *
     * @param target name of the column to predict
     * @param testShare of the rows
     * @param splitSeed decides which rows
     * @throws DataException if there is no such column, or nothing to learn or to learn from
     */
    static LoadedData encode(DataFile file, Table table, String target, double testShare, int splitSeed)
            throws DataException {
        EncodedTable encoded = EncodedTable.of(
                table, target, new EncodedTable.Split(testShare, MersenneStream.numpy(splitSeed)::shuffle));
        Examples examples = new Examples(
                Nd4j.createFromArray(encoded.train()),
                Nd4j.createFromArray(encoded.trainLabels()),
                Nd4j.createFromArray(encoded.test()),
                Nd4j.createFromArray(encoded.testLabels()));
        Task task = switch (encoded.target().kind()) {
            case NUMBER -> Task.REGRESSION;
            case TWO_CLASSES -> Task.BINARY;
            case CLASSES -> Task.CLASSES;
        };
        return LoadedData.of(
                examples,
                task,
                encoded.target().scale(),
                List.of(file),
                encoded.notes().toArray(String[]::new));
    }
}
