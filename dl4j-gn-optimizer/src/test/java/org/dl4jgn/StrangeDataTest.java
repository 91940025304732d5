package org.dl4jgn;

import static org.dl4jgn.testing.Failures.assertNothingChanges;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.Small;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Data that go with nothing: a sentence that says what they are, and nothing is changed. */
class StrangeDataTest {

    private static final Sgn SGN = Sgn.builder().build();

    private static NeuralNetConfiguration.ListBuilder list() {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(SGN)
                .list();
    }

    /** Losses with a logarithm of the output. */
    enum Logarithmic {
        MCXENT(Activation.SOFTMAX),
        NEGATIVELOGLIKELIHOOD(Activation.SOFTMAX),
        KL_DIVERGENCE(Activation.SOFTMAX),
        RECONSTRUCTION_CROSSENTROPY(Activation.SIGMOID),
        POISSON(Activation.SOFTPLUS);

        private final Activation activation;

        Logarithmic(Activation activation) {
            this.activation = activation;
        }

        private MultiLayerNetwork network() {
            return GaussNewton.attach(Small.network(
                    SGN,
                    conf -> {},
                    Small.layers()[0],
                    Small.output(5, Small.CLASSES, LossFunction.valueOf(name()), activation)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void negativeLabelsOfALogarithm(Logarithmic loss) {
        MultiLayerNetwork net = loss.network();
        DataSet data = Small.data(6);
        net.fit(data);
        INDArray labels = data.getLabels().dup();
        labels.putRow(2, Nd4j.createFromArray(0.5, -3.0, 0.5));
        DataSet bad = new DataSet(data.getFeatures(), labels);
        assertNothingChanges(net, bad, IllegalArgumentException.class, "Labels", "negative", "mask of the labels");
        INDArray mask = Nd4j.ones(DataType.DOUBLE, 6, 1);
        mask.putScalar(2, 0, 0.0);
        net.fit(data.getFeatures(), labels, null, mask);
        assertEquals(2, net.getIterationCount());
    }

    /** With which the curvature of a softmax is what it should be. */
    @Test
    void negativeLabelsOfASoftmaxWhoseSumIsNot() {
        MultiLayerNetwork net = Logarithmic.MCXENT.network();
        INDArray labels = Small.data(6).getLabels().mul(1.3).sub(0.1);
        net.fit(Small.data(6).getFeatures(), labels);
        assertEquals(1, net.getIterationCount());
    }

    @Test
    void imagesOfAnotherSize() {
        MultiLayerNetwork net = GaussNewton.attach(Small.network(
                list().layer(new ConvolutionLayer.Builder(2, 2).nOut(2).build())
                        .layer(Small.output(0, Small.CLASSES, LossFunction.MCXENT, Activation.SOFTMAX))
                        .setInputType(InputType.convolutional(5, 5, 2))
                        .build()));
        DataSet larger =
                new DataSet(Networks.normal(1, 1, 6, 2, 6, 6), Small.data(6).getLabels());
        assertNothingChanges(
                net, larger, IllegalArgumentException.class, "Features of shape [6, 2, 6, 6]", "Layer 1 (OutputLayer)");
    }

    @Test
    void textInPlaceOfNumbers() {
        INDArray text = Nd4j.create("a", "b", "c", "d").reshape(1, 4);
        DataSet features = new DataSet(text, Small.data(1).getLabels());
        assertNothingChanges(Small.attached(SGN), features, IllegalArgumentException.class, "Features", "UTF8");
    }

    static Stream<Named<INDArray>> masksOfFeatures() {
        return Stream.of(
                Named.of("too long", Nd4j.ones(DataType.DOUBLE, 6, 6)),
                Named.of("too short", Nd4j.ones(DataType.DOUBLE, 6, 4)),
                Named.of("transposed", Nd4j.ones(DataType.DOUBLE, 5, 6)),
                Named.of("as long as all", Nd4j.ones(DataType.DOUBLE, 30)),
                Named.of("of each feature", Nd4j.ones(DataType.DOUBLE, 6, 4, 5)));
    }

    @ParameterizedTest
    @MethodSource("masksOfFeatures")
    void masksOfFeaturesInAnotherShape(INDArray mask) {
        MultiLayerNetwork net = GaussNewton.attach(
                Small.network(list().layer(new SimpleRnn.Builder().nOut(5).build())
                        .layer(new GlobalPoolingLayer(PoolingType.AVG))
                        .layer(Small.output(0, Small.CLASSES, LossFunction.MCXENT, Activation.SOFTMAX))
                        .setInputType(InputType.recurrent(4))
                        .build()));
        DataSet data = new DataSet(Networks.normal(1, 1, 6, 4, 5), Small.data(6).getLabels(), mask, null);
        assertNothingChanges(
                net, data, IllegalArgumentException.class, "feature", "mask", Arrays.toString(mask.shape()));
        data.setFeaturesMaskArray(Nd4j.ones(DataType.DOUBLE, 6, 5));
        net.fit(data);
        assertEquals(1, net.getIterationCount());
    }

    /** DL4J has nothing of it but what the convolution makes of it: the message asked for the shape that was given. */
    @Test
    void aMaskThatALayerCutsBeforeOneKeepsIt() {
        Layer convolution = new Convolution1DLayer.Builder(2).nOut(5).build();
        Layer output = Small.output(0, Small.CLASSES, LossFunction.MCXENT, Activation.SOFTMAX);
        DataSet data = new DataSet(Networks.normal(1, 1, 6, 4, 6), Small.data(6).getLabels(), Nd4j.ones(6, 6), null);
        MultiLayerNetwork net = GaussNewton.attach(Small.network(list().layer(convolution)
                .layer(new GlobalPoolingLayer(PoolingType.AVG))
                .layer(output)
                .setInputType(InputType.recurrent(4))
                .build()));
        assertNothingChanges(
                net,
                data,
                IllegalArgumentException.class,
                "feature mask",
                "[6, 5]",
                "layer 1 (GlobalPoolingLayer)",
                "ComputationGraph");
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(SGN)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.recurrent(4))
                .addLayer("convolution", convolution.clone(), "in")
                .addLayer("mean", new GlobalPoolingLayer(PoolingType.AVG), "convolution")
                .addLayer("out", output.clone(), "mean")
                .setOutputs("out")
                .build());
        graph.init();
        GaussNewton.attach(graph).fit(data);
        assertEquals(1, graph.getIterationCount());
    }
}
