package org.dl4jgn.examples;

import java.io.IOException;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.GaussNewtonConfiguration;
import org.dl4jgn.conf.Sgn;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.SplitTestAndTrain;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Tells three species of iris by the size of their leaves, and shows which are mistaken for which. */
public final class Classification {

    private static final int EPOCHS = 100;

    private Classification() {}

    /** Trains on 100 flowers and evaluates on the other 50 with DL4J's own {@link Evaluation}. */
    public static void main(String[] args) throws IOException {
        CsvTable irises = CsvTable.irises();
        DataSet all = irises.split("species"); // a column of text: one column for each class
        all.shuffle(7);
        SplitTestAndTrain parts = all.splitTestAndTrain(100);
        DataSet train = parts.getTrain();
        DataSet test = parts.getTest();
        NormalizerStandardize scale = new NormalizerStandardize();
        scale.fit(train);
        scale.transform(train);
        scale.transform(test);

        MultiLayerNetwork net = create();
        net.fit(new ExistingDataSetIterator(train.batchBy(50)), EPOCHS);

        Evaluation evaluation = new Evaluation(irises.classes("species"));
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
