package org.dl4jgn.bench.paper;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Where the data sets are: the system property {@value #PROPERTY}, else the environment variable {@value #VARIABLE}, else
 * {@code ../shared/data} beside the project.
 */
record DataFolder(Path path) {

    static final String PROPERTY = "dl4jgn.data";
    static final String VARIABLE = "DL4JGN_DATA";

    /** The first of the three places that is named and exists. */
    static Optional<DataFolder> find() {
        return Stream.of(
                        Optional.ofNullable(System.getProperty(PROPERTY)),
                        Optional.ofNullable(System.getenv(VARIABLE)),
                        Optional.of("../shared/data"),
                        Optional.of("../../shared/data"))
                .flatMap(Optional::stream)
                .map(Path::of)
                .filter(Files::isDirectory)
                .map(DataFolder::new)
                .findFirst();
    }

    /** What to do where there is none. */
    static String howToSet() {
        return "No data folder. Name one with -D" + PROPERTY + "=... or the environment variable " + VARIABLE
                + "; it holds boston/boston_house_prices.csv.gz, sine/sinusoidal_data_10.0_0.01.json.gz and"
                + " mnist/*-ubyte.gz.";
    }

    /** Opens a gzipped file, named relative to the folder. */
    InputStream open(String file) throws IOException {
        return new BufferedInputStream(new GZIPInputStream(Files.newInputStream(path.resolve(file))));
    }
}
