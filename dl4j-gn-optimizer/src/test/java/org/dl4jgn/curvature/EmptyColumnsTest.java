package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Networks.classes;
import static org.dl4jgn.testing.Networks.dense;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.oneHot;
import static org.dl4jgn.testing.Networks.output;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Mini-batches of which many features are zero in every example, each with other such features than the one before. */
class EmptyColumnsTest {

    private static final int B = 20;
    private static final int IN = 160;
    private static final int OUT = 3;

    private static MultiLayerNetwork network(DataType type) {
        return Networks.of(
                type,
                dense(IN, 6, Activation.TANH),
                dense(6, 5, Activation.TANH),
                output(5, OUT, Activation.SOFTMAX, new LossMCXENT()));
    }

    /** Features of which those before {@code from} are zero. */
    private static INDArray features(DataType type, int from) {
        INDArray x = normal(7 + from, 1.0, B, IN).castTo(type);
        x.get(NDArrayIndex.all(), NDArrayIndex.interval(0, from)).assign(0);
        return x;
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void productsAreThoseOfTheJacobianAndGradientsThoseOfDl4j(DataType type) {
        MultiLayerNetwork net = network(type);
        INDArray y = oneHot(classes(3, B, OUT), OUT).castTo(type);
        try (Linearization at = GaussNewton.linearize(net)) {
            for (int from : new int[] {100, 1, 130, 159}) {
                INDArray x = features(type, from);
                at.at(x, y);
                // by its own pass, in float64 and of all features
                INDArray j = at.jacobian().castTo(DataType.DOUBLE);
                INDArray v = normal(from, 1.0, net.numParams());
                INDArray jv = at.jvp(v.castTo(type)).castTo(DataType.DOUBLE);
                assertClose(
                        j.mmul(v.reshape(v.length(), 1)),
                        jv.reshape(B * OUT, 1),
                        Tolerances.products(type),
                        "Jv, from " + from);
                INDArray u = normal(from + 1, 1.0, B, OUT);
                assertClose(
                        j.transpose().mmul(u.reshape(B * OUT, 1)),
                        at.vjp(u.castTo(type)).castTo(DataType.DOUBLE).reshape(v.length(), 1),
                        Tolerances.products(type),
                        "Jᵀu, from " + from);
                assertClose(
                        Dl4j.of(net, x, y, null).gradient(),
                        at.gradient(),
                        Tolerances.products(type),
                        "g, from " + from);
            }
        }
    }

    @Test
    void featuresThatAreAllZeroHaveTheirBiasesOnly() {
        MultiLayerNetwork net = network(DataType.DOUBLE);
        INDArray x = Nd4j.zeros(DataType.DOUBLE, B, IN);
        INDArray y = oneHot(classes(3, B, OUT), OUT).castTo(DataType.DOUBLE);
        try (Linearization at = GaussNewton.linearize(net).at(x, y)) {
            INDArray g = at.gradient();
            assertClose(0, g.get(NDArrayIndex.interval(0, IN * 6)).norm2Number().doubleValue(), 0, "of weights");
            assertClose(Dl4j.of(net, x, y, null).gradient(), g, Tolerances.products(DataType.DOUBLE), "g");
        }
    }

    /** The loss does not know of it, as its weight is not read. */
    @Test
    void aParameterThatIsNoNumberIsFoundWhereItMeetsNothing() {
        MultiLayerNetwork net = GaussNewton.attach(Networks.of(
                DataType.DOUBLE,
                settings -> settings.updater(Sgn.builder().build()),
                dense(IN, 6, Activation.TANH),
                output(6, OUT, Activation.SOFTMAX, new LossMCXENT())));
        net.params().putScalar(0, Double.NaN);
        INDArray before = net.params().dup();
        DataSet batch = new DataSet(features(DataType.DOUBLE, 100), oneHot(classes(3, B, OUT), OUT));
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> net.fit(batch));
        assertTrue(e.getMessage().contains("parameters hold NaN"), e.getMessage());
        assertArrayEquals(before.toDoubleVector(), net.params().toDoubleVector());
    }
}
