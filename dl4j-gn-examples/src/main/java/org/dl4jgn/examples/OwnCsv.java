package org.dl4jgn.examples;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.GaussNewtonConfiguration;
import org.dl4jgn.conf.Sgn;
import org.nd4j.evaluation.regression.RegressionEvaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.SplitTestAndTrain;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Predicts a column of numbers of your own CSV from all others.
 *
 * <p>{@code mvn -q compile -Dexample=OwnCsv -Dexample.args="FILE COLUMN"}; without a file, the length of an iris' petals.
 */
public final class OwnCsv {

    private static final int EPOCHS = 50;
    private static final int BATCH = 64;

    private OwnCsv() {}

    /** Trains on four fifths of the rows and reports the error on the others. */
    public static void main(String[] args) throws IOException {
        if (args.length != 0 && args.length != 2) {
            throw new IllegalArgumentException("Give a CSV file with a header and the name of a column, or nothing");
        }
        String target = args.length == 2 ? args[1] : "petal_length";
        CsvTable table = args.length == 2 ? read(Path.of(args[0])) : CsvTable.irises();
        System.out.println(table);
        if (!table.classes(target).isEmpty()) {
            throw new IllegalArgumentException(target + " is a column of text; see the example Classification");
        }

        DataSet all = table.split(target);
        all.shuffle(42);
        SplitTestAndTrain parts = all.splitTestAndTrain(0.8);
        DataSet train = parts.getTrain();
        DataSet test = parts.getTest();

        // Any optimizer needs features of similar size. The test data must have no part in deciding the scale.
        NormalizerStandardize scale = new NormalizerStandardize();
        scale.fitLabel(true);
        scale.fit(train);
        scale.preProcess(train);
        scale.transform(test.getFeatures());

        MultiLayerNetwork net = create(train.numInputs());
        net.fit(new ExistingDataSetIterator(train.batchBy(BATCH)), EPOCHS);

        var predicted = net.output(test.getFeatures());
        scale.revertLabels(predicted); // back in the units of the file
        RegressionEvaluation evaluation = new RegressionEvaluation(target);
        evaluation.eval(test.getLabels(), predicted);
        System.out.printf(
                "%s on %d new rows: root mean squared error %.3f, R² %.3f%n",
                target, test.numExamples(), evaluation.rootMeanSquaredError(0), evaluation.rSquared(0));
    }

    private static CsvTable read(Path file) throws IOException {
        try (Reader source = Files.newBufferedReader(file)) {
            return CsvTable.read(source);
        }
    }

    private static MultiLayerNetwork create(int inputs) {
        return GaussNewton.attach(new MultiLayerNetwork(new GaussNewtonConfiguration.Builder()
                .optimizationAlgo(Sgn.builder().build())
                .seed(42)
                .l2(1e-3) // few rows and many weights
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(inputs).nOut(20).build())
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .build()));
    }
}
