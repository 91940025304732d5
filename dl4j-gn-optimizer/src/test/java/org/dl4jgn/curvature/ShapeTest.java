package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Networks.classes;
import static org.dl4jgn.testing.Networks.dense;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.oneHot;
import static org.dl4jgn.testing.Networks.output;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.FLOAT;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.testing.DenseGaussNewton;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.Matrix;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.PosedNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossPoisson;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** Networks, batches and arrays of every shape and layout. */
class ShapeTest {

    /** A network for {@code batch} examples; its last two layers say what outputs and loss it has. */
    record Shape(String name, int batch, int inputs, int outputs, Layer... layers) {

        MultiLayerNetwork network(DataType type) {
            MultiLayerNetwork net = Networks.of(type, layers);
            long widest = Stream.of(layers)
                    .filter(FeedForwardLayer.class::isInstance)
                    .mapToLong(l -> ((FeedForwardLayer) l).getNIn())
                    .max()
                    .orElseThrow();
            // pre-activations of order one whatever the width
            net.setParams(net.params().mul(Math.min(1.0, 2 / Math.sqrt(widest))));
            return net;
        }

        Layer last() {
            return layers[layers.length - 1];
        }

        ILossFunction loss() {
            return last() instanceof LossLayer l ? l.getLossFn() : ((BaseOutputLayer) last()).getLossFn();
        }

        INDArray features() {
            return normal(2, 1.0, batch, inputs);
        }

        INDArray labels() {
            return loss() instanceof LossMCXENT
                    ? oneHot(classes(3, batch, outputs), outputs)
                    : Networks.bits(3, batch, outputs);
        }

        Matrix q(INDArray z) {
            return last() instanceof LossLayer l
                    ? DenseGaussNewton.hessian(l.getLossFn(), l.getActivationFn(), z, labels(), null)
                    : DenseGaussNewton.hessian(loss(), ((BaseOutputLayer) last()).getActivationFn(), z, labels(), null);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Layer mse(int in, int out) {
        return output(in, out, Activation.IDENTITY, new LossMSE());
    }

    private static Layer softmax(int in, int out) {
        return output(in, out, Activation.SOFTMAX, new LossMCXENT());
    }

    private static Layer dense(int in, int out) {
        return Networks.dense(in, out, Activation.TANH);
    }

    private static Layer withoutBias(int in, int out) {
        return new DenseLayer.Builder()
                .nIn(in)
                .nOut(out)
                .activation(Activation.SIGMOID)
                .hasBias(false)
                .build();
    }

    private static Layer outputWithoutBias(int in, int out, Activation activation, ILossFunction loss) {
        return new OutputLayer.Builder(loss)
                .nIn(in)
                .nOut(out)
                .activation(activation)
                .hasBias(false)
                .build();
    }

    private static Layer loss(Activation activation, ILossFunction loss) {
        return new LossLayer.Builder(loss).activation(activation).build();
    }

    private static Layer activation(Activation activation) {
        return new ActivationLayer(activation);
    }

    static Stream<Shape> shapes() {
        return Stream.of(
                new Shape("batch of one", 1, 3, 2, dense(3, 4), mse(4, 2)),
                new Shape("batch of one, softmax", 1, 3, 4, dense(3, 5), softmax(5, 4)),
                new Shape("one input", 5, 1, 2, dense(1, 4), mse(4, 2)),
                new Shape("one hidden unit", 5, 3, 2, dense(3, 1), softmax(1, 2)),
                new Shape("one output", 5, 3, 1, dense(3, 4), mse(4, 1)),
                new Shape(
                        "one probability",
                        5,
                        3,
                        1,
                        dense(3, 4),
                        output(4, 1, Activation.SIGMOID, new LossBinaryXENT())),
                new Shape("one of everything", 1, 1, 1, dense(1, 1), mse(1, 1)),
                new Shape("one parameter", 1, 1, 1, outputWithoutBias(1, 1, Activation.IDENTITY, new LossMSE())),
                new Shape("no hidden layer", 5, 3, 3, softmax(3, 3)),
                new Shape("many inputs", 6, 300, 3, dense(300, 4), softmax(4, 3)),
                new Shape("wide", 6, 4, 3, dense(4, 300), dense(300, 200), softmax(200, 3)),
                new Shape("many outputs", 3, 4, 40, dense(4, 5), softmax(5, 40)),
                new Shape("many examples", 130, 3, 2, dense(3, 4), mse(4, 2)),
                new Shape(
                        "deep",
                        5,
                        3,
                        2,
                        dense(3, 6),
                        dense(6, 5),
                        dense(5, 6),
                        dense(6, 5),
                        dense(5, 6),
                        dense(6, 5),
                        dense(5, 6),
                        dense(6, 5),
                        mse(5, 2)),
                new Shape(
                        "no bias",
                        5,
                        3,
                        3,
                        withoutBias(3, 4),
                        outputWithoutBias(4, 3, Activation.SOFTMAX, new LossMCXENT())),
                new Shape("no bias in some", 5, 3, 2, withoutBias(3, 4), dense(4, 4), withoutBias(4, 4), mse(4, 2)),
                new Shape(
                        "activation layers",
                        5,
                        3,
                        2,
                        activation(Activation.SOFTSIGN),
                        Networks.dense(3, 4, Activation.IDENTITY),
                        activation(Activation.SIGMOID),
                        activation(Activation.CUBE),
                        softmax(4, 2)),
                new Shape(
                        "loss layer",
                        5,
                        3,
                        3,
                        dense(3, 4),
                        Networks.dense(4, 3, Activation.IDENTITY),
                        loss(Activation.SOFTMAX, new LossMCXENT())),
                new Shape(
                        "loss layer on an activation",
                        5,
                        3,
                        2,
                        dense(3, 4),
                        dense(4, 2),
                        activation(Activation.SELU),
                        loss(Activation.SIGMOID, new LossBinaryXENT())));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void lossAndGradientAreDl4js(Shape shape) {
        MultiLayerNetwork net = shape.network(DataType.DOUBLE);
        Dl4j expected = Dl4j.of(net, shape.features(), shape.labels(), null);
        try (Linearization at = GaussNewton.linearize(net).at(shape.features(), shape.labels())) {
            assertClose(expected.score(), at.loss(), ROUNDING, "loss");
            assertClose(expected.gradient(), at.gradient(), ROUNDING, "gradient");
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void productsAreThoseOfTheJacobianAndTheDenseCurvature(Shape shape) {
        MultiLayerNetwork net = shape.network(DataType.DOUBLE);
        INDArray x = shape.features();
        INDArray y = shape.labels();
        INDArray v = normal(4, 1.0, net.numParams());
        INDArray u = normal(5, 1.0, shape.batch, shape.outputs);
        try (Linearization at = GaussNewton.linearize(net)) {
            INDArray expected =
                    FiniteDifferences.along(net, v, () -> at.at(x, y).preOutput());
            INDArray jv = at.at(x, y).jvp(v);
            assertClose(expected, jv, FINITE_DIFFERENCE, "Jv");
            assertClose(
                    u.mul(jv).sumNumber().doubleValue(),
                    v.mul(at.vjp(u)).sumNumber().doubleValue(),
                    ROUNDING,
                    "⟨u, Jv⟩");
            double[] qjv = shape.q(at.preOutput()).times(jv.data().asDouble());
            INDArray hv = at.vjp(Nd4j.createFromArray(qjv).reshape(shape.batch, shape.outputs))
                    .div(shape.batch);
            assertClose(hv, at.ggnVectorProduct(v), FINITE_DIFFERENCE, "Hv");
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void float32AgreesWithFloat64(Shape shape) {
        MultiLayerNetwork net = shape.network(DataType.DOUBLE);
        INDArray v = normal(4, 1.0, net.numParams());
        INDArray u = normal(5, 1.0, shape.batch, shape.outputs);
        try (Linearization expected = GaussNewton.linearize(net).at(shape.features(), shape.labels());
                Linearization actual =
                        GaussNewton.linearize(shape.network(DataType.FLOAT)).at(shape.features(), shape.labels())) {
            assertEquals(DataType.FLOAT, actual.gradient().dataType());
            assertClose(expected.loss(), actual.loss(), FLOAT, "loss");
            assertClose(expected.gradient(), actual.gradient(), FLOAT, "gradient");
            assertClose(expected.jvp(v), actual.jvp(v), FLOAT, "Jv");
            assertClose(expected.vjp(u), actual.vjp(u), FLOAT, "Jᵀu");
            assertClose(expected.ggnVectorProduct(v), actual.ggnVectorProduct(v), FLOAT, "Hv");
        }
    }

    // ---- batches of changing size -----------------------------------------------------------------------------------

    @Test
    void batchesOfChangingSizeDoNotDisturbEachOther() {
        MultiLayerNetwork net = Networks.of(DataType.DOUBLE, dense(3, 4), softmax(4, 3));
        INDArray v = normal(4, 1.0, net.numParams());
        try (Linearization at = GaussNewton.linearize(net)) {
            // seven sizes, more than plans are kept, forth and back, with and without masks
            for (int b : new int[] {7, 3, 1, 5, 2, 9, 7, 4, 3, 7, 1, 5}) {
                INDArray x = normal(b, 1.0, b, 3);
                INDArray y = oneHot(classes(b, b, 3), 3);
                INDArray mask = b % 2 == 1 ? null : Networks.bits(b, b, 1);
                try (Linearization fresh = GaussNewton.linearize(net).at(x, y, mask)) {
                    at.at(x, y, mask);
                    assertEquals(fresh.loss(), at.loss(), "batch of " + b);
                    assertEquals(fresh.gradient(), at.gradient(), "batch of " + b);
                    assertEquals(fresh.ggnVectorProduct(v), at.ggnVectorProduct(v), "batch of " + b);
                    assertEquals(fresh.preOutput(), at.preOutput(), "batch of " + b);
                }
            }
        }
    }

    // ---- layouts and types of arrays --------------------------------------------------------------------------------

    private static final INDArray X = roundedToFloat(normal(2, 1.0, 5, 3));
    private static final INDArray Y = roundedToFloat(normal(3, 1.0, 5, 2));

    private static INDArray roundedToFloat(INDArray array) {
        return array.castTo(DataType.FLOAT).castTo(DataType.DOUBLE);
    }

    enum Layout {
        F_ORDER {
            @Override
            INDArray of(INDArray a) {
                return a.dup('f');
            }
        },
        FLOAT_TYPE {
            @Override
            INDArray of(INDArray a) {
                return a.castTo(DataType.FLOAT);
            }
        },
        FLOAT_F_ORDER {
            @Override
            INDArray of(INDArray a) {
                return a.castTo(DataType.FLOAT).dup('f');
            }
        },
        FIRST_ROWS_OF_MORE {
            @Override
            INDArray of(INDArray a) {
                return Nd4j.vstack(a, a).get(NDArrayIndex.interval(0, a.size(0)));
            }
        },
        MIDDLE_ROWS_OF_MORE {
            @Override
            INDArray of(INDArray a) {
                return Nd4j.vstack(a.mul(2), a, a.mul(3))
                        .get(NDArrayIndex.interval(a.size(0), 2 * a.size(0)), NDArrayIndex.all());
            }
        },
        SOME_COLUMNS_OF_MORE {
            @Override
            INDArray of(INDArray a) {
                return Nd4j.hstack(a.mul(2), a, a.mul(3))
                        .get(NDArrayIndex.all(), NDArrayIndex.interval(a.size(1), 2 * a.size(1)));
            }
        },
        COLUMNS_OF_F_ORDER {
            @Override
            INDArray of(INDArray a) {
                return Nd4j.hstack(a.mul(2), a)
                        .dup('f')
                        .get(NDArrayIndex.all(), NDArrayIndex.interval(a.size(1), 2 * a.size(1)));
            }
        },
        TRANSPOSED {
            @Override
            INDArray of(INDArray a) {
                return a.transpose().dup('c').transpose();
            }
        },
        EVERY_SECOND_ROW {
            @Override
            INDArray of(INDArray a) {
                INDArray twice = Nd4j.create(a.dataType(), 2 * a.size(0), a.size(1));
                INDArray view = twice.get(NDArrayIndex.interval(0, 2, 2 * a.size(0)), NDArrayIndex.all());
                return view.assign(a);
            }
        };

        abstract INDArray of(INDArray a);
    }

    static Stream<Arguments> layouts() {
        Layout[] all = Layout.values();
        return Stream.of(all).map(x -> Arguments.of(x, all[(x.ordinal() + 4) % all.length]));
    }

    /** By the path that training takes, where features are read in place. */
    @ParameterizedTest
    @MethodSource("layouts")
    void layoutOfTheBatchDoesNotMatter(Layout ofFeatures, Layout ofLabels) {
        try (PosedNetwork at = new PosedNetwork(Networks.of(DataType.DOUBLE, dense(3, 4), mse(4, 2)), X, Y)) {
            List<INDArray> expected = lossAndProducts(at, X, Y);
            List<INDArray> actual = lossAndProducts(at, ofFeatures.of(X), ofLabels.of(Y));
            for (int i = 0; i < expected.size(); i++) {
                assertClose(expected.get(i), actual.get(i), 1e-15, "result " + i);
            }
        }
    }

    private static List<INDArray> lossAndProducts(PosedNetwork at, INDArray x, INDArray y) {
        at.pose(x, y, null, at.theta());
        INDArray product = at.newVector();
        at.gaussNewton().apply(normal(4, 1.0, at.parameterCount()), product);
        return List.of(Nd4j.scalar(at.point().value()), at.gradient().dup(), product);
    }

    static Stream<Layout> layoutsOfVectors() {
        return Stream.of(Layout.F_ORDER, Layout.FLOAT_TYPE, Layout.FIRST_ROWS_OF_MORE, Layout.EVERY_SECOND_ROW);
    }

    @ParameterizedTest
    @MethodSource("layoutsOfVectors")
    void layoutOfVectorsDoesNotMatter(Layout layout) {
        MultiLayerNetwork net = Networks.of(DataType.DOUBLE, dense(3, 4), mse(4, 2));
        INDArray v = roundedToFloat(normal(4, 1.0, net.numParams(), 1));
        INDArray flat = v.reshape(v.length());
        INDArray likewise = layout.of(v).reshape(v.length());
        try (Linearization at = GaussNewton.linearize(net).at(X, Y)) {
            assertEquals(at.jvp(flat), at.jvp(likewise));
            assertEquals(at.ggnVectorProduct(flat), at.ggnVectorProduct(likewise));
            assertEquals(at.vjp(Y), at.vjp(layout.of(Y)));
        }
    }

    static Stream<INDArray> classLabels() {
        INDArray classes = classes(3, 5, 3);
        return Stream.of(
                classes.castTo(DataType.FLOAT),
                classes.castTo(DataType.INT),
                classes.castTo(DataType.LONG),
                classes.castTo(DataType.UBYTE),
                classes.reshape(5),
                classes.castTo(DataType.INT).reshape(5),
                Nd4j.hstack(classes.add(1), classes).getColumn(1, true));
    }

    @ParameterizedTest
    @MethodSource("classLabels")
    void classesMayBeOfAnyTypeAndRank(INDArray labels) {
        MultiLayerNetwork sparse =
                Networks.of(DataType.DOUBLE, dense(3, 4), output(4, 3, Activation.SOFTMAX, new LossSparseMCXENT()));
        MultiLayerNetwork full = Networks.of(DataType.DOUBLE, dense(3, 4), softmax(4, 3));
        try (Linearization expected = GaussNewton.linearize(full).at(X, oneHot(classes(3, 5, 3), 3));
                Linearization actual = GaussNewton.linearize(sparse).at(X, labels)) {
            assertEquals(expected.loss(), actual.loss());
            assertEquals(expected.gradient(), actual.gradient());
        }
    }

    @Test
    void labelsMayBeIntegersOrBooleans() {
        MultiLayerNetwork net =
                Networks.of(DataType.DOUBLE, dense(3, 4), output(4, 2, Activation.SOFTPLUS, new LossPoisson()));
        INDArray labels = Networks.bits(3, 5, 2);
        try (Linearization at = GaussNewton.linearize(net)) {
            double expected = at.at(X, labels).loss();
            for (DataType type : List.of(DataType.INT, DataType.LONG, DataType.BOOL, DataType.FLOAT)) {
                assertEquals(expected, at.at(X, labels.castTo(type)).loss(), type.toString());
            }
        }
    }
}
