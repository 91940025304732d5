package org.dl4jgn;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Small.bits;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Small;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** DL4J's five kinds of gradient normalization are bounds on a step, in the same parts and norms. */
class GradientNormalizationTest {

    private static final Sgn SGN = Sgn.builder()
            .damping(Damping.constant(1e-3))
            .lineSearch(LineSearch.none())
            .cgIterations(20)
            .build();
    private static final Egn EGN = Egn.builder()
            .damping(Damping.constant(1e-3))
            .lineSearch(LineSearch.none())
            .build();

    static Stream<Arguments> kinds() {
        return kinds(SGN, EGN);
    }

    static Stream<Arguments> kindsByDefault() {
        return kinds(SGN, EGN, Egn.builder().build(), Sgn.builder().build());
    }

    private static Stream<Arguments> kinds(GaussNewtonUpdater... updaters) {
        return Stream.of(updaters)
                .flatMap(updater -> Stream.of(GradientNormalization.values())
                        .filter(kind -> kind != GradientNormalization.None)
                        .map(kind -> Arguments.of(updater, kind)));
    }

    private static MultiLayerNetwork network(
            GaussNewtonUpdater updater, Consumer<NeuralNetConfiguration.Builder> settings) {
        return GaussNewton.attach(Small.network(updater, settings, Small.layers()));
    }

    /** What a fit of one batch added to each parameter array. */
    private static List<Map.Entry<String, INDArray>> step(MultiLayerNetwork net, DataSet data) {
        INDArray before = net.params().dup();
        List<Map.Entry<String, INDArray>> arrays = new ArrayList<>();
        net.fit(data);
        INDArray after = net.params().dup();
        net.setParams(before);
        net.paramTable().forEach((key, array) -> arrays.add(Map.entry(key, array.dup())));
        net.setParams(after);
        net.paramTable()
                .forEach((key, array) -> arrays.stream()
                        .filter(e -> e.getKey().equals(key))
                        .forEach(e -> e.getValue().subi(array).negi()));
        return arrays;
    }

    /** The norms that a kind bounds, of DL4J's own arrays. */
    private static List<Double> norms(GradientNormalization kind, List<Map.Entry<String, INDArray>> arrays) {
        List<Double> norms = new ArrayList<>();
        for (String layer : List.of("0_", "1_")) {
            double squares = 0;
            for (Map.Entry<String, INDArray> e : arrays) {
                if (e.getKey().startsWith(layer)) {
                    double norm = e.getValue().norm2Number().doubleValue();
                    squares += norm * norm;
                    switch (kind) {
                        case ClipL2PerParamType, RenormalizeL2PerParamType -> norms.add(norm);
                        case ClipElementWiseAbsoluteValue ->
                            norms.add(e.getValue().amaxNumber().doubleValue());
                        default -> {}
                    }
                }
            }
            if (kind == GradientNormalization.ClipL2PerLayer || kind == GradientNormalization.RenormalizeL2PerLayer) {
                norms.add(Math.sqrt(squares));
            }
        }
        return norms;
    }

    private static double largest(List<Double> norms) {
        return norms.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /** The step is the one without a bound, times the factor with which the largest norm is the threshold. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aStepOverTheBoundIsShortenedAsAWhole(GaussNewtonUpdater updater, GradientNormalization kind) {
        DataSet data = Small.data(30);
        boolean isFixed = kind.name().startsWith("Renormalize");
        List<Map.Entry<String, INDArray>> free = step(network(updater, conf -> {}), data);
        double largest = largest(norms(kind, free));
        double threshold = isFixed ? 1 : largest / 3;
        List<Map.Entry<String, INDArray>> bounded = step(
                network(updater, conf -> conf.gradientNormalization(kind).gradientNormalizationThreshold(threshold)),
                data);
        double factor = Math.min(1, threshold / largest);
        assertEquals(Math.min(threshold, largest), largest(norms(kind, bounded)), 1e-12);
        for (int i = 0; i < free.size(); i++) {
            assertClose(
                    free.get(i).getValue().mul(factor), bounded.get(i).getValue(), ROUNDING, "step of " + free.get(i));
        }
    }

    /** Otherwise Renormalize would be tested where it does nothing. */
    @Test
    void freeStepsAreLongerThanOne() {
        List<Map.Entry<String, INDArray>> free = step(network(SGN, conf -> {}), Small.data(30));
        assertTrue(largest(norms(GradientNormalization.RenormalizeL2PerParamType, free)) > 1.5);
    }

    @ParameterizedTest
    @EnumSource(
            value = GradientNormalization.class,
            names = {"ClipElementWiseAbsoluteValue", "ClipL2PerLayer", "ClipL2PerParamType"})
    void aStepWithinTheBoundIsWhatItWasToTheBit(GradientNormalization kind) {
        MultiLayerNetwork free = network(SGN, conf -> {});
        MultiLayerNetwork bounded =
                network(SGN, conf -> conf.gradientNormalization(kind).gradientNormalizationThreshold(1e9));
        for (DataSet batch : Small.batches()) {
            free.fit(batch);
            bounded.fit(batch);
        }
        assertArrayEquals(bits(free), bits(bounded));
    }

    /** With the learning rate as with DL4J's Sgd, and through momentum, search and everything else that is set by default. */
    @ParameterizedTest
    @MethodSource("kindsByDefault")
    void everyStepOfATrainingIsWithinTheBound(GaussNewtonUpdater updater, GradientNormalization kind) {
        GaussNewtonUpdater slow = updater.clone();
        slow.setLrAndSchedule(0.5, null);
        double threshold = kind.name().startsWith("Renormalize") ? 1 : 0.05;
        MultiLayerNetwork net =
                network(slow, conf -> conf.gradientNormalization(kind).gradientNormalizationThreshold(threshold));
        double score = net.score(Small.data(50));
        for (int epoch = 0; epoch < 5; epoch++) {
            for (DataSet batch : Small.batches()) {
                assertTrue(largest(norms(kind, step(net, batch))) <= 0.5 * threshold * (1 + 1e-9));
            }
        }
        assertTrue(net.score(Small.data(50)) < score);
    }

    @Test
    void eachLayerHasItsOwnBound() {
        Layer first = new DenseLayer.Builder()
                .nIn(Small.INPUTS)
                .nOut(5)
                .activation(Activation.TANH)
                .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                .gradientNormalizationThreshold(1e-3)
                .build();
        Layer last = Small.output(5, Small.CLASSES, LossFunction.MCXENT, Activation.SOFTMAX);
        MultiLayerNetwork net = GaussNewton.attach(Small.network(SGN, conf -> {}, first, last));
        GradientNormalization kind = GradientNormalization.ClipL2PerLayer;
        List<Double> norms = norms(kind, step(net, Small.data(30)));
        List<Double> free = norms(kind, step(network(SGN, conf -> {}), Small.data(30)));
        assertEquals(1e-3, norms.get(0), 1e-12);
        assertEquals(
                1e-3 * free.get(1) / free.get(0), norms.get(1), 1e-12, "shortened with the first, and not bounded");
    }

    @ParameterizedTest
    @EnumSource(
            value = GradientNormalization.class,
            names = {"ClipElementWiseAbsoluteValue", "ClipL2PerLayer", "ClipL2PerParamType"})
    void aThresholdThatIsNotPositiveIsRefused(GradientNormalization kind) {
        MultiLayerNetwork net = Small.network(
                SGN, conf -> conf.gradientNormalization(kind).gradientNormalizationThreshold(0), Small.layers());
        assertFails(
                UnsupportedNetworkException.class,
                () -> GaussNewton.attach(net),
                "Layer 0 (DenseLayer)",
                "gradientNormalizationThreshold of 0.0",
                "Supported: ");
    }

    // ---- sums instead of means -------------------------------------------------------------------------------------

    /** Loss, gradient and curvature are b times as large; l2, which is not, is left out here. */
    @Test
    void theStepOnASumIsThatOnTheMeanWithAsMuchMoreDamping() {
        DataSet data = Small.data(30);
        for (GaussNewtonUpdater[] pair : new GaussNewtonUpdater[][] {
            {
                SGN,
                Sgn.builder()
                        .damping(Damping.constant(30e-3))
                        .lineSearch(LineSearch.none())
                        .cgIterations(20)
                        .build()
            },
            {
                EGN,
                Egn.builder()
                        .damping(Damping.constant(30e-3))
                        .lineSearch(LineSearch.none())
                        .build()
            }
        }) {
            MultiLayerNetwork mean = network(pair[0], conf -> {});
            MultiLayerNetwork sum = network(pair[1], conf -> conf.miniBatch(false));
            mean.fit(data);
            sum.fit(data);
            assertClose(mean.params(), sum.params(), ROUNDING, "parameters");
            assertClose(30 * mean.score(), sum.score(), ROUNDING, "score");
        }
    }

    /** The default settings find out what the sum's scale is. */
    @Test
    void theDefaultStepsAreTheSameForSumAndMean() {
        for (GaussNewtonUpdater updater :
                List.of(Sgn.builder().build(), Egn.builder().build())) {
            MultiLayerNetwork mean = network(updater, conf -> {});
            MultiLayerNetwork sum = network(updater, conf -> conf.miniBatch(false));
            for (int i = 0; i < 3; i++) {
                for (DataSet batch : Small.batches().subList(0, 2)) {
                    mean.fit(batch);
                    sum.fit(batch);
                }
            }
            assertClose(mean.params(), sum.params(), 1e-6, "parameters");
        }
    }
}
