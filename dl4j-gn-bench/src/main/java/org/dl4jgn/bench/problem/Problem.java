package org.dl4jgn.bench.problem;

import java.io.IOException;
import org.dl4jgn.bench.data.DataFolders;
import org.nd4j.linalg.api.buffer.DataType;

/** Something to compare optimizers on. */
public interface Problem {

    /** The word that users write. */
    String name();

    /** One line: data, network, what is measured. */
    String description();

    /** The paper that it is from, or "own". */
    String origin();

    /** What holds where the user says nothing else. */
    Defaults defaults();

    /**
     * The same, with a part of its training data held back.
     *
     * @throws IllegalArgumentException if there are none
     */
    default Problem stopped(EarlyStopping stopping) {
        throw new IllegalArgumentException(
                "The problem \"" + name()
                        + "\" learns from what it does: there are no training data of which --validation could hold back a part");
    }

    /**
     * Reads the data.
     *
     * @throws org.dl4jgn.tables.DataException if a file is missing or damaged
     */
    Workload load(DataFolders folders) throws IOException;

    /**
     * What holds where the user says nothing else.
     *
     * @param type of the network
     * @param batch examples in a mini-batch
     * @param epochs of a run
     * @param tuningSeconds training time of each candidate of {@code tune}
     */
    record Defaults(DataType type, int batch, int epochs, double tuningSeconds) {}
}
