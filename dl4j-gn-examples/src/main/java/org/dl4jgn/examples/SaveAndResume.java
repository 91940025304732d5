package org.dl4jgn.examples;

import java.io.File;
import java.io.IOException;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Sgn;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Saves a network in the middle of its training and goes on from the file.
 *
 * <p>Momentum, damping and step counters are part of DL4J's updater state, so a model saved with it resumes exactly:
 * the parameters at the end are those of the uninterrupted training, to the bit.
 */
public final class SaveAndResume {

    private static final int EPOCHS = 5;

    private SaveAndResume() {}

    /** Trains once without and once with an interruption, and compares. */
    public static void main(String[] args) throws IOException {
        DataSetIterator train = TwoSpirals.batches(10, 500, 1);
        MultiLayerNetwork net = FirstNetwork.create(Sgn.builder().momentum(0.5).build());
        net.fit(train, EPOCHS);

        File file = File.createTempFile("spirals", ".zip");
        boolean saveUpdater = true; // without it the weights are saved, but not where the optimizer was
        ModelSerializer.writeModel(net, file, saveUpdater);
        System.out.printf("after %2d epochs: loss %.6f, saved%n", EPOCHS, net.score());

        net.fit(train, EPOCHS);
        System.out.printf("after %2d epochs: loss %.6f, without interruption%n", 2 * EPOCHS, net.score());

        // A restored network must be attached again: DL4J does not save its solver.
        MultiLayerNetwork restored = GaussNewton.attach(ModelSerializer.restoreMultiLayerNetwork(file));
        restored.fit(train, EPOCHS);
        System.out.printf("after %2d epochs: loss %.6f, from the file%n", 2 * EPOCHS, restored.score());
        System.out.println("same parameters, to the bit: " + restored.params().equalsWithEps(net.params(), 0.0));
        if (!file.delete()) {
            file.deleteOnExit();
        }
    }
}
