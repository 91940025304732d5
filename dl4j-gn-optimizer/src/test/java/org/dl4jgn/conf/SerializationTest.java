package org.dl4jgn.conf;

import static org.dl4jgn.testing.Small.bits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.testing.Searching;
import org.dl4jgn.testing.Small;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Configurations survive DL4J's JSON, YAML, cloning and Java's serialization, with every setting. */
class SerializationTest {

    /** A rule of a user's own. */
    record Halving(@JsonProperty("start") double start) implements Damping {

        @Override
        public State initial() {
            return new State(start, 0);
        }

        @Override
        public double value(State state, long step) {
            return state.value() * Math.pow(0.5, step);
        }

        @Override
        public State accepted(State state, double ratio) {
            return state;
        }

        @Override
        public State rejected(State state) {
            return new State(4 * state.value(), 0);
        }

        @Override
        public State invalid(State state) {
            return rejected(state);
        }
    }

    static Stream<GaussNewtonUpdater> configurations() {
        Sgn everything = Searching.sgn()
                .learningRate(new ExponentialSchedule(ScheduleType.ITERATION, 0.9, 0.99))
                .momentum(0.8)
                .damping(Damping.cosine(0.1, 0.001, 12))
                .lineSearch(LineSearch.armijo(1e-3, 0.7, 8))
                .maxRejections(7)
                .cgIterations(6)
                .warmup(2, 4)
                .adaptiveIterations(3, 12)
                .residualTolerance(1e-9)
                .relativeProgress(1e-4)
                .warmStart(0.7)
                .preconditioner(0.75)
                .orthogonalized(3)
                .build();
        Sgn byMap = Searching.sgn()
                .learningRate(new MapSchedule(ScheduleType.EPOCH, Map.of(0, 1.0, 1, 0.5)))
                .build();
        Sgn own = Searching.sgn().damping(new Halving(0.1)).build();
        Egn egn = Searching.egn()
                .learningRate(new ExponentialSchedule(ScheduleType.ITERATION, 0.9, 0.99))
                .momentum(0.8)
                .damping(Damping.adaptive(0.2))
                .lineSearch(LineSearch.armijo(StepReset.GOLDSTEIN))
                .maxRejections(7)
                .gramLimit(30)
                .memoryLimit(1 << 24)
                .cgTolerance(1e-8)
                .cgIterations(60)
                .tries(3)
                .build();
        return Stream.of(
                        SettingsTest.variants().stream(),
                        SettingsTest.egnVariants().stream(),
                        Stream.of(
                                Searching.sgn().build(),
                                everything,
                                byMap,
                                own,
                                Searching.egn().build(),
                                egn))
                .flatMap(s -> s);
    }

    private static final List<UnaryOperator<MultiLayerConfiguration>> COPIES = List.of(
            conf -> MultiLayerConfiguration.fromJson(conf.toJson()),
            conf -> MultiLayerConfiguration.fromYaml(conf.toYaml()),
            MultiLayerConfiguration::clone,
            SerializationTest::throughJava);

    @SuppressWarnings("BanSerializableRead") // what was written here
    private static MultiLayerConfiguration throughJava(MultiLayerConfiguration conf) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(conf);
            out.flush();
            return (MultiLayerConfiguration)
                    new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void copiesAreEqual(GaussNewtonUpdater updater) {
        MultiLayerConfiguration conf = Small.configuration(updater);
        for (UnaryOperator<MultiLayerConfiguration> copy : COPIES) {
            MultiLayerConfiguration copied = copy.apply(conf);
            assertEquals(conf, copied);
            assertEquals(updater, ((BaseLayer) copied.getConf(1).getLayer()).getIUpdater());
        }
        String json = conf.toJson();
        assertEquals(json, MultiLayerConfiguration.fromJson(json).toJson());
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void copiesTrainAlike(GaussNewtonUpdater updater) {
        MultiLayerConfiguration conf = Small.configuration(updater);
        long[] expected = trained(conf.clone());
        assertArrayEquals(expected, trained(MultiLayerConfiguration.fromJson(conf.toJson())));
        assertArrayEquals(expected, trained(MultiLayerConfiguration.fromYaml(conf.toYaml())));
    }

    private static long[] trained(MultiLayerConfiguration conf) {
        MultiLayerNetwork net = GaussNewton.attach(Small.network(conf));
        net.fit(Small.iterator(), 2);
        return bits(net);
    }

    @ParameterizedTest
    @CsvSource({
        "cgIterations, 10, 0, cgIterations is 0",
        "momentum, 0.0, 1.5, momentum is 1.5",
        "learningRate, 1.0, -1.0, learningRate is -1.0",
        "start, 1.0E-4, -1.0, damping is -1.0",
        "floor, 1.0E-6, -1.0, floor of damping is -1.0",
        "shrink, 0.5, 2.0, shrink is 2.0",
        "maxRejections, 20, 0, maxRejections is 0",
        "warmStart, 0.0, -3.0, warmStart is -3.0"
    })
    void invalidValuesInJsonFailWithNameAndValue(String field, String valid, String invalid, String message) {
        String json = Small.configuration(Searching.sgn().build()).toJson();
        String before = "\"" + field + "\" : " + valid;
        assertTrue(json.contains(before), json);
        String broken = json.replace(before, "\"" + field + "\" : " + invalid);
        Throwable error = assertThrows(RuntimeException.class, () -> MultiLayerConfiguration.fromJson(broken));
        assertTrue(causes(error).contains(message), () -> causes(error));
    }

    /** As settings were saved before there were tries. */
    @Test
    void settingsWithoutTriesHaveOne() {
        String json = Small.configuration(Searching.egn().build()).toJson();
        String older = json.replaceAll(",\\s*\"tries\" : 1", "");
        assertNotEquals(json, older);
        assertEquals(json, MultiLayerConfiguration.fromJson(older).toJson());
    }

    private static String causes(Throwable error) {
        StringBuilder all = new StringBuilder();
        for (Throwable e = error; e != null; e = e.getCause()) {
            all.append(e).append('\n');
        }
        return all.toString();
    }

    @Test
    void jsonNamesTheSettings() {
        String json = Small.configuration(Searching.sgn().build()).toJson();
        for (String name : List.of("org.dl4jgn.conf.Sgn", "RatioDamping", "cgIterations", "sufficientDecrease")) {
            assertTrue(json.contains(name), json);
        }
    }
}
