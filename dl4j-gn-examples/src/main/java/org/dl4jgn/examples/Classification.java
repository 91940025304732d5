package org.dl4jgn.examples;

import static org.nd4j.linalg.factory.Nd4j.createFromArray;

import java.io.IOException;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.GaussNewtonConfiguration;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.tables.EncodedTable;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Tells three species of iris by the size of their leaves, and shows which are mistaken for which. */
public final class Classification {

    private static final int EPOCHS = 100;

    private Classification() {}

    /** Trains on 100 flowers and evaluates on the other 50 with DL4J's own {@link Evaluation}. */
    public static void main(String[] args) throws IOException {
        // The species are text: a column of 0 and 1 for each. Measures are standardized.
        EncodedTable irises = EncodedTable.of(Irises.table(), "species", EncodedTable.Split.random(1.0 / 3, 7));
        DataSet train = new DataSet(createFromArray(irises.train()), createFromArray(irises.trainLabels()));
        DataSet test = new DataSet(createFromArray(irises.test()), createFromArray(irises.testLabels()));

        MultiLayerNetwork net = create();
        net.fit(new ExistingDataSetIterator(train.batchBy(50)), EPOCHS);

        Evaluation evaluation = new Evaluation(irises.target().classes());
        evaluation.eval(test.getLabels(), net.output(test.getFeatures()));
        System.out.println(evaluation.stats());
    }

    private static MultiLayerNetwork create() {
        return GaussNewton.attach(new MultiLayerNetwork(new GaussNewtonConfiguration.Builder()
                .optimizationAlgo(Sgn.builder().build())
                .seed(42)
                .l2(1e-3)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(4).nOut(10).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build()));
    }
}
