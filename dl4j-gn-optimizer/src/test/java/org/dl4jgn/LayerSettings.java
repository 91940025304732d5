package org.dl4jgn;

import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.curvature.Linearization;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.LayerBed;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.Small;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Every setting of the builders of DL4J's layers, found by reflection, beside those that all layers have ({@link
 * BuilderSettingsTest}): score and gradient with it are DL4J's own, and training is another one; or, where it concerns libraries and names alone,
 * or what DL4J itself leaves out, training is the same to the bit.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class LayerSettings {

    /** Which DL4J's gradient has not, but its updater. */
    private static final Set<String> REGULARIZATION =
            Set.of("l1", "l1Bias", "l2", "l2Bias", "regularization", "regularizationBias");

    private final Map<LayerBed, long[]> trainedWithout = new HashMap<>();

    /** The layers. */
    abstract List<LayerBed> beds();

    Stream<Arguments> settings() {
        return beds().stream()
                .flatMap(bed -> bed.settings().stream().map(setting -> Arguments.of(bed, LayerBed.signature(setting))));
    }

    private static Method setting(LayerBed bed, String signature) {
        return bed.settings().stream()
                .filter(method -> LayerBed.signature(method).equals(signature))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void isHonoured(LayerBed bed, String signature) {
        Method setting = setting(bed, signature);
        long[] plain = trainedWithout.computeIfAbsent(bed, it -> trained(it, null));
        if (bed.isRefused(signature)) {
            assertThrows(UnsupportedNetworkException.class, () -> GaussNewton.attach(bed.network(setting)));
            return;
        }
        long[] trained = trained(bed, setting);
        if (bed.isIndifferent(signature)) {
            assertArrayEquals(plain, trained);
        } else {
            assertFalse(Arrays.equals(plain, trained), "nothing has changed");
        }
    }

    /** The parameters after two steps, of which the first begins at DL4J's score. */
    private static long[] trained(LayerBed bed, @Nullable Method setting) {
        MultiLayerNetwork net = bed.network(setting);
        INDArray features = bed.features(setting);
        INDArray labels = bed.labels(net, features);
        Dl4j expected = Dl4j.of(net, features, labels, null);
        boolean isDl4jsGradient = bed.isGradientOfScore(setting);
        if (!isDl4jsGradient) {
            assertGradientOfScore(net, new DataSet(features, labels));
        }
        GaussNewton.attach(net);
        net.fit(features, labels);
        assertClose(expected.score(), net.score(), DOUBLE, "score");
        if (isDl4jsGradient && (setting == null || !REGULARIZATION.contains(setting.getName()))) {
            double norm = Dl4j.withoutStatistics(net, expected.gradientOfScore(net))
                    .norm2Number()
                    .doubleValue();
            assertClose(norm, GaussNewton.report(net).orElseThrow().gradientNorm(), DOUBLE, "length of the gradient");
        }
        net.fit(features, labels);
        return Small.bits(net);
    }

    /** Along a direction. */
    private static void assertGradientOfScore(MultiLayerNetwork net, DataSet data) {
        INDArray v = Networks.normal(7, 1, net.numParams());
        try (Linearization at = GaussNewton.linearize(net).at(data)) {
            double expected = FiniteDifferences.along(net, v, () -> net.score(data, true));
            double actual = at.gradient().mul(v).sumNumber().doubleValue();
            assertClose(expected, actual, FINITE_DIFFERENCE, "gradient along v");
        }
    }
}
