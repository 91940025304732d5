package org.dl4jgn.bench.problem;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.bench.data.Examples;
import org.dl4jgn.bench.data.RemoteFile;
import org.dl4jgn.tables.DataFile;

/**
 * Data as a network takes it.
 *
 * @param examples in float
 * @param task what the labels are
 * @param targetScale what a difference of 1 between labels is in units of the data
 * @param notes what the user is to know
 * @param files read
 */
record LoadedData(Examples examples, Task task, double targetScale, List<String> notes, List<Workload.Source> files) {

    /** Reads a data set. */
    interface Loader {

        LoadedData load(DataFolders folders) throws IOException;
    }

    static LoadedData of(Examples examples, Task task, double targetScale, List<DataFile> files, String... notes) {
        List<String> all = new ArrayList<>(List.of(notes));
        all.add(examples.count() + " training and " + examples.test().rows() + " test examples, " + examples.inputs()
                + " inputs");
        return new LoadedData(
                examples,
                task,
                targetScale,
                all,
                files.stream().map(LoadedData::source).toList());
    }

    private static Workload.Source source(DataFile file) {
        return new Workload.Source(file.name(), file.path(), file.sha256(), RemoteFile.isPublic(file.sha256()));
    }
}
