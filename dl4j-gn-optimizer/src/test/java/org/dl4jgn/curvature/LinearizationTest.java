package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Networks.classes;
import static org.dl4jgn.testing.Networks.dense;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.output;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.testing.Networks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** States, arguments and returned arrays of a linearization. */
class LinearizationTest {

    private static final INDArray X = normal(2, 1.0, 4, 3);
    private static final INDArray Y = normal(3, 1.0, 4, 2);

    private static MultiLayerNetwork net() {
        return Networks.of(
                DataType.DOUBLE, dense(3, 5, Activation.TANH), output(5, 2, Activation.IDENTITY, new LossMSE()));
    }

    static Stream<Consumer<Linearization>> queries() {
        INDArray v = Nd4j.ones(DataType.DOUBLE, 32);
        return Stream.of(
                Linearization::loss,
                Linearization::preOutput,
                Linearization::gradient,
                at -> at.jvp(v),
                at -> at.vjp(Y),
                at -> at.ggnVectorProduct(v));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void needsAPointFirst(Consumer<Linearization> query) {
        try (Linearization at = GaussNewton.linearize(net())) {
            assertFails(IllegalStateException.class, () -> query.accept(at), "Call at(features, labels) first");
        }
    }

    @ParameterizedTest
    @MethodSource("queries")
    void saysThatItIsClosed(Consumer<Linearization> query) {
        Linearization at = GaussNewton.linearize(net()).at(X, Y);
        at.close();
        assertFails(IllegalStateException.class, () -> query.accept(at), "closed");
    }

    @Test
    void takesNoPointWhenClosedAndMayBeClosedTwice() {
        Linearization at = GaussNewton.linearize(net()).at(X, Y);
        INDArray gradient = at.gradient();
        at.close();
        assertDoesNotThrow(at::close);
        assertFails(IllegalStateException.class, () -> at.at(X, Y), "closed");
        assertEquals(32, gradient.dup().length(), "what was returned stays usable");
    }

    static Stream<INDArray> vectorsOfAnotherShape() {
        return Stream.of(
                Nd4j.ones(DataType.DOUBLE, 31),
                Nd4j.ones(DataType.DOUBLE, 33),
                Nd4j.ones(DataType.DOUBLE, 16, 2),
                Nd4j.ones(DataType.DOUBLE, 32, 1));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("vectorsOfAnotherShape")
    void refusesAVectorOfAnotherShape(INDArray v) {
        try (Linearization at = GaussNewton.linearize(net()).at(X, Y)) {
            String message = "v must have shape [32], one element for each of the network's parameters, got ";
            assertFails(IllegalArgumentException.class, () -> at.jvp(v), message);
            assertFails(IllegalArgumentException.class, () -> at.ggnVectorProduct(v), message);
        }
    }

    static Stream<INDArray> cotangentsOfAnotherShape() {
        return Stream.of(
                Nd4j.ones(DataType.DOUBLE, 8),
                Nd4j.ones(DataType.DOUBLE, 2, 4),
                Nd4j.ones(DataType.DOUBLE, 3, 2),
                Nd4j.ones(DataType.DOUBLE, 4, 2, 1));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("cotangentsOfAnotherShape")
    void refusesACotangentOfAnotherShape(INDArray u) {
        try (Linearization at = GaussNewton.linearize(net()).at(X, Y)) {
            assertFails(IllegalArgumentException.class, () -> at.vjp(u), "u must have shape [4, 2], got ");
        }
    }

    static Stream<Arguments> badBatches() {
        INDArray nan = X.dup();
        nan.putScalar(2, 1, Double.NaN);
        INDArray infinite = Y.dup();
        infinite.putScalar(3, 0, Double.POSITIVE_INFINITY);
        INDArray half = Nd4j.ones(DataType.DOUBLE, 4, 1).mul(0.5);
        return Stream.of(
                Arguments.of(
                        nan, Y, null, "Features must hold finite numbers of type DOUBLE, got NaN in row 2, column 1"),
                Arguments.of(
                        X,
                        infinite,
                        null,
                        "Labels must hold finite numbers of type DOUBLE, got Infinity in row 3, column 0"),
                Arguments.of(
                        nan.dup('f'),
                        Y,
                        null,
                        "Features must hold finite numbers of type DOUBLE, got NaN in row 2, column 1"),
                Arguments.of(nan.castTo(DataType.FLOAT), Y, null, "got NaN in row 2, column 1"),
                Arguments.of(normal(2, 1.0, 4, 2), Y, null, "Features must have shape [batch, 3], got [4, 2]"),
                Arguments.of(normal(2, 1.0, 3), Y, null, "Features must have shape [batch, 3], got [3]"),
                Arguments.of(X, normal(2, 1.0, 4, 3), null, "Labels must have shape [4, 2]"),
                Arguments.of(X, normal(2, 1.0, 3, 2), null, "Labels must have shape [4, 2]"),
                Arguments.of(
                        X, Y, Nd4j.ones(DataType.DOUBLE, 3, 1), "mask must have shape [4, 1] or [4, 2], got [3, 1]"),
                Arguments.of(X, Y, half, "mask must hold zeros and ones, got 0.5"),
                Arguments.of(null, Y, null, "Features are missing"),
                Arguments.of(X, null, null, "Labels are missing"),
                Arguments.of(Nd4j.create(DataType.DOUBLE, 0, 3), Nd4j.create(DataType.DOUBLE, 0, 2), null, "is empty"));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("badBatches")
    void refusesABadBatchAndStaysWhereItWas(INDArray features, INDArray labels, INDArray mask, String message) {
        try (Linearization at = GaussNewton.linearize(net()).at(X, Y)) {
            INDArray v = normal(4, 1.0, 32);
            INDArray before = at.ggnVectorProduct(v);
            double loss = at.loss();
            assertFails(IllegalArgumentException.class, () -> at.at(features, labels, mask), message);
            assertEquals(before, at.ggnVectorProduct(v));
            assertEquals(loss, at.loss());
        }
    }

    @Test
    void refusesClassesOutOfRangeAndStaysWhereItWas() {
        MultiLayerNetwork net = Networks.of(
                DataType.DOUBLE,
                dense(3, 5, Activation.TANH),
                output(5, 3, Activation.SOFTMAX, new LossSparseMCXENT()));
        INDArray labels = classes(3, 4, 3);
        INDArray v = normal(4, 1.0, net.numParams());
        try (Linearization at = GaussNewton.linearize(net).at(X, labels)) {
            INDArray before = at.vjp(at.jvp(v));
            for (double wrong : List.of(3.0, -1.0, 0.5)) {
                INDArray others = labels.dup();
                others.putScalar(2, wrong);
                String message = "Labels must hold class indices from 0 to 2, got " + wrong + " in row 2, column 0";
                for (int b = 1; b <= 4; b++) {
                    INDArray features = normal(5, 1.0, 4 * b, 3);
                    INDArray several = Nd4j.vstack(others, classes(6, 4 * b, 3))
                            .get(org.nd4j.linalg.indexing.NDArrayIndex.interval(0, 4 * b));
                    assertFails(IllegalArgumentException.class, () -> at.at(features, several), message);
                }
                assertEquals(before, at.vjp(at.jvp(v)));
            }
        }
    }

    @Test
    void returnedArraysAreTheCallers() {
        MultiLayerNetwork net = net();
        INDArray parameters = net.params().dup();
        INDArray v = normal(4, 1.0, 32);
        try (Linearization at = GaussNewton.linearize(net)) {
            INDArray features = X.dup();
            INDArray labels = Y.dup();
            at.at(features, labels);
            List<INDArray> first = List.of(at.preOutput(), at.gradient(), at.jvp(v), at.vjp(Y), at.ggnVectorProduct(v));
            List<INDArray> copies = first.stream().map(INDArray::dup).toList();
            at.at(normal(8, 3.0, 4, 3), normal(9, 3.0, 4, 2));
            at.ggnVectorProduct(normal(10, 1.0, 32));
            assertEquals(copies, first, "later calls do not change them");
            at.at(features, labels);
            first.forEach(a -> a.assign(1e6));
            features.assign(1e6);
            labels.assign(1e6);
            assertEquals(
                    copies,
                    List.of(at.preOutput(), at.gradient(), at.jvp(v), at.vjp(Y), at.ggnVectorProduct(v)),
                    "changing them, or the batch, changes nothing");
        }
        assertEquals(parameters, net.params());
    }

    @Test
    void productsAreLinearAndRepeatable() {
        INDArray v = normal(4, 1.0, 32);
        INDArray w = normal(5, 1.0, 32);
        try (Linearization at = GaussNewton.linearize(net()).at(X, Y)) {
            INDArray first = at.ggnVectorProduct(v);
            INDArray sum = at.ggnVectorProduct(v.mul(2).add(w));
            assertTrue(sum.sub(first.mul(2))
                            .sub(at.ggnVectorProduct(w))
                            .norm2Number()
                            .doubleValue()
                    < 1e-12);
            at.jvp(w);
            at.vjp(Y);
            assertEquals(first, at.ggnVectorProduct(v), "bit for bit");
            assertEquals(at.jvp(v), at.jvp(v.reshape(1, 32)), "a row, as net.params() is");
        }
    }

    @Test
    void followsTheNetworksParameters() {
        MultiLayerNetwork net = net();
        try (Linearization at = GaussNewton.linearize(net)) {
            double before = at.at(X, Y).loss();
            net.setParams(net.params().mul(0.5));
            assertEquals(before, at.loss(), "only with the next point");
            double after = at.at(X, Y).loss();
            try (Linearization fresh = GaussNewton.linearize(net)) {
                assertEquals(fresh.at(X, Y).loss(), after);
            }
        }
    }
}
