package org.dl4jgn;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Small.bits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.curvature.Linearization;
import org.dl4jgn.testing.Small;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Bad input is an error that says what is wrong and where; parameters, state and counters are untouched, and training goes
 * on with good data.
 */
class BadInputTest {

    private static final Sgn SGN = Sgn.builder().momentum(0.5).build();

    /** Data and masks for {@code fit}. */
    record Input(
            INDArray features,
            INDArray labels,
            @Nullable INDArray featureMask,
            @Nullable INDArray labelMask) {}

    private static INDArray x(int examples) {
        return Small.data(examples).getFeatures();
    }

    private static INDArray y(int examples) {
        return Small.data(examples).getLabels();
    }

    private static INDArray with(INDArray array, double value, long row, long column) {
        INDArray changed = array.dup();
        changed.putScalar(row, column, value);
        return changed;
    }

    private static Arguments bad(String name, INDArray features, INDArray labels, String... words) {
        return Arguments.of(name, new Input(features, labels, null, null), words);
    }

    private static Arguments mask(String name, INDArray mask, String... words) {
        return Arguments.of(name, new Input(x(6), y(6), null, mask), words);
    }

    static Stream<Arguments> inputs() {
        double nan = Double.NaN;
        double inf = Double.POSITIVE_INFINITY;
        INDArray view = Nd4j.zeros(DataType.DOUBLE, 6, 2 * Small.INPUTS)
                .get(NDArrayIndex.all(), NDArrayIndex.interval(2, 2 + Small.INPUTS));
        return Stream.of(
                bad("NaN feature", with(x(6), nan, 4, 2), y(6), "Features", "NaN in row 4, column 2"),
                bad("infinite feature", with(x(6), inf, 0, 3), y(6), "Features", "Infinity in row 0, column 3"),
                bad("NaN label", x(6), with(y(6), nan, 5, 1), "Labels", "NaN in row 5, column 1"),
                bad("infinite label", x(6), with(y(6), -inf, 1, 0), "Labels", "-Infinity in row 1, column 0"),
                bad("NaN in a view", with(view, nan, 3, 1), y(6), "Features", "NaN in row 3, column 1"),
                bad("NaN in f order", with(x(6).dup('f'), nan, 3, 1), y(6), "Features", "NaN in row 3, column 1"),
                bad("NaN label in f order", x(6), with(y(6).dup('f'), nan, 3, 1), "Labels", "NaN in row 3, column 1"),
                bad(
                        "NaN in float32",
                        with(x(6).castTo(DataType.FLOAT), nan, 2, 0),
                        y(6),
                        "Features",
                        "NaN in row 2, column 0"),
                bad(
                        "NaN in half precision",
                        with(x(6).castTo(DataType.HALF), nan, 2, 0),
                        y(6),
                        "Features",
                        "NaN in row 2, column 0"),
                bad("too few labels", x(6), y(5), "Labels", "[6, 3]", "[5, 3]"),
                bad("too many label columns", x(6), Nd4j.zeros(DataType.DOUBLE, 6, 4), "Labels", "[6, 3]", "[6, 4]"),
                bad("class numbers", x(6), Nd4j.zeros(DataType.DOUBLE, 6, 1), "Labels", "[6, 3]", "[6, 1]"),
                bad("labels of rank 1", x(3), Nd4j.zeros(DataType.DOUBLE, 3), "Labels", "[3, 3]", "[3]"),
                bad("labels of rank 3", x(6), Nd4j.zeros(DataType.DOUBLE, 6, 3, 1), "Labels", "[6, 3]", "[6, 3, 1]"),
                bad("too few features", Nd4j.zeros(DataType.DOUBLE, 6, 3), y(6), "Features", "[batch, 4]", "[6, 3]"),
                bad("transposed features", x(6).transpose(), y(6), "Features", "[batch, 4]", "[4, 6]"),
                bad("features of rank 1", Nd4j.zeros(DataType.DOUBLE, 4), y(1), "Features", "[batch, 4]", "[4]"),
                bad(
                        "features of rank 3",
                        Nd4j.zeros(DataType.DOUBLE, 6, 4, 1),
                        y(6),
                        "Features",
                        "[batch, 4]",
                        "[6, 4, 1]"),
                mask("mask of too many rows", Nd4j.ones(DataType.DOUBLE, 7, 1), "label mask", "[6, 1]", "[7, 1]"),
                mask("mask of two columns", Nd4j.ones(DataType.DOUBLE, 6, 2), "label mask", "[6, 1]", "[6, 2]"),
                mask("transposed mask", Nd4j.ones(DataType.DOUBLE, 1, 6), "label mask", "[6, 1]", "[1, 6]"),
                mask("mask of rank 1", Nd4j.ones(DataType.DOUBLE, 6), "label mask", "[6, 1]", "got [6]"),
                mask(
                        "mask of each output of a softmax",
                        Nd4j.ones(DataType.DOUBLE, 6, 3),
                        "label mask",
                        "[6, 1]",
                        "[6, 3]"),
                mask(
                        "fractional mask",
                        with(Nd4j.ones(DataType.DOUBLE, 6, 1), 0.5, 2, 0),
                        "label mask",
                        "zeros and ones",
                        "0.5 in row 2, column 0"),
                mask(
                        "NaN mask",
                        with(Nd4j.ones(DataType.DOUBLE, 6, 1), nan, 5, 0),
                        "label mask",
                        "zeros and ones",
                        "NaN in row 5, column 0"),
                Arguments.of(
                        "two different masks",
                        new Input(
                                x(6),
                                y(6),
                                Nd4j.ones(DataType.DOUBLE, 6, 1),
                                with(Nd4j.ones(DataType.DOUBLE, 6, 1), 0, 2, 0)),
                        new String[] {"feature mask", "[6, 1]", "label mask"}),
                Arguments.of(
                        "feature mask of each feature",
                        new Input(x(6), y(6), Nd4j.ones(DataType.DOUBLE, 6, 4), null),
                        new String[] {"feature mask", "[6, 4]", "[batch, 1]"}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("inputs")
    void isRefusedAndForgotten(String name, Input input, String[] words) {
        MultiLayerNetwork net = Small.attached(SGN);
        net.fit(Small.data(20));
        assertRefused(net, input, words);

        MultiLayerNetwork undisturbed = Small.attached(SGN);
        undisturbed.fit(Small.data(20));
        for (MultiLayerNetwork n : List.of(net, undisturbed)) {
            n.fit(Small.iterator());
        }
        assertArrayEquals(bits(undisturbed), bits(net));
        assertEquals(undisturbed.updaterState(), net.updaterState());
    }

    private static void assertRefused(MultiLayerNetwork net, Input input, String... words) {
        long[] before = bits(net);
        INDArray state = net.updaterState().dup();
        int iterations = net.getIterationCount();
        assertFails(
                IllegalArgumentException.class,
                () -> net.fit(input.features, input.labels, input.featureMask, input.labelMask),
                words);
        assertArrayEquals(before, bits(net));
        assertEquals(state, net.updaterState());
        assertEquals(iterations, net.getIterationCount());
        DataSet data = new DataSet(input.features, input.labels, input.featureMask, input.labelMask);
        assertFails(IllegalArgumentException.class, () -> net.fit(Small.iterator(data)), words);
        assertArrayEquals(before, bits(net));
    }

    @Test
    void aMaskOfEachOutputIsChecked() {
        Layer[] layers = {Small.layers()[0], Small.output(5, Small.CLASSES, LossFunction.XENT, Activation.SIGMOID)};
        MultiLayerNetwork net = GaussNewton.attach(Small.network(SGN, conf -> {}, layers));
        INDArray ones = Nd4j.ones(DataType.DOUBLE, 6, Small.CLASSES);
        net.fit(x(6), y(6), null, ones);
        assertRefused(net, new Input(x(6), y(6), null, with(ones, 2, 4, 1)), "label mask", "2.0 in row 4, column 1");
        assertRefused(net, new Input(x(6), y(6), null, Nd4j.ones(DataType.DOUBLE, 3, 6)), "[6, 1] or [6, 3]", "[3, 6]");
    }

    @Test
    void anEmptyBatchIsRefused() {
        MultiLayerNetwork net = Small.attached(SGN);
        long[] before = bits(net);
        INDArray nothing = Nd4j.zeros(DataType.DOUBLE, 0, Small.INPUTS);
        assertThrows(IllegalArgumentException.class, () -> net.fit(nothing, Nd4j.zeros(DataType.DOUBLE, 0, 3)));
        assertFails(
                IllegalArgumentException.class,
                () -> net.fit(x(6), Nd4j.zeros(DataType.DOUBLE, 0, Small.CLASSES)),
                "empty",
                "[0, 3]");
        assertArrayEquals(before, bits(net));
    }

    @Test
    @SuppressWarnings("NullAway") // what an unchecked caller does
    void missingArraysAreRefused() {
        MultiLayerNetwork net = Small.attached(SGN);
        long[] before = bits(net);
        assertFails(IllegalArgumentException.class, () -> net.fit(x(6), (INDArray) null), "Labels are missing");
        assertFails(IllegalArgumentException.class, () -> net.fit((INDArray) null, y(6)), "Features are missing");
        assertArrayEquals(before, bits(net));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 3, 0.5, Double.NaN, 1e9})
    void classIndicesOutsideTheirRangeAreRefused(double bad) {
        Layer[] layers = {
            Small.layers()[0], Small.output(5, Small.CLASSES, LossFunction.SPARSE_MCXENT, Activation.SOFTMAX)
        };
        MultiLayerNetwork net = GaussNewton.attach(Small.network(SGN, conf -> {}, layers));
        INDArray classes = Nd4j.createFromArray(0.0, 1.0, 2.0, 1.0, 0.0, 2.0).reshape(6, 1);
        net.fit(x(6), classes);
        assertRefused(
                net,
                new Input(x(6), with(classes, bad, 3, 0), null, null),
                "Labels",
                String.valueOf(bad),
                "row 3, column 0");
        net.fit(x(6), classes.castTo(DataType.INT));
        assertEquals(2, net.getIterationCount());
    }

    @ParameterizedTest
    @ValueSource(strings = {"FLOAT", "DOUBLE"})
    void anOverflowOfTheLossBeforeTheStepIsRefused(DataType type) {
        Layer[] layers = {Small.layers()[0], Small.output(5, Small.CLASSES, LossFunction.MSE, Activation.IDENTITY)};
        MultiLayerNetwork net = GaussNewton.attach(Small.network(SGN, conf -> conf.dataType(type), layers));
        net.getParam("1_W").assign(type == DataType.FLOAT ? 1e30 : 1e200);
        long[] before = bits(net);
        assertFails(
                IllegalStateException.class,
                () -> net.fit(x(6), y(6)),
                "The loss is Infinity before the step",
                "scale");
        assertArrayEquals(before, bits(net));
        net.getParam("1_W").assign(0.1);
        net.fit(x(6), y(6));
        assertEquals(1, net.getIterationCount());
    }

    @Test
    void doublesThatOverflowAFloatNetworkAreNamed() {
        MultiLayerNetwork net =
                GaussNewton.attach(Small.network(SGN, conf -> conf.dataType(DataType.FLOAT), Small.layers()));
        assertFails(
                IllegalArgumentException.class,
                () -> net.fit(with(x(6), 1e300, 1, 2), y(6)),
                "Features",
                "FLOAT",
                "Infinity in row 1, column 2");
    }

    /** A parameter that is not finite can hide behind a saturated or dead unit. */
    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void parametersThatAreNotFiniteAreRefused(double bad) {
        for (String parameter : List.of("0_W", "0_b", "1_W", "1_b")) {
            MultiLayerNetwork net = Small.attached(SGN);
            net.getParam(parameter).putScalar(0, bad);
            long[] before = bits(net);
            assertFails(
                    IllegalStateException.class, () -> net.fit(Small.data(20)), "parameters hold " + bad, "good state");
            assertArrayEquals(before, bits(net));
        }
    }

    @Test
    void aLinearizationRefusesTheSame() {
        try (Linearization at = GaussNewton.linearize(Small.network(SGN))) {
            assertFails(
                    IllegalArgumentException.class,
                    () -> at.at(with(x(6), Double.NaN, 4, 2), y(6)),
                    "Features",
                    "NaN in row 4, column 2");
            assertFails(IllegalArgumentException.class, () -> at.at(x(6), y(5)), "Labels", "[6, 3]");
            assertThrows(IllegalStateException.class, at::loss);
            at.at(x(6), y(6));
            INDArray tooShort = Nd4j.ones(DataType.DOUBLE, 5);
            assertFails(IllegalArgumentException.class, () -> at.jvp(tooShort), "v must", "43", "[5]");
            assertFails(IllegalArgumentException.class, () -> at.vjp(tooShort), "u must", "[6, 3]", "[5]");
        }
    }

    @Test
    @SuppressWarnings("NullAway") // what an unchecked caller does
    void whatIsNullIsNamed() {
        try (Linearization at = GaussNewton.linearize(Small.network(SGN))) {
            assertFails(NullPointerException.class, () -> at.at((DataSet) null), "batch must not be null");
            assertFails(NullPointerException.class, () -> at.at((MultiDataSet) null), "batch must not be null");
        }
        assertFails(NullPointerException.class, () -> GaussNewton.report(null), "net must not be null");
    }
}
