package org.dl4jgn;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.oneHot;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.embeddings.ArrayEmbeddingInitializer;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.Small;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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

    private static final INDArray ONE_WORD = Nd4j.createFromArray(new double[][] {{3}, {0}, {2}});
    private static final INDArray TWO_WORDS = Nd4j.createFromArray(new double[][] {{3, 1}, {0, 0}, {2, 1}});

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

    private static NeuralNetConfiguration.ListBuilder sequences(UnaryOperator<Layer> wrap) {
        EmbeddingSequenceLayer layer = new EmbeddingSequenceLayer.Builder()
                .nIn(4)
                .nOut(2)
                .weightInit(new ArrayEmbeddingInitializer(WORDS))
                .build();
        return list().layer(wrap.apply(layer)).layer(new GlobalPoolingLayer.Builder(PoolingType.AVG).build());
    }

    private static NeuralNetConfiguration.ListBuilder words(UnaryOperator<Layer> wrap) {
        EmbeddingLayer layer =
                new EmbeddingLayer.Builder().nIn(4).nOut(2).weightInit(WORDS).build();
        return list().layer(wrap.apply(layer));
    }

    static Stream<Named<UnaryOperator<Layer>>> wrappers() {
        return Stream.of(
                Named.of("trained", layer -> layer),
                Named.of("FrozenLayer", FrozenLayer::new),
                Named.of("FrozenLayerWithBackprop", FrozenLayerWithBackprop::new));
    }

    @ParameterizedTest
    @MethodSource("wrappers")
    void ofOneWord(UnaryOperator<Layer> wrapper) {
        assertTrainsWhatItComputesWith(words(wrapper), ONE_WORD);
    }

    @ParameterizedTest
    @MethodSource("wrappers")
    void ofSequences(UnaryOperator<Layer> wrapper) {
        assertTrainsWhatItComputesWith(sequences(wrapper), TWO_WORDS);
    }
}
