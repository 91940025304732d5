package org.dl4jgn.translate;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Networks.classes;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.oneHot;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.curvature.Linearization;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Activations and layers of one's own: refused until they are registered, and then trained. */
class RegistrationTest {

    private static final int BATCH = 6;
    private static final int CLASSES = 3;

    // ---- an activation ----------------------------------------------------------------------------------------------

    /** σ(x) = x·sigmoid(2x). */
    public static final class SteepSwish extends BaseActivationFunction {

        @Override
        public INDArray getActivation(INDArray in, boolean training) {
            return in.muli(Transforms.sigmoid(in.mul(2), true));
        }

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            INDArray s = Transforms.sigmoid(in.mul(2), true);
            INDArray derivative = s.add(in.mul(2).mul(s).mul(s.rsub(1)));
            return new Pair<>(derivative.muli(epsilon), null);
        }
    }

    // ---- a layer ----------------------------------------------------------------------------------------------------

    /** y = w ∘ x + c, element by element. */
    public static final class Scaling extends SameDiffLayer {

        private final int size;

        Scaling(int size) {
            this.size = size;
        }

        @Override
        public SDVariable defineLayer(
                SameDiff graph, SDVariable input, Map<String, SDVariable> parameters, SDVariable mask) {
            return input.mul(parameters.get("w")).add(parameters.get("c"));
        }

        @Override
        public void defineParameters(SDLayerParams parameters) {
            parameters.addWeightParam("w", 1, size);
            parameters.addBiasParam("c", 1, size);
        }

        @Override
        public void initializeParameters(Map<String, INDArray> parameters) {
            parameters.get("w").assign(1.0);
            parameters.get("c").assign(0.0);
        }

        @Override
        public InputType getOutputType(int index, InputType input) {
            return input;
        }
    }

    /** Its translation: parameters in DL4J's order, operations, and a word on rows of the Jacobian. */
    static final class ScalingTranslator implements LayerTranslator<Scaling> {

        @Override
        public Activations translate(Scaling layer, Activations input, GraphWriter writer) {
            input.requireVector(layer.size, writer);
            SDVariable w = writer.parameter("w", 1, layer.size);
            SDVariable c = writer.parameter("c", 1, layer.size);
            writer.withoutRows();
            return input.with(input.variable().mul(w).add(c));
        }

        @Override
        public long inputs(Scaling layer) {
            return layer.size;
        }
    }

    @BeforeAll
    static void register() {
        ActivationTranslators.register(
                SteepSwish.class,
                (swish, x, shape, writer) -> x.mul(writer.graph().nn().sigmoid(x.mul(2))));
        LayerTranslators.register(Scaling.class, new ScalingTranslator());
    }

    private static MultiLayerNetwork network(Layer... hidden) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(7)
                .updater(Sgn.builder().build())
                .list();
        for (Layer layer : hidden) {
            list.layer(layer);
        }
        MultiLayerNetwork net = new MultiLayerNetwork(list.layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(4)
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        net.init();
        net.setParams(normal(1, 0.5, 1, net.numParams()));
        return net;
    }

    private static Layer dense(IActivation activation) {
        return new DenseLayer.Builder().nIn(4).nOut(4).activation(activation).build();
    }

    static Stream<List<Layer>> ownLayers() {
        return Stream.of(
                List.of(dense(new SteepSwish())),
                List.of(new Scaling(4), dense(new ActivationReLU())),
                List.of(dense(new SteepSwish()), new Scaling(4), dense(new SteepSwish())));
    }

    @ParameterizedTest
    @MethodSource("ownLayers")
    void whatIsRegisteredTrains(List<Layer> layers) {
        MultiLayerNetwork net = network(layers.toArray(new Layer[0]));
        INDArray x = normal(2, 1.0, BATCH, 4);
        INDArray y = oneHot(classes(3, BATCH, CLASSES), CLASSES);
        Dl4j expected = Dl4j.of(net, x.dup(), y, null);
        INDArray v = normal(5, 1.0, net.numParams());
        try (Linearization at = GaussNewton.linearize(net).at(x, y)) {
            assertClose(expected.score(), at.loss(), ROUNDING, "loss");
            // not DL4J's gradient, which is twice that of its score for the parameters of a SameDiffLayer
            double derivative = FiniteDifferences.along(net, v, () -> net.score(new DataSet(x, y), true));
            assertClose(derivative, at.gradient().mul(v).sumNumber().doubleValue(), FINITE_DIFFERENCE, "⟨g, v⟩");
            INDArray jv = at.jvp(v);
            INDArray difference =
                    FiniteDifferences.along(net, v, () -> at.at(x, y).preOutput());
            assertClose(difference, jv, FINITE_DIFFERENCE, "Jv");
        }
        GaussNewton.attach(net);
        net.fit(x, y);
        double before = net.score();
        for (int i = 0; i < 80; i++) {
            net.fit(x, y);
        }
        assertTrue(net.score() < before / 2, net.score() + " < " + before + "/2");
    }

    // ---- what is not ------------------------------------------------------------------------------------------------

    /** Computes something else than its base class. */
    public static final class OwnReLU extends ActivationReLU {
        @Override
        public INDArray getActivation(INDArray in, boolean training) {
            return super.getActivation(in, training).muli(3);
        }
    }

    public static final class OwnELU extends ActivationELU {}

    public static final class OwnIdentity extends ActivationIdentity {
        @Override
        public INDArray getActivation(INDArray in, boolean training) {
            return in.addi(1);
        }
    }

    static Stream<IActivation> subclasses() {
        return Stream.of(new OwnReLU(), new OwnELU(), new OwnIdentity());
    }

    @ParameterizedTest
    @MethodSource("subclasses")
    void aSubclassIsNotItsBaseClass(IActivation activation) {
        assertFails(
                UnsupportedNetworkException.class,
                () -> GaussNewton.attach(network(dense(activation))),
                "Layer 0 (DenseLayer): activation",
                activation.getClass().getName(),
                "Supported: ");
    }

    @Test
    void nothingIsOverwritten() {
        assertFails(
                IllegalArgumentException.class,
                () -> ActivationTranslators.register(ActivationReLU.class, (a, x, shape, writer) -> x),
                ActivationReLU.class.getName(),
                "the library's");
        assertFails(
                IllegalArgumentException.class,
                () -> ActivationTranslators.register(SteepSwish.class, (a, x, shape, writer) -> x),
                SteepSwish.class.getName(),
                "registered before");
        assertFails(
                IllegalArgumentException.class,
                () -> LayerTranslators.register(DenseLayer.class, (layer, x, writer) -> x),
                DenseLayer.class.getName(),
                "the library's");
        assertFails(
                IllegalArgumentException.class,
                () -> LayerTranslators.register(Scaling.class, (layer, x, writer) -> x),
                Scaling.class.getName(),
                "registered before");
    }
}
