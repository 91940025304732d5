package org.dl4jgn;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.LayerBed;
import org.dl4jgn.testing.LayerBeds;
import org.dl4jgn.testing.SameDiffBeds;
import org.dl4jgn.testing.Small;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** {@link LayerSettings} of layers that DL4J computes itself. */
class LayerSettingsTest extends LayerSettings {

    @Override
    List<LayerBed> beds() {
        return LayerBeds.all();
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
        Set<String> tried = Stream.concat(LayerBeds.all().stream(), SameDiffBeds.all().stream())
                .map(LayerBed::layer)
                .collect(Collectors.toCollection(TreeSet::new));
        tried.addAll(LayerBeds.WITHOUT.keySet());
        LayerBeds.refused().forEach(layer -> tried.add(layer.getClass().getSimpleName()));
        assertEquals(builders, tried);
    }

    static Stream<Named<Layer>> refused() {
        return LayerBeds.refused().stream()
                .map(layer -> Named.of(layer.getClass().getSimpleName(), layer));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void isRefusedByName(Layer layer) {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(Sgn.builder().build())
                .list()
                .layer(layer)
                .layer(Small.output(4, 3, LossFunction.MCXENT, Activation.SOFTMAX))
                .build());
        net.init();
        assertFails(
                UnsupportedNetworkException.class,
                () -> GaussNewton.attach(net),
                "Layer 0 (" + layer.getClass().getSimpleName() + ")");
    }
}
