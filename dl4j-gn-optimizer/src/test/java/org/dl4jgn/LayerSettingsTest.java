package org.dl4jgn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.dl4jgn.testing.LayerBed;
import org.dl4jgn.testing.LayerBeds;
import org.dl4jgn.testing.SameDiffBeds;
import org.junit.jupiter.api.Test;

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
        tried.addAll(LayerBeds.ELSEWHERE);
        assertEquals(builders, tried);
    }
}
