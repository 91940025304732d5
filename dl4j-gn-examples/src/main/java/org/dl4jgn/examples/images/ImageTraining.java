package org.dl4jgn.examples.images;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Trains a network on images for some epochs, shows the progress, and tells how it does on test images. */
public final class ImageTraining {

    private static final int BATCH = 1000;
    private static final int EPOCHS = 2;

    private ImageTraining() {}

    /** Reads training and test images. */
    @FunctionalInterface
    public interface Source {
        DataSet read() throws IOException;
    }

    /** Trains and prints; {@code args} may hold the number of epochs. */
    public static void run(MultiLayerNetwork net, Source train, Source test, String[] args) {
        int epochs = args.length > 0 ? Integer.parseInt(args[0]) : EPOCHS;
        DataSet images;
        DataSet testImages;
        try {
            images = train.read();
            testImages = test.read();
        } catch (IOException e) {
            System.out.println("Cannot read the data: " + e + ". Name the folder that holds it with the environment"
                    + " variable DL4JGN_DATA; README.md says which files it has.");
            return;
        }
        Random random = new Random(1);
        for (int epoch = 1; epoch <= epochs; epoch++) {
            double loss = epoch(net, batches(images, random), epoch, epochs);
            System.out.printf(
                    Locale.ROOT,
                    "epoch %d: train loss %.3f, test accuracy %.3f%n",
                    epoch,
                    loss,
                    accuracy(net, testImages));
        }
    }

    /** The mean of the mini-batches' losses before their steps. */
    private static double epoch(MultiLayerNetwork net, List<DataSet> batches, int epoch, int epochs) {
        double sum = 0;
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("epoch " + epoch + " of " + epochs)
                .setInitialMax(batches.size())
                .setStyle(ProgressBarStyle.ASCII)
                .build()) {
            for (DataSet batch : batches) {
                net.fit(batch);
                sum += net.score();
                bar.setExtraMessage(String.format(Locale.ROOT, " loss %.3f", net.score()));
                bar.step();
            }
        }
        return sum / batches.size();
    }

    /** Mini-batches of {@value #BATCH} images, or all there are, in random order. */
    private static List<DataSet> batches(DataSet images, Random random) {
        int n = images.numExamples();
        List<Integer> rows = new ArrayList<>(IntStream.range(0, n).boxed().toList());
        Collections.shuffle(rows, random);
        INDArray flat = images.getFeatures().reshape(n, images.getFeatures().length() / n);
        long[] shape = images.getFeatures().shape().clone();
        List<DataSet> batches = new ArrayList<>();
        int size = Math.min(BATCH, n);
        for (int from = 0; from + size <= n; from += size) {
            int[] chosen = rows.subList(from, from + size).stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
            shape[0] = size;
            batches.add(new DataSet(
                    Nd4j.pullRows(flat, 1, chosen).reshape(shape), Nd4j.pullRows(images.getLabels(), 1, chosen)));
        }
        return batches;
    }

    private static double accuracy(MultiLayerNetwork net, DataSet test) {
        return net.evaluate(new ExistingDataSetIterator(test.batchBy(BATCH))).accuracy();
    }
}
