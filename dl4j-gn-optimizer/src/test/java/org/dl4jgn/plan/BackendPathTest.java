package org.dl4jgn.plan;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.curvature.Linearization;
import org.dl4jgn.linalg.HostMemory;
import org.dl4jgn.testing.Networks;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A training on a backend whose memory cannot be addressed, on ND4J's operations alone, computes what one computes that uses
 * this library's loops and LAPACK on the memory itself.
 */
class BackendPathTest {

    private static final int BATCH = 5;
    private static final int CLASSES = 3;

    /** Layers before a softmax, and features for them. */
    record Case(String name, InputType type, INDArray features, List<Layer> layers) {

        MultiLayerNetwork network(IUpdater updater) {
            NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                    .dataType(DataType.DOUBLE)
                    .seed(7)
                    .updater(updater)
                    .activation(Activation.TANH)
                    .list();
            layers.stream().map(Layer::clone).forEach(list::layer);
            list.layer(new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(CLASSES)
                    .activation(Activation.SOFTMAX)
                    .build());
            MultiLayerNetwork net =
                    new MultiLayerNetwork(list.setInputType(type).build());
            net.init();
            net.setParams(normal(1, 0.4, 1, net.numParams()));
            return net;
        }

        /** Whether rows of the Jacobian are assembled. */
        boolean hasRows() {
            return layers.stream().noneMatch(PReLULayer.class::isInstance);
        }

        INDArray labels() {
            return Networks.oneHot(Networks.classes(3, BATCH, CLASSES), CLASSES);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        InputType image = InputType.convolutional(6, 6, 2);
        INDArray pixels = normal(2, 1.0, BATCH, 2, 6, 6);
        return Stream.of(
                new Case(
                        "convolution, overlapping maxima",
                        image,
                        pixels,
                        List.of(
                                new ConvolutionLayer.Builder(3, 3)
                                        .nOut(4)
                                        .padding(1, 1)
                                        .build(),
                                new SubsamplingLayer.Builder(
                                                SubsamplingLayer.PoolingType.MAX, new int[] {3, 3}, new int[] {2, 2})
                                        .build())),
                new Case(
                        "maxima side by side, means",
                        image,
                        pixels,
                        List.of(
                                new ConvolutionLayer.Builder(3, 3)
                                        .nOut(3)
                                        .stride(1, 1)
                                        .build(),
                                new SubsamplingLayer.Builder(
                                                SubsamplingLayer.PoolingType.MAX, new int[] {2, 2}, new int[] {2, 2})
                                        .build(),
                                new Upsampling2D.Builder(2).build(),
                                new ConvolutionLayer.Builder(2, 2).nOut(3).build(),
                                new SubsamplingLayer.Builder(
                                                SubsamplingLayer.PoolingType.AVG, new int[] {2, 2}, new int[] {1, 1})
                                        .build(),
                                new DenseLayer.Builder().nOut(4).build())),
                new Case(
                        "padding, PReLU",
                        image,
                        pixels,
                        List.of(
                                new ConvolutionLayer.Builder(3, 3).nOut(2).build(),
                                new ZeroPaddingLayer.Builder(1, 2).build(),
                                new PReLULayer.Builder()
                                        .inputShape(2, 6, 8)
                                        .sharedAxes(2, 3)
                                        .build(),
                                new ConvolutionLayer.Builder(3, 3).nOut(2).build())),
                new Case(
                        "embedding",
                        InputType.feedForward(6),
                        Networks.classes(5, BATCH, 6),
                        List.of(new EmbeddingLayer.Builder().nIn(6).nOut(4).build())));
    }

    /**
     * What is computed at a point, and then the parameters after a step of each optimizer; one step alone, since parameters that differ
     * by 1e-15 differ by up to 4e-8 after a second step of SGN here.
     */
    private static Map<String, INDArray> computed(Case example) {
        Map<String, INDArray> all = new LinkedHashMap<>();
        MultiLayerNetwork net = example.network(Sgn.builder().build());
        long d = net.numParams();
        try (Linearization at = GaussNewton.linearize(net)) {
            at.at(example.features(), example.labels());
            all.put("z", at.preOutput().dup());
            all.put("gradient", at.gradient().dup());
            all.put("Jv", at.jvp(normal(10, 1.0, 1, d)).dup());
            all.put("Jᵀu", at.vjp(normal(11, 1.0, BATCH, CLASSES)).dup());
            all.put("Hv", at.ggnVectorProduct(normal(12, 1.0, 1, d)).dup());
            if (example.hasRows()) {
                all.put("JJᵀ", at.gram().dup());
            }
        }
        for (IUpdater updater : List.of(Sgn.builder().build(), Egn.builder().build())) {
            MultiLayerNetwork trained = GaussNewton.attach(example.network(updater));
            trained.fit(example.features(), example.labels());
            all.put(
                    "parameters after a step of " + updater.getClass().getSimpleName(),
                    trained.params().dup());
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void computesWhatTheLoopsOnHostMemoryDo(Case example) {
        Map<String, INDArray> expected = computed(example);
        Map<String, INDArray> actual;
        try (HostMemory.Hidden hidden = HostMemory.hide()) {
            assertFalse(HostMemory.isAddressable(), hidden.toString());
            actual = computed(example);
        }
        expected.forEach((what, value) ->
                assertClose(value, actual.get(what), what.startsWith("parameters") ? DOUBLE : ROUNDING, what));
    }
}
