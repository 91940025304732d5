package org.dl4jgn.loss;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Networks.dense;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.output;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.curvature.Linearization;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Cosh;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.ops.transforms.Transforms;

/** A loss of a user's own: registered, trained with, and not in the way of others. */
class OutputLossesTest {

    private static final INDArray X = normal(2, 1.0, 40, 3);
    private static final INDArray Y = Transforms.tanh(X.mmul(normal(3, 1.0, 3, 2)));

    /** ℓ = log cosh(o − y), as DL4J wants it: for score() and evaluation. */
    public static class LogCosh implements ILossFunction {

        private static final long serialVersionUID = 1L;

        @Override
        public INDArray computeScoreArray(INDArray y, INDArray z, IActivation activation, @Nullable INDArray mask) {
            INDArray error = activation.getActivation(z.dup(), true).sub(y);
            INDArray loss = Transforms.log(Transforms.cosh(error));
            return (mask == null ? loss : loss.muli(mask)).sum(true, 1);
        }

        @Override
        public double computeScore(
                INDArray y, INDArray z, IActivation activation, @Nullable INDArray mask, boolean average) {
            double sum = computeScoreArray(y, z, activation, mask).sumNumber().doubleValue();
            return average ? sum / z.size(0) : sum;
        }

        @Override
        public INDArray computeGradient(INDArray y, INDArray z, IActivation activation, @Nullable INDArray mask) {
            INDArray error = activation.getActivation(z.dup(), true).sub(y);
            INDArray gradient = activation.backprop(z, Transforms.tanh(error)).getFirst();
            return mask == null ? gradient : gradient.muli(mask);
        }

        @Override
        public Pair<Double, INDArray> computeGradientAndScore(
                INDArray y, INDArray z, IActivation activation, @Nullable INDArray mask, boolean average) {
            return new Pair<>(computeScore(y, z, activation, mask, average), computeGradient(y, z, activation, mask));
        }

        @Override
        public String name() {
            return "LogCosh";
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /** The same for training: ℓ′ = tanh(o − y), ℓ″ = 1 − ℓ′². */
    private static final class LogCoshOfOutput extends PointwiseLoss {

        private final INDArray logarithm;
        private final INDArray ones;

        LogCoshOfOutput(Arrays at) {
            super(at);
            INDArray error = at.memory().array();
            logarithm = at.memory().array();
            ones = at.omega() == null ? at.memory().filled(1.0) : at.omega();
            evaluate.subtract(at.o(), at.y(), error)
                    .legacy(new Cosh(error, logarithm))
                    .legacy(new Log(logarithm, logarithm));
            differentiate
                    .apply("tanh", error, at.first())
                    .multiply(at.first(), at.first(), at.second())
                    .subtract(at.memory().scalar(1.0), at.second(), at.second());
            weigh(differentiate, at.first());
            weigh(differentiate, at.second());
        }

        @Override
        public double sum() {
            evaluate.run();
            return Vectors.dot(ones, logarithm);
        }
    }

    private static final LossTranslator<LogCosh> TRANSLATOR = new LossTranslator<>() {
        @Override
        public String name() {
            return "LOG_COSH";
        }

        @Override
        public OutputLoss create(LogCosh loss, LossInputs inputs) {
            return inputs.pointwise(LogCoshOfOutput::new);
        }
    };

    @BeforeAll
    static void register() {
        OutputLosses.register(LogCosh.class, TRANSLATOR);
    }

    private static MultiLayerNetwork network(Activation activation, IUpdater updater) {
        return Networks.of(
                DataType.DOUBLE,
                conf -> conf.updater(updater),
                dense(3, 6, Activation.TANH),
                output(6, 2, activation, new LogCosh()));
    }

    @Test
    void aLossOfOnesOwnTrains() {
        for (IUpdater updater : List.of(Sgn.builder().build(), Egn.builder().build())) {
            MultiLayerNetwork net = GaussNewton.attach(network(Activation.IDENTITY, updater));
            double before = net.score(new DataSet(X, Y));
            for (int i = 0; i < 30; i++) {
                net.fit(X, Y);
            }
            double after = net.score(new DataSet(X, Y));
            assertTrue(after < 0.1 * before, () -> updater + ": from " + before + " to " + after);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IDENTITY", "SIGMOID", "SOFTMAX", "SOFTPLUS"})
    void itsScoreGradientAndProductsAreDl4js(Activation activation) {
        MultiLayerNetwork net = network(activation, Sgn.builder().build());
        INDArray mask = Networks.bits(5, 40, 1);
        INDArray v = normal(9, 1.0, net.numParams());
        try (Linearization at = GaussNewton.linearize(net).at(X, Y, mask)) {
            Dl4j expected = Dl4j.of(network(activation, new org.nd4j.linalg.learning.config.Sgd(0.1)), X, Y, mask);
            assertClose(expected.score(), at.loss(), ROUNDING, "loss");
            assertClose(expected.gradient(), at.gradient(), ROUNDING, "gradient");
            double slope =
                    FiniteDifferences.along(net, v, () -> at.at(X, Y, mask).loss());
            assertClose(
                    slope, at.at(X, Y, mask).gradient().mul(v).sumNumber().doubleValue(), FINITE_DIFFERENCE, "slope");
            assertTrue(at.ggnVectorProduct(v).mul(v).sumNumber().doubleValue() > 0);
        }
    }

    @Test
    void anEntryIsNeverReplaced() {
        assertFails(
                IllegalArgumentException.class,
                () -> OutputLosses.register(LogCosh.class, TRANSLATOR),
                "LogCosh is registered already, as LOG_COSH");
        assertFails(
                IllegalArgumentException.class,
                () -> OutputLosses.register(LossMSE.class, SquaredError.sum()),
                "LossMSE is registered already, as MSE");
        assertEquals(
                "MSE (SQUARED_LOSS)", OutputLosses.entries().get(LossMSE.class).name());
    }

    /** It may compute something else. */
    @Test
    void aSubclassIsNotItsBaseClass() {
        ILossFunction subclass = new LossMSE() {
            private static final long serialVersionUID = 1L;
        };
        MultiLayerNetwork net = Networks.of(DataType.DOUBLE, output(3, 2, Activation.IDENTITY, subclass));
        String message =
                assertFails(UnsupportedNetworkException.class, () -> GaussNewton.linearize(net), "Supported: ");
        for (String name : List.of(
                "LOG_COSH", "MCXENT", "MSE", "NEGATIVELOGLIKELIHOOD", "POISSON", "SPARSE_MCXENT", "L2", "XENT")) {
            assertTrue(message.contains(name), () -> name + " is not in " + message);
        }
    }
}
