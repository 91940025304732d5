package org.dl4jgn;

import static org.dl4jgn.testing.Small.bits;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.MinMaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.NonNegativeConstraint;
import org.deeplearning4j.nn.conf.constraint.UnitNormConstraint;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.curvature.Linearization;
import org.dl4jgn.testing.Searching;
import org.dl4jgn.testing.Small;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** l2 and constraints do what they do with DL4J's own optimizers. */
class RegularizationTest {

    private static final Sgn SGN = Searching.sgn().build();

    static Stream<Arguments> penalties() {
        return Stream.of(
                penalty("l2", conf -> conf.l2(0.3)),
                penalty("l2Bias", conf -> conf.l2Bias(0.3)),
                penalty("l2 and l2Bias", conf -> conf.l2(0.2).l2Bias(0.05)),
                penalty("a sum instead of a mean", conf -> conf.l2(0.3).miniBatch(false)),
                penalty(
                        "l2 by a schedule over iterations",
                        conf -> conf.regularization(List.of(new L2Regularization(
                                new MapSchedule(ScheduleType.ITERATION, Map.of(0, 0.3, 2, 0.1)))))),
                penalty(
                        "l2 by a schedule over epochs",
                        conf -> conf.regularization(List.of(
                                new L2Regularization(new MapSchedule(ScheduleType.EPOCH, Map.of(0, 0.3, 1, 0.1)))))));
    }

    private static Arguments penalty(String name, Consumer<NeuralNetConfiguration.Builder> settings) {
        return Arguments.of(name, settings);
    }

    /** A step of Sgd with rate 1 and a batch's mean gradient subtracts the gradient with l2 from the parameters. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("penalties")
    void lossAndGradientAreThoseOfDl4jAtEveryIteration(String name, Consumer<NeuralNetConfiguration.Builder> settings) {
        MultiLayerNetwork sgd = Small.network(new Sgd(1.0), settings, Small.layers());
        MultiLayerNetwork sgn = GaussNewton.attach(Small.network(SGN, settings, Small.layers()));
        for (int epoch = 0; epoch < 2; epoch++) {
            for (DataSet batch : Small.batches()) {
                sgd.setParams(sgn.params());
                INDArray before = sgn.params().dup();
                INDArray gradient;
                try (Linearization at = GaussNewton.linearize(sgn)) {
                    gradient = at.at(batch.getFeatures(), batch.getLabels()).gradient();
                }
                sgd.fit(Small.iterator(batch));
                sgn.fit(Small.iterator(batch));
                INDArray expected = before.sub(sgd.params());
                assertClose(sgd.score(), sgn.score(), Tolerances.ROUNDING, "score");
                assertClose(expected, gradient.reshape(expected.shape()), Tolerances.ROUNDING, "gradient");
                assertClose(
                        expected.norm2Number().doubleValue(),
                        GaussNewton.report(sgn).orElseThrow().gradientNorm(),
                        Tolerances.ROUNDING,
                        "gradient norm");
            }
        }
    }

    static Stream<LayerConstraint> constraints() {
        return Stream.of(
                new MaxNormConstraint(0.5, 1),
                new MinMaxNormConstraint(0.3, 0.5, 1),
                new MinMaxNormConstraint(0.3, 0.5, 0.5, 1),
                new NonNegativeConstraint(),
                new UnitNormConstraint(1));
    }

    @ParameterizedTest
    @MethodSource("constraints")
    void aConstraintIsAppliedAfterTheStep(LayerConstraint constraint) {
        DataSet data = Small.data(20);
        MultiLayerNetwork free = Small.attached(SGN);
        MultiLayerNetwork constrained =
                GaussNewton.attach(Small.network(SGN, conf -> conf.constrainWeights(constraint), Small.layers()));
        free.fit(data);
        long[] unconstrained = bits(free);
        constrained.fit(data);
        for (int layer = 0; layer < 2; layer++) {
            constrained
                    .getLayer(layer)
                    .conf()
                    .getLayer()
                    .getConstraints()
                    .get(0)
                    .applyConstraint(free.getLayer(layer), 0, 0);
        }
        assertArrayEquals(bits(free), bits(constrained));
        assertFalse(Arrays.equals(unconstrained, bits(constrained)), "the constraint did nothing");
    }

    @Test
    void constraintsHoldAfterManySteps() {
        MultiLayerNetwork net = GaussNewton.attach(
                Small.network(SGN, conf -> conf.constrainWeights(new MaxNormConstraint(0.5, 1)), Small.layers()));
        net.fit(Small.iterator(), 5);
        for (String weights : List.of("0_W", "1_W")) {
            INDArray norms = net.getParam(weights).norm2(1);
            assertTrue(norms.maxNumber().doubleValue() <= 0.5 + 1e-6, () -> weights + ": " + norms);
        }
        assertEquals(15, net.getIterationCount());
    }

    /** Renormalizing would change last bits; a rejected step changes none. */
    @Test
    void aRejectedStepDoesNotApplyConstraints() {
        Sgn hopeless = Searching.sgn()
                .learningRate(1e6)
                .lineSearch(LineSearch.armijo(1e-4, 0.5, 0))
                .build();
        MultiLayerNetwork net = GaussNewton.attach(
                Small.network(hopeless, conf -> conf.constrainWeights(new UnitNormConstraint(1)), Small.layers()));
        long[] before = bits(net);
        net.fit(Small.data(20));
        assertEquals(
                StepReport.Outcome.REJECTED,
                GaussNewton.report(net).orElseThrow().outcome());
        assertArrayEquals(before, bits(net));
    }
}
