package org.dl4jgn.examples;

import static org.nd4j.linalg.factory.Nd4j.createFromArray;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.GaussNewtonConfiguration;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.tables.DataFile;
import org.dl4jgn.tables.EncodedTable;
import org.dl4jgn.tables.Names;
import org.dl4jgn.tables.Table;
import org.nd4j.evaluation.regression.RegressionEvaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Predicts a column of numbers of your own CSV from all others.
 *
 * <p>{@code mvn -q compile -Dexample=OwnCsv -Dexample.args="FILE COLUMN"}; without a file, the length of an iris' petals.
 */
public final class OwnCsv {

    private static final int EPOCHS = 50;
    private static final int BATCH = 64;
    private static final double TEST_SHARE = 0.2;

    private OwnCsv() {}

    /** Trains on four fifths of the rows and reports the error on the others. */
    public static void main(String[] args) throws IOException {
        if (args.length != 0 && args.length != 2) {
            throw new IllegalArgumentException("Give a CSV file with a header and the name of a column, or nothing");
        }
        String target = args.length == 2 ? args[1] : "petal_length";
        Table table = args.length == 2 ? Table.read(DataFile.read(Path.of(args[0]))) : Irises.table();

        // Numbers are standardized by the rows that are trained on, text becomes columns of 0 and 1, gaps are marked,
        // and
        // what cannot be learned from is left out. The notes say what was done to which column.
        EncodedTable rows = EncodedTable.of(table, target, EncodedTable.Split.random(TEST_SHARE, 42));
        System.out.println(table.rows().size() + " rows of " + Names.list(table.columns()));
        rows.notes().forEach(note -> System.out.println("  " + note));
        if (rows.target().kind() != EncodedTable.Kind.NUMBER) {
            throw new IllegalArgumentException(target + " is one of some classes; see the example Classification");
        }
        DataSet train = new DataSet(createFromArray(rows.train()), createFromArray(rows.trainLabels()));
        DataSet test = new DataSet(createFromArray(rows.test()), createFromArray(rows.testLabels()));

        MultiLayerNetwork net = create(train.numInputs());
        net.fit(new ExistingDataSetIterator(train.batchBy(BATCH)), EPOCHS);

        RegressionEvaluation evaluation = new RegressionEvaluation(target);
        evaluation.eval(test.getLabels(), net.output(test.getFeatures()));
        double scale = rows.target().scale(); // back to the units of the file
        System.out.printf(
                "%s on %d new rows: root mean squared error %.3f, R² %.3f%n",
                target, test.numExamples(), scale * evaluation.rootMeanSquaredError(0), evaluation.rSquared(0));
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
