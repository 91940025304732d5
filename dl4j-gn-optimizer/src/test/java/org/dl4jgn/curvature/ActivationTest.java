package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Networks.dense;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.output;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.testing.Activations;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Every activation of DL4J: its values are DL4J's, its derivative is that of its values. */
class ActivationTest {

    private static final double STEP = 1e-5;

    /** All pieces of the piecewise functions, and no point within 0.04 of a kink. */
    private static INDArray grid() {
        return column(IntStream.range(0, 61).mapToDouble(i -> -9.05 + 0.3 * i));
    }

    /** Every point where a derivative jumps or an intermediate result may overflow. */
    private static INDArray extremes() {
        return column(DoubleStream.of(-800, -120, -60, -30, -6, -2.5, -1, 0, 0.4, 1, 2.5, 6, 30, 60, 80));
    }

    private static INDArray column(DoubleStream values) {
        double[] array = values.toArray();
        return Nd4j.createFromArray(array).reshape(array.length, 1);
    }

    /** σ as a network: z = σ(x), and the derivative of z along the first bias is σ′(x). */
    private static MultiLayerNetwork asNetwork(IActivation activation, DataType type) {
        MultiLayerNetwork net = Networks.of(
                type,
                dense(1, 1, Activation.IDENTITY),
                new ActivationLayer(activation),
                output(1, 1, Activation.IDENTITY, new LossMSE()));
        net.setParams(Nd4j.createFromArray(new double[][] {{1, 0, 1, 0}}).castTo(type));
        return net;
    }

    private record Values(INDArray value, INDArray derivative) {

        static Values of(IActivation activation, INDArray x, DataType type) {
            try (Linearization at = GaussNewton.linearize(asNetwork(activation, type))) {
                at.at(x, x);
                return new Values(at.preOutput(), at.jvp(Nd4j.createFromArray(new double[] {0, 1, 0, 0})));
            }
        }
    }

    private static INDArray valuesInDl4j(IActivation activation, INDArray x) {
        return activation.getActivation(x.dup(), true);
    }

    private static INDArray derivativesInDl4j(IActivation activation, INDArray x) {
        return activation.backprop(x.dup(), Nd4j.onesLike(x)).getFirst();
    }

    static Stream<IActivation> elementwise() {
        return Activations.elementwise();
    }

    @ParameterizedTest
    @MethodSource("elementwise")
    void hasDl4jsValues(IActivation activation) {
        assertClose(
                valuesInDl4j(activation, grid()),
                Values.of(activation, grid(), DataType.DOUBLE).value,
                ROUNDING,
                activation.toString());
    }

    @ParameterizedTest
    @MethodSource("elementwise")
    void hasTheDerivativeOfDl4jsValues(IActivation activation) {
        INDArray x = grid();
        INDArray expected = valuesInDl4j(activation, x.add(STEP))
                .sub(valuesInDl4j(activation, x.sub(STEP)))
                .div(2 * STEP);
        INDArray actual = Values.of(activation, x, DataType.DOUBLE).derivative;
        for (int i = 0; i < x.length(); i++) {
            assertEquals(
                    expected.getDouble(i),
                    actual.getDouble(i),
                    FINITE_DIFFERENCE * Math.max(1e-3, Math.abs(expected.getDouble(i))),
                    activation + " at " + x.getDouble(i));
        }
    }

    /** DL4J's own derivative of the precise GELU is up to 1e-4 off that of its values: its constants are rounded. */
    static Stream<IActivation> differentiatedByDl4j() {
        return elementwise().filter(a -> !(a instanceof ActivationGELU gelu && gelu.isPrecise()));
    }

    @ParameterizedTest
    @MethodSource("differentiatedByDl4j")
    void hasDl4jsDerivativeAlsoAtKinks(IActivation activation) {
        INDArray x = Nd4j.vstack(grid(), extremes());
        // DL4J rounds the slope of a leaky rectifier to float32 in its derivative, not in its values
        double tolerance = activation instanceof ActivationLReLU ? 1e-7 : 1e-9;
        INDArray expected = derivativesInDl4j(activation, x);
        INDArray actual = Values.of(activation, x, DataType.DOUBLE).derivative;
        for (int i = 0; i < x.length(); i++) {
            assertEquals(expected.getDouble(i), actual.getDouble(i), tolerance, activation + " at " + x.getDouble(i));
        }
    }

    @ParameterizedTest
    @MethodSource("elementwise")
    void hasFiniteDerivativeInFloatWhereverItsValueIsFinite(IActivation activation) {
        INDArray x = Nd4j.vstack(extremes(), extremes().mul(1.7), extremes().mul(12.3));
        Values values = Values.of(activation, x.castTo(DataType.FLOAT), DataType.FLOAT);
        for (int i = 0; i < x.length(); i++) {
            if (Double.isFinite(values.value.getDouble(i))) {
                assertTrue(Double.isFinite(values.derivative.getDouble(i)), activation + " at " + x.getDouble(i));
            }
        }
    }

    /** y = x or αx with α ∈ [l, u]; DL4J's own derivative ignores α. */
    @ParameterizedTest
    @MethodSource("randomizedRectifiers")
    void randomizedRectifierHasASlopeOfItsRangeForEachElement(ActivationRReLU rrelu) {
        INDArray x = grid();
        Values values = Values.of(rrelu, x, DataType.DOUBLE);
        for (int i = 0; i < x.length(); i++) {
            double slope = values.derivative.getDouble(i);
            assertEquals(slope * x.getDouble(i), values.value.getDouble(i), 1e-12);
            if (x.getDouble(i) > 0) {
                assertEquals(1.0, slope);
            } else {
                assertTrue(slope >= rrelu.getL() && slope <= rrelu.getU(), "slope " + slope);
            }
        }
    }

    static Stream<ActivationRReLU> randomizedRectifiers() {
        return Stream.of(new ActivationRReLU(), new ActivationRReLU(0.5, 0.9));
    }

    static Stream<IActivation> all() {
        return Activations.all();
    }

    /** Two hidden layers, so that curvature of one reaches the other. */
    private static MultiLayerNetwork stacked(IActivation activation, DataType type) {
        return Networks.of(
                type,
                dense(3, 5, activation),
                dense(5, 4, activation),
                output(4, 2, Activation.IDENTITY, new LossMSE()));
    }

    private static final INDArray X = normal(2, 1.5, 6, 3);
    private static final INDArray Y = normal(3, 1.0, 6, 2);

    @ParameterizedTest
    @MethodSource("all")
    void jacobianProductIsTheDerivativeOfThePreOutput(IActivation activation) {
        MultiLayerNetwork net = stacked(activation, DataType.DOUBLE);
        try (Linearization at = GaussNewton.linearize(net)) {
            INDArray v = normal(4, 1.0, net.numParams());
            INDArray expected =
                    FiniteDifferences.along(net, v, () -> at.at(X, Y).preOutput());
            assertClose(expected, at.at(X, Y).jvp(v), FINITE_DIFFERENCE, "Jv");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void transposedProductIsTheTransposeOfTheProduct(IActivation activation) {
        MultiLayerNetwork net = stacked(activation, DataType.DOUBLE);
        try (Linearization at = GaussNewton.linearize(net)) {
            at.at(X, Y);
            INDArray v = normal(4, 1.0, net.numParams());
            INDArray u = normal(5, 1.0, 6, 2);
            double uJv = u.mul(at.jvp(v)).sumNumber().doubleValue();
            double vJu = v.mul(at.vjp(u)).sumNumber().doubleValue();
            assertClose(uJv, vJu, ROUNDING, "⟨u, Jv⟩");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void gradientIsTheDerivativeOfTheLoss(IActivation activation) {
        MultiLayerNetwork net = stacked(activation, DataType.DOUBLE);
        try (Linearization at = GaussNewton.linearize(net)) {
            INDArray gradient = at.at(X, Y).gradient();
            for (int seed = 6; seed < 9; seed++) {
                INDArray v = normal(seed, 1.0, net.numParams());
                double expected =
                        FiniteDifferences.along(net, v, () -> at.at(X, Y).loss());
                assertClose(expected, gradient.mul(v).sumNumber().doubleValue(), FINITE_DIFFERENCE, "⟨g, v⟩");
            }
        }
    }

    static Stream<IActivation> deterministic() {
        return Activations.deterministic();
    }

    @ParameterizedTest
    @MethodSource("deterministic")
    void lossIsDl4jsScore(IActivation activation) {
        MultiLayerNetwork net = stacked(activation, DataType.DOUBLE);
        try (Linearization at = GaussNewton.linearize(net)) {
            assertClose(Dl4j.of(net, X, Y, null).score(), at.at(X, Y).loss(), ROUNDING, "loss");
        }
    }

    static Stream<IActivation> differentiatedByDl4jInNetworks() {
        return deterministic().filter(a -> !(a instanceof ActivationGELU gelu && gelu.isPrecise()));
    }

    @ParameterizedTest
    @MethodSource("differentiatedByDl4jInNetworks")
    void gradientIsDl4js(IActivation activation) {
        MultiLayerNetwork net = stacked(activation, DataType.DOUBLE);
        try (Linearization at = GaussNewton.linearize(net)) {
            assertClose(Dl4j.of(net, X, Y, null).gradient(), at.at(X, Y).gradient(), ROUNDING, "gradient");
        }
    }

    @ParameterizedTest
    @MethodSource("deterministic")
    void float32AgreesWithFloat64(IActivation activation) {
        MultiLayerNetwork exact = stacked(activation, DataType.DOUBLE);
        MultiLayerNetwork net = stacked(activation, DataType.FLOAT);
        try (Linearization expected = GaussNewton.linearize(exact);
                Linearization actual = GaussNewton.linearize(net)) {
            expected.at(X, Y);
            actual.at(X.castTo(DataType.FLOAT), Y.castTo(DataType.FLOAT));
            INDArray v = normal(4, 1.0, net.numParams());
            INDArray u = normal(5, 1.0, 6, 2);
            assertClose(expected.loss(), actual.loss(), 1e-4, "loss");
            assertClose(expected.gradient(), actual.gradient(), 1e-4, "gradient");
            assertClose(expected.jvp(v), actual.jvp(v), 1e-4, "Jv");
            assertClose(expected.vjp(u), actual.vjp(u), 1e-4, "Jᵀu");
            assertClose(expected.ggnVectorProduct(v), actual.ggnVectorProduct(v), 1e-4, "Hv");
        }
    }

    static Stream<IActivation> unsupported() {
        return Stream.of(
                new ActivationELU(0.5), new ActivationReLU(6.0, null, null), new ActivationReLU(null, 0.5, 0.1));
    }

    /** DL4J's own derivative of an ELU ignores its alpha. */
    @ParameterizedTest
    @MethodSource("unsupported")
    void refusesOtherSettingsByName(IActivation activation) {
        MultiLayerNetwork net = stacked(activation, DataType.DOUBLE);
        assertFails(
                UnsupportedNetworkException.class,
                () -> GaussNewton.linearize(net),
                "Layer 0 (DenseLayer): activation " + activation,
                "Supported: cube, elu(alpha=1.0), gelu,");
    }
}
