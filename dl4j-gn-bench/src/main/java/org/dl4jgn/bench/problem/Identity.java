package org.dl4jgn.bench.problem;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.dl4jgn.bench.data.Examples;
import org.dl4jgn.tables.DataFile;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What results have to have in common to stand in one table: the data and the network.
 *
 * @param data SHA-256 of the files that were read and of how they were prepared; of the examples where there are no files
 * @param network layers, start of the weights, and how a training ends
 */
public record Identity(String data, String network) {

    private static final int SHORT = 6;

    static Identity of(LoadedData loaded, String network) {
        String files = loaded.files().stream().map(Workload.Source::sha256).collect(Collectors.joining("\n"));
        String whole = files.isEmpty() ? digest(loaded.examples()) : files;
        return new Identity(sha256(whole + "\n" + loaded.task() + "\n" + String.join("\n", loaded.notes())), network);
    }

    /** Of a simulation, which has no data. */
    static Identity ofSimulation(String description) {
        return new Identity(sha256(description), description);
    }

    /** A few digits that tell it from others, for the name of a folder. */
    public String digits() {
        return sha256(data + "\n" + network).substring(0, SHORT);
    }

    private static String sha256(String text) {
        return DataFile.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String digest(Examples examples) {
        return List.of(examples.train(), examples.trainLabels(), examples.test(), examples.testLabels()).stream()
                .map(Identity::digest)
                .collect(Collectors.joining("\n"));
    }

    private static String digest(INDArray array) {
        double[] values = array.dup('c').data().asDouble();
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * values.length);
        for (double value : values) {
            bytes.putDouble(value);
        }
        return DataFile.sha256(bytes.array());
    }
}
