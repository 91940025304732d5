package org.dl4jgn;

import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.LayerBed;
import org.dl4jgn.testing.LayerBeds;
import org.dl4jgn.testing.Small;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Every setting of the builders of DL4J's layers, found by reflection, beside those that all layers have ({@link
 * BuilderSettingsTest}): the loss with it is DL4J's own, and training is another one; or, where it concerns libraries and names alone,
 * or what DL4J itself leaves out, training is the same to the bit.
 */
class LayerSettingsTest {

    private static final List<LayerBed> BEDS = LayerBeds.all();
    private static final Map<LayerBed, long[]> TRAINED_WITHOUT = new HashMap<>();

    static Stream<Arguments> settings() {
        return BEDS.stream()
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
        long[] plain = TRAINED_WITHOUT.computeIfAbsent(bed, it -> trained(it, null));
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
        double score = Dl4j.of(net, features, labels, null).score();
        GaussNewton.attach(net);
        net.fit(features, labels);
        assertClose(score, GaussNewton.report(net).orElseThrow().lossBefore(), DOUBLE, "score");
        net.fit(features, labels);
        return Small.bits(net);
    }

    /** A layer of DL4J whose builder has settings of its own is in the list, so that one of a later version fails here. */
    @Test
    void everyBuilderIsTried() {
        Set<String> builders = new ClassFileImporter()
                .importPackages("org.deeplearning4j.nn.conf.layers", "org.deeplearning4j.nn.conf.ocnn").stream()
                        .filter(type -> type.isAssignableTo(Layer.Builder.class))
                        .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(JavaClass::reflect)
                        .filter(type -> !LayerBed.settings(type).isEmpty())
                        .map(type -> type.getDeclaringClass().getSimpleName())
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<String> tried = BEDS.stream().map(LayerBed::layer).collect(Collectors.toCollection(TreeSet::new));
        tried.addAll(LayerBeds.ELSEWHERE);
        assertEquals(builders, tried);
    }
}
