package org.dl4jgn.examples.images;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Labelled images: [n, channels, height, width], each channel of each image with mean 0 and deviation 1, and one-hot
 * labels, [n, classes].
 */
public final class ImageData {

    private static final int CLASSES = 10;
    private static final int SIDE_OF_CIFAR = 32;
    private static final int CHANNELS_OF_CIFAR = 3;

    private ImageData() {}

    /**
     * The folder with the data sets: the system property {@code dl4jgn.data}, else the environment variable {@code
     * DL4JGN_DATA}, else {@code ../shared/data} beside the project.
     */
    public static Optional<Path> folder() {
        return Stream.of(
                        Optional.ofNullable(System.getProperty("dl4jgn.data")),
                        Optional.ofNullable(System.getenv("DL4JGN_DATA")),
                        Optional.of("../shared/data"),
                        Optional.of("../../shared/data"))
                .flatMap(Optional::stream)
                .map(Path::of)
                .filter(Files::isDirectory)
                .findFirst();
    }

    /** Images and labels in the IDX format of MNIST and FashionMNIST. */
    public static DataSet idx(Path images, Path labels) throws IOException {
        try (DataInputStream pixels = open(images);
                DataInputStream classes = open(labels)) {
            pixels.readInt();
            int count = pixels.readInt();
            int height = pixels.readInt();
            int width = pixels.readInt();
            byte[] bytes = new byte[count * height * width];
            pixels.readFully(bytes);
            classes.readInt();
            byte[] labelBytes = new byte[classes.readInt()];
            classes.readFully(labelBytes);
            return new DataSet(standardized(bytes, count, 1, height, width), oneHot(labelBytes));
        }
    }

    /** CIFAR10's binary records: a byte for the class, then the planes for red, green and blue. */
    public static DataSet cifar(List<Path> files) throws IOException {
        int pixels = CHANNELS_OF_CIFAR * SIDE_OF_CIFAR * SIDE_OF_CIFAR;
        List<DataSet> parts = new ArrayList<>();
        for (Path file : files) {
            byte[] records;
            try (InputStream in = open(file)) {
                records = in.readAllBytes();
            }
            int count = records.length / (pixels + 1);
            byte[] images = new byte[count * pixels];
            byte[] labels = new byte[count];
            for (int i = 0; i < count; i++) {
                labels[i] = records[i * (pixels + 1)];
                System.arraycopy(records, i * (pixels + 1) + 1, images, i * pixels, pixels);
            }
            INDArray features = standardized(images, count, CHANNELS_OF_CIFAR, SIDE_OF_CIFAR, SIDE_OF_CIFAR);
            parts.add(new DataSet(features, oneHot(labels)));
        }
        return parts.size() == 1 ? parts.get(0) : DataSet.merge(parts);
    }

    /** The files in {@code folder} whose names start with {@code prefix}, in order. */
    public static List<Path> files(Path folder, String prefix) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(f -> f.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new NoSuchFileException(folder.resolve(prefix + "*").toString());
            }
            return found;
        }
    }

    private static DataInputStream open(Path file) throws IOException {
        InputStream raw = Files.newInputStream(file);
        InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        return new DataInputStream(new BufferedInputStream(plain));
    }

    private static INDArray standardized(byte[] bytes, int count, int channels, int height, int width) {
        float[] values = new float[bytes.length];
        int plane = height * width;
        for (int from = 0; from < bytes.length; from += plane) {
            double sum = 0;
            double squares = 0;
            for (int i = from; i < from + plane; i++) {
                int pixel = bytes[i] & 0xFF;
                sum += pixel;
                squares += (double) pixel * pixel;
            }
            double mean = sum / plane;
            double deviation = Math.sqrt(Math.max(squares / plane - mean * mean, 0));
            for (int i = from; i < from + plane; i++) {
                values[i] = deviation == 0 ? 0 : (float) (((bytes[i] & 0xFF) - mean) / deviation);
            }
        }
        return Nd4j.createFromArray(values).reshape(count, channels, height, width);
    }

    private static INDArray oneHot(byte[] labels) {
        INDArray hot = Nd4j.zeros(DataType.FLOAT, labels.length, CLASSES);
        for (int i = 0; i < labels.length; i++) {
            hot.putScalar(i, labels[i], 1);
        }
        return hot;
    }
}
