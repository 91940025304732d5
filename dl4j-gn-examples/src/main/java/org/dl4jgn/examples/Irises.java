package org.dl4jgn.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import org.dl4jgn.tables.DataFile;
import org.dl4jgn.tables.Table;

/** Fisher's irises (1936): four measures of 150 flowers, and their species. */
final class Irises {

    private Irises() {}

    static Table table() throws IOException {
        try (InputStream in = Objects.requireNonNull(Irises.class.getResourceAsStream("/iris.csv"))) {
            byte[] bytes = in.readAllBytes();
            return Table.read(new DataFile(Path.of("iris.csv"), bytes, DataFile.sha256(bytes)));
        }
    }
}
