package org.dl4jgn;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.oneHot;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.embeddings.ArrayEmbeddingInitializer;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.Small;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Embeddings that begin as an array, such as word vectors: DL4J gives its updater, clones and files others than it computes with. */
class EmbeddingWeightsTest {

    private static final INDArray WORDS = normal(1, 1, 4, 2);
    private static final INDArray LABELS = oneHot(Nd4j.createFromArray(new double[][] {{0}, {1}, {2}}), Small.CLASSES);

    private static NeuralNetConfiguration.ListBuilder list() {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(Sgn.builder().build())
                .list();
    }

    private static void assertTrainsWhatItComputesWith(NeuralNetConfiguration.ListBuilder list, INDArray features) {
        MultiLayerNetwork net = new MultiLayerNetwork(
                list.layer(Small.output(2, Small.CLASSES, LossFunction.MCXENT, Activation.SOFTMAX))
                        .build());
        net.init();
        double score = Dl4j.of(net, features, LABELS, null).score();
        GaussNewton.attach(net);
        assertEquals(WORDS, net.getParam("0_W"));
        assertEquals(WORDS, net.clone().getParam("0_W"));
        net.fit(features, LABELS);
        StepReport step = GaussNewton.report(net).orElseThrow();
        assertClose(score, step.lossBefore(), DOUBLE, "before the step");
        INDArray trained = net.getParam("0_W").dup();
        assertClose(
                net.clone().score(new DataSet(features, LABELS)),
                Dl4j.of(net, features, LABELS, null).score(),
                DOUBLE,
                "of a clone");
        assertEquals(trained, net.clone().getParam("0_W"));
    }

    @Test
    void ofOneWord() {
        EmbeddingLayer layer =
                new EmbeddingLayer.Builder().nIn(4).nOut(2).weightInit(WORDS).build();
        assertTrainsWhatItComputesWith(list().layer(layer), Nd4j.createFromArray(new double[][] {{3}, {0}, {2}}));
    }

    @Test
    void ofSequences() {
        EmbeddingSequenceLayer layer = new EmbeddingSequenceLayer.Builder()
                .nIn(4)
                .nOut(2)
                .weightInit(new ArrayEmbeddingInitializer(WORDS))
                .build();
        assertTrainsWhatItComputesWith(
                list().layer(layer).layer(new GlobalPoolingLayer.Builder(PoolingType.AVG).build()),
                Nd4j.createFromArray(new double[][] {{3, 1}, {0, 0}, {2, 1}}));
    }
}
