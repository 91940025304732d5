package org.dl4jgn.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.bytedeco.javacpp.Loader;
import org.dl4jgn.spark.example.ClusterExample;
import org.junit.jupiter.api.Test;

/** What is in the jar for {@code spark-submit}; run by the profile that makes it, after that. */
class SparkJarCheck {

    private static JarFile jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            List<Path> jars =
                    files.filter(file -> file.toString().endsWith("-all.jar")).toList();
            assertEquals(1, jars.size(), jars::toString);
            return new JarFile(jars.get(0).toFile());
        }
    }

    private static String resource(Class<?> type) {
        return type.getName().replace('.', '/') + ".class";
    }

    @Test
    void theProgramAndNativeCodeAreInIt() throws IOException {
        String libraries = "org/nd4j/linalg/cpu/nativecpu/bindings/" + Loader.getPlatform() + "/";
        try (JarFile jar = jar()) {
            for (String name : List.of(
                    resource(ClusterExample.class),
                    libraries + System.mapLibraryName("nd4jcpu"),
                    libraries + System.mapLibraryName("jnind4jcpu"))) {
                assertTrue(jar.getEntry(name) != null, name);
            }
            ZipEntry backends = jar.getEntry("META-INF/services/org.nd4j.linalg.factory.Nd4jBackend");
            String named = new String(jar.getInputStream(backends).readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(named.contains("org.nd4j.linalg.cpu.nativecpu.CpuBackend"), named);
        }
    }

    @Test
    void sparkAndWhatItBringsAreNot() throws IOException {
        List<String> brought =
                List.of("org/apache/spark/", "org/apache/hadoop/", "scala/", "org/slf4j/", "org/apache/logging/");
        try (JarFile jar = jar()) {
            List<String> found = jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> brought.stream().anyMatch(name::startsWith))
                    .toList();
            assertEquals(List.of(), found);
        }
    }

    /** A signature of one of many jars would make Java refuse all of them. */
    @Test
    void nothingInItIsSigned() throws IOException {
        try (JarFile jar = jar()) {
            List<String> signatures = jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.matches("META-INF/[^/]*[.](SF|DSA|RSA|EC)"))
                    .toList();
            assertEquals(List.of(), signatures);
        }
    }
}
