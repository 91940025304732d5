package org.dl4jgn.conf;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.dl4jgn.testing.Small;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.FixedSchedule;

/** Settings are checked when they are built; an error says which, its value and what is allowed. */
class SettingsTest {

    private static Arguments sgn(String name, Object value, String range, Consumer<Sgn.Builder> setting) {
        Executable build = () -> {
            Sgn.Builder builder = Sgn.builder();
            setting.accept(builder);
            builder.build();
        };
        return Arguments.of(name, value, range, build);
    }

    private static Arguments egn(String name, Object value, String range, Consumer<Egn.Builder> setting) {
        Executable build = () -> {
            Egn.Builder builder = Egn.builder();
            setting.accept(builder);
            builder.build();
        };
        return Arguments.of(name, value, range, build);
    }

    private static Stream<Arguments> notFiniteAnd(String name, String range, Builder setting, double... values) {
        return DoubleStream.concat(
                        DoubleStream.of(values),
                        DoubleStream.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY))
                .mapToObj(value -> Arguments.of(name, value, range, (Executable) () -> setting.build(value)));
    }

    private interface Builder {
        Object build(double value);
    }

    static Stream<Arguments> invalid() {
        Stream<Arguments> counts = Stream.of(
                sgn("cgIterations", 0, "at least 1", b -> b.cgIterations(0)),
                sgn("cgIterations", -3, "at least 1", b -> b.cgIterations(-3)),
                sgn("steps of warmup", -1, "at least 0", b -> b.warmup(-1, 10)),
                sgn("iterations of warmup", 0, "at least 1", b -> b.warmup(9, 0)),
                sgn("min of adaptiveIterations", 0, "at least 1", b -> b.adaptiveIterations(0, 10)),
                sgn("max of adaptiveIterations", 2, "at least 3", b -> b.adaptiveIterations(3, 2)),
                sgn("maxRejections", 0, "at least 1", b -> b.maxRejections(0)),
                sgn("orthogonalized", -1, "at least 0", b -> b.orthogonalized(-1)),
                egn("gramLimit", 0, "at least 1", b -> b.gramLimit(0)),
                egn("memoryLimit", -1L, "at least 0", b -> b.memoryLimit(-1)),
                egn("cgIterations", 0, "at least 1", b -> b.cgIterations(0)),
                egn("maxRejections", 0, "at least 1", b -> b.maxRejections(0)),
                egn("damping of the first step", 0.0, "> 0", b -> b.damping(Damping.constant(0))),
                Arguments.of("steps of damping", 0, "at least 1", (Executable) () -> Damping.linear(1, 0, 0)),
                Arguments.of("steps of damping", -4, "at least 1", (Executable) () -> Damping.cosine(1, 0, -4)),
                Arguments.of("maxShrinks", -1, "at least 0", (Executable) () -> LineSearch.armijo(0.1, 0.5, -1)));
        Stream<Arguments> numbers = Stream.of(
                        notFiniteAnd(
                                "cgTolerance",
                                "> 0",
                                t -> Egn.builder().cgTolerance(t).build(),
                                0,
                                -1e-3),
                        notFiniteAnd(
                                "learningRate",
                                "> 0",
                                r -> Sgn.builder().learningRate(r).build(),
                                0,
                                -1),
                        notFiniteAnd(
                                "momentum",
                                "at least 0 and less than 1",
                                m -> Sgn.builder().momentum(m).build(),
                                -0.1,
                                1),
                        notFiniteAnd(
                                "residualTolerance",
                                "≥ 0",
                                t -> Sgn.builder().residualTolerance(t).build(),
                                -1e-9),
                        notFiniteAnd(
                                "relativeProgress",
                                "≥ 0",
                                t -> Sgn.builder().relativeProgress(t).build(),
                                -1e-9),
                        notFiniteAnd(
                                "warmStart",
                                "at least 0 and at most 1",
                                w -> Sgn.builder().warmStart(w).build(),
                                -0.1,
                                1.1),
                        notFiniteAnd(
                                "preconditioner",
                                "at least 0 and at most 1",
                                p -> Sgn.builder().preconditioner(p).build(),
                                -0.1,
                                1.1),
                        notFiniteAnd("damping", "≥ 0", Damping::constant, -1e-9),
                        notFiniteAnd("damping", "≥ 0", d -> Damping.linear(d, 0, 10), -1),
                        notFiniteAnd("final damping", "≥ 0", d -> Damping.linear(1, d, 10), -1),
                        notFiniteAnd("final damping", "≥ 0", d -> Damping.cosine(1, d, 10), -1),
                        notFiniteAnd("damping", "> 0", Damping::trustRegion, 0, -1),
                        notFiniteAnd("floor of damping", "≥ 0", d -> Damping.trustRegion(1, d), -1),
                        notFiniteAnd("damping", "> 0", Damping::nielsen, 0, -1),
                        notFiniteAnd(
                                "sufficientDecrease",
                                "at least 0 and less than 1",
                                c -> LineSearch.armijo(c, 0.5, 10),
                                -0.1,
                                1),
                        notFiniteAnd(
                                "shrink",
                                "strictly between 0.0 and 1.0",
                                s -> LineSearch.armijo(1e-4, s, 10),
                                0,
                                1,
                                2,
                                -0.5))
                .flatMap(s -> s);
        Stream<Arguments> pairs = Stream.of(
                Arguments.of("final damping", 2.0, "at most the first damping, 1.0", (Executable)
                        () -> Damping.linear(1, 2, 10)),
                Arguments.of("final damping", 2.0, "at most the first damping, 1.0", (Executable)
                        () -> Damping.cosine(1, 2, 10)),
                Arguments.of(
                        "damping", 1e-4, "between its floor, 0.01", (Executable) () -> Damping.trustRegion(1e-4, 1e-2)),
                Arguments.of("damping", 1e9, "its ceiling, 1.0E8", (Executable) () -> Damping.trustRegion(1e9)),
                Arguments.of("damping", 1e9, "its ceiling, 1.0E8", (Executable) () -> Damping.nielsen(1e9)),
                Arguments.of("low ratio", 0.8, "less than the high ratio, 0.75", (Executable)
                        () -> new RatioDamping(1, 0, 10, 0.8, 0.75, 1.5, 0.5, 1.5)),
                Arguments.of("raise of damping", 1.0, "> 1.0", (Executable)
                        () -> new RatioDamping(1, 0, 10, 0.25, 0.75, 1.0, 0.5, 1.5)),
                Arguments.of("lower of damping", 1.0, "strictly between 0.0 and 1.0", (Executable)
                        () -> new RatioDamping(1, 0, 10, 0.25, 0.75, 1.5, 1.0, 1.5)),
                Arguments.of("raise of damping after a rejected step", 1.0, "> 1.0", (Executable)
                        () -> new RatioDamping(1, 0, 10, 0.25, 0.75, 1.5, 0.5, 1.0)));
        return Stream.of(counts, numbers, pairs).flatMap(s -> s);
    }

    @ParameterizedTest(name = "{0} = {1}")
    @MethodSource("invalid")
    void anInvalidSettingIsNamedWithItsValueAndItsRange(String name, Object value, String range, Executable build) {
        assertFails(IllegalArgumentException.class, build, name + " is " + value + ", but must be ", range);
    }

    @Test
    @SuppressWarnings("NullAway") // what an unchecked caller does
    void nullIsNamed() {
        assertFails(
                NullPointerException.class, () -> Sgn.builder().damping(null).build(), "damping must not be null");
        assertFails(
                NullPointerException.class,
                () -> Sgn.builder().lineSearch(null).build(),
                "lineSearch must not be null");
        assertFails(NullPointerException.class, () -> Sgn.builder().learningRate(null), "schedule must not be null");
    }

    @Test
    void theDefaultsAreTheAuthors() {
        Sgn sgn = Sgn.builder().build();
        assertEquals(10, sgn.cgIterations());
        assertEquals(9, sgn.warmupSteps());
        assertEquals(10, sgn.warmupIterations());
        assertEquals(1e-6, sgn.residualTolerance());
        assertEquals(Damping.trustRegion(1e-4, 1e-6), sgn.damping());
        assertEquals(LineSearch.armijo(1e-4, 0.5, 10), sgn.lineSearch());
        assertEquals(1.0, sgn.getLearningRate(0, 0));
        assertEquals(0, sgn.momentum());
        assertEquals(0, sgn.warmStart());
        assertEquals(0, sgn.preconditioner());
        assertEquals(0, sgn.relativeProgress());
        assertEquals(false, sgn.isAdaptive());
    }

    /** Each differs from the defaults in one setting. */
    static List<Sgn> variants() {
        return List.of(
                Sgn.builder().learningRate(0.5).build(),
                Sgn.builder().learningRate(new FixedSchedule(0.5)).build(),
                Sgn.builder().momentum(0.5).build(),
                Sgn.builder().damping(Damping.constant(1)).build(),
                Sgn.builder().damping(Damping.linear(1, 0.1, 7)).build(),
                Sgn.builder().damping(Damping.cosine(1, 0.1, 7)).build(),
                Sgn.builder().damping(Damping.trustRegion(1e-4, 1e-7)).build(),
                Sgn.builder().damping(Damping.nielsen(1e-4)).build(),
                Sgn.builder().lineSearch(LineSearch.none()).build(),
                Sgn.builder().lineSearch(LineSearch.armijo(0.1, 0.7, 3)).build(),
                Sgn.builder().maxRejections(3).build(),
                Sgn.builder().cgIterations(4).build(),
                Sgn.builder().warmup(8, 10).build(),
                Sgn.builder().warmup(9, 11).build(),
                Sgn.builder().adaptiveIterations(2, 20).build(),
                Sgn.builder().adaptiveIterations(3, 20).build(),
                Sgn.builder().residualTolerance(1e-3).build(),
                Sgn.builder().relativeProgress(1e-3).build(),
                Sgn.builder().warmStart(0.5).build(),
                Sgn.builder().preconditioner(0.5).build(),
                Sgn.builder().orthogonalized(7).build());
    }

    /** The same for Egn. */
    static List<Egn> egnVariants() {
        return List.of(
                Egn.builder().learningRate(0.5).build(),
                Egn.builder().learningRate(new FixedSchedule(0.5)).build(),
                Egn.builder().momentum(0.5).build(),
                Egn.builder().damping(Damping.constant(1)).build(),
                Egn.builder().damping(Damping.linear(1, 0.1, 7)).build(),
                Egn.builder().damping(Damping.adaptive(0.3)).build(),
                Egn.builder().damping(Damping.proportional(0.3)).build(),
                Egn.builder().damping(Damping.trustRegion(1e-4, 1e-7)).build(),
                Egn.builder().damping(Damping.validated(0.3)).build(),
                Egn.builder().lineSearch(LineSearch.none()).momentum(0.9).build(),
                Egn.builder()
                        .lineSearch(LineSearch.armijo(StepReset.CONSERVATIVE))
                        .build(),
                Egn.builder().maxRejections(3).build(),
                Egn.builder().gramLimit(100).build(),
                Egn.builder().memoryLimit(1 << 20).build(),
                Egn.builder().cgTolerance(1e-3).build(),
                Egn.builder().cgIterations(7).build());
    }

    private static Stream<List<? extends GaussNewtonUpdater>> defaultsAndVariants() {
        return Stream.of(
                Stream.concat(Stream.of(Sgn.builder().build()), variants().stream())
                        .toList(),
                Stream.concat(Stream.of(Egn.builder().build()), egnVariants().stream())
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("defaultsAndVariants")
    void everySettingCountsInEquals(List<GaussNewtonUpdater> variants) {
        for (int i = 0; i < variants.size(); i++) {
            for (int j = 0; j < variants.size(); j++) {
                assertEquals(i == j, variants.get(i).equals(variants.get(j)), i + ", " + j);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("defaultsAndVariants")
    void aCloneIsEqualAndIndependent(List<GaussNewtonUpdater> variants) {
        for (GaussNewtonUpdater updater : variants) {
            GaussNewtonUpdater clone = (GaussNewtonUpdater) updater.clone();
            assertNotSame(updater, clone);
            assertEquals(updater, clone);
            assertEquals(updater.hashCode(), clone.hashCode());
            assertEquals(updater.toString(), clone.toString());
            clone.setLrAndSchedule(0.125, null);
            assertNotEquals(updater, clone);
        }
    }

    @ParameterizedTest
    @MethodSource("defaultsAndVariants")
    void everySettingIsInTheText(List<GaussNewtonUpdater> variants) {
        for (GaussNewtonUpdater updater : variants.subList(1, variants.size())) {
            assertNotEquals(variants.get(0).toString(), updater.toString());
        }
    }

    /** A method that returned DL4J's own builder would end a chain of calls before optimizationAlgo(sgn). */
    @Test
    void everyMethodOfDl4jsBuilderReturnsOurs() {
        for (Method method : NeuralNetConfiguration.Builder.class.getMethods()) {
            if (!Modifier.isStatic(method.getModifiers())
                    && method.getReturnType() == NeuralNetConfiguration.Builder.class
                    && !method.isBridge()) {
                boolean isOurs = Arrays.stream(GaussNewtonConfiguration.Builder.class.getMethods())
                        .anyMatch(m -> m.getName().equals(method.getName())
                                && Arrays.equals(m.getParameterTypes(), method.getParameterTypes())
                                && CovariantBuilder.class.isAssignableFrom(m.getReturnType()));
                assertTrue(isOurs, () -> method + " is missing in the builder");
            }
        }
    }

    @Test
    void aClonedBuilderKeepsTheOptimizer() {
        Sgn sgn = Sgn.builder().build();
        GaussNewtonConfiguration.Builder builder = new GaussNewtonConfiguration.Builder()
                .optimizationAlgo(sgn)
                .seed(3)
                .clone();
        MultiLayerConfiguration conf =
                builder.updater(new Sgd(0.1)).list(Small.layers()).build();
        assertEquals(sgn, ((BaseLayer) conf.getConf(0).getLayer()).getIUpdater());
    }
}
