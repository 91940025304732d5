package org.dl4jgn.bench.problem;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.bench.data.Examples;
import org.dl4jgn.bench.data.IdxArray;
import org.dl4jgn.tables.DataException;
import org.dl4jgn.tables.DataFile;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Image sets of ten classes. */
final class ImageData {

    private static final int CLASSES = 10;
    private static final int MAX_PIXEL = 255;
    private static final int CIFAR_CHANNELS = 3;
    private static final int CIFAR_PLANE = 32 * 32;
    private static final int CIFAR_RECORD = 1 + CIFAR_CHANNELS * CIFAR_PLANE;
    private static final int CIFAR_BATCHES = 5;
    private static final int CIFAR_PER_BATCH = 10_000;

    private ImageData() {}

    /** Turns the bytes of some examples, all of one size, to numbers. */
    private interface Scaling {
        void apply(float[] pixels, int planes);
    }

    /** MNIST's four files, pixels in [0, 1]. */
    static LoadedData.Loader pixelsOverMaximum(String folder) {
        return folders -> idx(folders, folder, (pixels, planes) -> {
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (float) (pixels[i] / (double) MAX_PIXEL);
            }
        });
    }

    /** MNIST's four files, each image of mean 0 and deviation 1. */
    static LoadedData.Loader standardized(String folder) {
        return folders -> idx(folders, folder, ImageData::standardize);
    }

    private static void standardize(float[] pixels, int planes) {
        int size = pixels.length / planes;
        for (int plane = 0; plane < planes; plane++) {
            int from = plane * size;
            double mean = 0;
            for (int i = 0; i < size; i++) {
                mean += pixels[from + i];
            }
            mean /= size;
            double variance = 0;
            for (int i = 0; i < size; i++) {
                variance += (pixels[from + i] - mean) * (pixels[from + i] - mean);
            }
            double deviation = Math.sqrt(variance / size);
            double scale = deviation > 0 ? 1 / deviation : 0;
            for (int i = 0; i < size; i++) {
                pixels[from + i] = (float) ((pixels[from + i] - mean) * scale);
            }
        }
    }

    private static LoadedData idx(DataFolders folders, String folder, Scaling scaling) throws IOException {
        DataFile trainImages =
                folders.require(folder + "/train-images-idx3-ubyte", folder + "/train-images.idx3-ubyte");
        DataFile trainLabels =
                folders.require(folder + "/train-labels-idx1-ubyte", folder + "/train-labels.idx1-ubyte");
        DataFile testImages = folders.require(folder + "/t10k-images-idx3-ubyte", folder + "/t10k-images.idx3-ubyte");
        DataFile testLabels = folders.require(folder + "/t10k-labels-idx1-ubyte", folder + "/t10k-labels.idx1-ubyte");
        INDArray train = pixels(IdxArray.read(trainImages, 3), scaling);
        INDArray test = pixels(IdxArray.read(testImages, 3), scaling);
        Examples examples =
                new Examples(train, oneHot(trainLabels, train.rows()), test, oneHot(testLabels, test.rows()));
        return LoadedData.of(examples, Task.CLASSES, 1, List.of(trainImages, trainLabels, testImages, testLabels));
    }

    private static INDArray pixels(IdxArray images, Scaling scaling) {
        return pixels(images.bytes(), images.count(), images.bytes().length / images.count(), 0, 1, scaling);
    }

    private static INDArray pixels(byte[] bytes, int count, int size, int skipped, int planes, Scaling scaling) {
        float[] all = new float[count * size];
        float[] image = new float[size];
        for (int i = 0; i < count; i++) {
            int from = i * (skipped + size) + skipped;
            for (int j = 0; j < size; j++) {
                image[j] = bytes[from + j] & 0xFF;
            }
            scaling.apply(image, planes);
            System.arraycopy(image, 0, all, i * size, size);
        }
        return Nd4j.createFromArray(all).reshape(count, size);
    }

    private static INDArray oneHot(DataFile file, int examples) throws DataException {
        IdxArray labels = IdxArray.read(file, 1);
        if (labels.count() != examples) {
            throw new DataException(
                    file.path() + " has " + labels.count() + " labels for " + examples + " images: not of one set.");
        }
        return oneHot(file, labels.bytes());
    }

    private static INDArray oneHot(DataFile file, byte[] labels) throws DataException {
        INDArray hot = Nd4j.zeros(DataType.FLOAT, labels.length, CLASSES);
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= CLASSES) {
                throw new DataException(file.path() + " is damaged: label " + i + " is " + (labels[i] & 0xFF)
                        + ", and there are classes 0 to 9; get it again.");
            }
            hot.putScalar(i, labels[i], 1);
        }
        return hot;
    }

    /** CIFAR-10's binary version, as many of its five training batches as there are; each channel standardized. */
    static LoadedData cifar10(DataFolders folders) throws IOException {
        List<DataFile> files = new ArrayList<>();
        for (int i = 1; i <= CIFAR_BATCHES; i++) {
            Optional<Path> found = folders.find(cifarNames("data_batch_" + i + ".bin"));
            if (found.isPresent()) {
                files.add(DataFile.read(found.get()));
            }
        }
        if (files.isEmpty()) {
            files.add(folders.require(cifarNames("data_batch_1.bin")));
        }
        List<DataFile> train = List.copyOf(files);
        DataFile test = folders.require(
                "cifar10/test_batch.bin",
                "cifar10/cifar-10-batches-bin/test_batch.bin",
                "cifar-10-batches-bin/test_batch.bin",
                "cifar10/test_batch_2000.bin");
        files.add(test);
        CifarPart trainPart = CifarPart.of(train);
        CifarPart testPart = CifarPart.of(List.of(test));
        boolean whole = train.size() == CIFAR_BATCHES && testPart.count() == CIFAR_PER_BATCH;
        Examples examples = new Examples(trainPart.images(), trainPart.labels(), testPart.images(), testPart.labels());
        return LoadedData.of(
                examples,
                Task.CLASSES,
                1,
                files,
                whole
                        ? "the whole of CIFAR-10"
                        : "a SUBSET of CIFAR-10: " + train.size() + " of its 5 training batches, " + testPart.count()
                                + " of its 10000 test images");
    }

    private static String[] cifarNames(String name) {
        return new String[] {"cifar10/" + name, "cifar10/cifar-10-batches-bin/" + name, "cifar-10-batches-bin/" + name};
    }

    private record CifarPart(INDArray images, INDArray labels) {

        static CifarPart of(List<DataFile> files) throws DataException {
            List<INDArray> images = new ArrayList<>();
            List<INDArray> labels = new ArrayList<>();
            for (DataFile file : files) {
                byte[] bytes = file.bytes();
                if (bytes.length == 0 || bytes.length % CIFAR_RECORD != 0) {
                    throw new DataException(file.path() + " is truncated or damaged: " + bytes.length
                            + " bytes are not a whole number of CIFAR-10's records of " + CIFAR_RECORD
                            + "; get it again.");
                }
                int count = bytes.length / CIFAR_RECORD;
                byte[] classes = new byte[count];
                for (int i = 0; i < count; i++) {
                    classes[i] = bytes[i * CIFAR_RECORD];
                }
                labels.add(oneHot(file, classes));
                images.add(
                        pixels(bytes, count, CIFAR_CHANNELS * CIFAR_PLANE, 1, CIFAR_CHANNELS, ImageData::standardize));
            }
            return new CifarPart(stacked(images), stacked(labels));
        }

        private static INDArray stacked(List<INDArray> parts) {
            return parts.size() == 1 ? parts.get(0) : Nd4j.concat(0, parts.toArray(INDArray[]::new));
        }

        int count() {
            return images.rows();
        }
    }
}
