package org.dl4jgn.conf;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
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
import org.dl4jgn.testing.Searching;
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
            Sgn.Builder builder = Searching.sgn();
            setting.accept(builder);
            builder.build();
        };
        return Arguments.of(name, value, range, build);
    }

    private static Arguments egn(String name, Object value, String range, Consumer<Egn.Builder> setting) {
        Executable build = () -> {
            Egn.Builder builder = Searching.egn();
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
                egn("tries", 0, "at least 1", b -> b.tries(0)),
                egn("damping of the first step", 0.0, "> 0", b -> b.damping(Damping.constant(0))),
                Arguments.of("steps of damping", 0, "at least 1", (Executable) () -> Damping.linear(1, 0, 0)),
                Arguments.of("steps of damping", -4, "at least 1", (Executable) () -> Damping.cosine(1, 0, -4)),
                Arguments.of("maxShrinks", -1, "at least 0", (Executable) () -> LineSearch.armijo(0.1, 0.5, -1)));
        Stream<Arguments> numbers = Stream.of(
                        notFiniteAnd(
                                "cgTolerance",
                                "> 0",
                                t -> Searching.egn().cgTolerance(t).build(),
                                0,
                                -1e-3),
                        notFiniteAnd(
                                "learningRate",
                                "> 0",
                                r -> Searching.sgn().learningRate(r).build(),
                                0,
                                -1),
                        notFiniteAnd(
                                "momentum",
                                "at least 0 and less than 1",
                                m -> Searching.sgn().momentum(m).build(),
                                -0.1,
                                1),
                        notFiniteAnd(
                                "residualTolerance",
                                "≥ 0",
                                t -> Searching.sgn().residualTolerance(t).build(),
                                -1e-9),
                        notFiniteAnd(
                                "relativeProgress",
                                "≥ 0",
                                t -> Searching.sgn().relativeProgress(t).build(),
                                -1e-9),
                        notFiniteAnd(
                                "warmStart",
                                "at least 0 and at most 1",
                                w -> Searching.sgn().warmStart(w).build(),
                                -0.1,
                                1.1),
                        notFiniteAnd(
                                "preconditioner",
                                "at least 0 and at most 1",
                                p -> Searching.sgn().preconditioner(p).build(),
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
                NullPointerException.class, () -> Searching.sgn().damping(null).build(), "damping must not be null");
        assertFails(
                NullPointerException.class,
                () -> Searching.sgn().lineSearch(null).build(),
                "lineSearch must not be null");
        assertFails(NullPointerException.class, () -> Searching.sgn().learningRate(null), "schedule must not be null");
    }

    @Test
    void thePapersSettingsAreTheAuthors() {
        Sgn sgn = Sgn.paper().build();
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
        assertNull(sgn.pace());
        assertEquals(0, sgn.projectedMomentum());
        assertEquals(0, sgn.averaging());
        assertEquals(1, sgn.curvatureShare());
        assertEquals(1, sgn.curvatureParts(1000, 10, 16_330));
        Egn egn = Egn.paper().build();
        assertEquals(Damping.adaptive(1.0), egn.damping());
        assertEquals(LineSearch.armijo(StepReset.INCREASE), egn.lineSearch());
        assertEquals(0.9, egn.momentum());
        assertNull(egn.pace());
        assertEquals(1, egn.curvatureParts(1000, 10, 16_330));
        assertEquals(1, egn.tries());
        assertEquals(1, sgn.tries());
    }

    /** Algorithm 2 alone: naming a line search, if only to have none, turns the pace and what goes with it off. */
    @Test
    void withoutASearchTheStepIsThePapersAlgorithm() {
        Sgn sgn = Sgn.builder().lineSearch(LineSearch.none()).build();
        assertNull(sgn.pace());
        assertEquals(0, sgn.projectedMomentum());
        assertEquals(0, sgn.averaging());
        assertEquals(1, sgn.curvatureShare());
        assertEquals(0, sgn.warmupSteps());
        assertEquals(20, sgn.orthogonalized());
    }

    @Test
    void theDefaultIsPaced() {
        for (GaussNewtonUpdater updater :
                List.of(Sgn.builder().build(), Egn.builder().build())) {
            assertEquals(Pace.standard(), updater.pace());
            assertEquals(0.9, updater.projectedMomentum());
            assertEquals(8, updater.averaging());
            assertEquals(0, updater.momentum());
            assertEquals(0, updater.curvatureShare());
            assertTrue(updater.damping().isPaced());
        }
    }

    /** The last named of pace and line search holds. */
    @Test
    void paceAndLineSearchReplaceEachOther() {
        Sgn paced = Sgn.builder()
                .lineSearch(LineSearch.armijo())
                .pace(Pace.standard())
                .build();
        assertEquals(Sgn.builder().build(), paced);
        assertEquals(
                Sgn.paper().build(),
                Sgn.builder()
                        .pace(Pace.standard())
                        .lineSearch(LineSearch.armijo())
                        .build());
    }

    @Test
    void thePapersMomentumAndTheProjectedOneExcludeEachOther() {
        assertEquals(0, Sgn.builder().momentum(0.9).build().projectedMomentum());
        assertFails(
                IllegalArgumentException.class,
                () -> Sgn.builder().momentum(0.9).projectedMomentum(0.8).build(),
                "momentum is 0.9 and projectedMomentum is 0.8",
                "only one of them");
    }

    @Test
    void theCurvatureIsOfAPartOfLargeMiniBatches() {
        Sgn sgn = Sgn.builder().build();
        assertEquals(1, sgn.curvatureParts(128, 10, 1_000_000));
        assertEquals(1, sgn.curvatureParts(639, 10, 1_000_000));
        assertEquals(5, sgn.curvatureParts(1000, 10, 16_330));
        assertEquals(1, sgn.curvatureParts(1000, 10, 901));
        assertEquals(2, Sgn.builder().curvatureShare(0.5).build().curvatureParts(10, 1, 5));
        Egn egn = Egn.builder().build();
        assertEquals(1, egn.curvatureParts(1000, 1, 901));
        assertEquals(15, egn.curvatureParts(1000, 10, 16_330));
        assertEquals(3, egn.curvatureParts(1000, 2, 16_330));
        assertEquals(4, egn.curvatureParts(128, 10, 5_000));
        assertEquals(8, egn.curvatureParts(128, 26, 5_000));
        assertEquals(8, egn.curvatureParts(128, 1000, 50_000));
        assertEquals(1, egn.curvatureParts(128, 3, 5_000));
        assertEquals(1, egn.curvatureParts(16, 10, 5_000));
    }

    /** Each differs from the defaults in one setting. */
    static List<Sgn> variants() {
        return List.of(
                Searching.sgn().learningRate(0.5).build(),
                Searching.sgn().learningRate(new FixedSchedule(0.5)).build(),
                Searching.sgn().momentum(0.5).build(),
                Searching.sgn().damping(Damping.constant(1)).build(),
                Searching.sgn().damping(Damping.linear(1, 0.1, 7)).build(),
                Searching.sgn().damping(Damping.cosine(1, 0.1, 7)).build(),
                Searching.sgn().damping(Damping.trustRegion(1e-4, 1e-7)).build(),
                Searching.sgn().damping(Damping.nielsen(1e-4)).build(),
                Searching.sgn().lineSearch(LineSearch.none()).build(),
                Searching.sgn().lineSearch(LineSearch.armijo(0.1, 0.7, 3)).build(),
                Searching.sgn().projectedMomentum(0.5).build(),
                Searching.sgn().averaging(4).build(),
                Searching.sgn().curvatureShare(0.25).build(),
                Sgn.builder().build(),
                Sgn.builder()
                        .pace(new Pace(2, 0.02, 0.5, 0.2, 3, 50, 0.2, 0.3, 0.8, 0.2))
                        .build(),
                Sgn.builder().damping(Damping.relative(0.5)).build(),
                Sgn.builder().projectedMomentum(0).build(),
                Searching.sgn().maxRejections(3).build(),
                Searching.sgn().cgIterations(4).build(),
                Searching.sgn().warmup(8, 10).build(),
                Searching.sgn().warmup(9, 11).build(),
                Searching.sgn().adaptiveIterations(2, 20).build(),
                Searching.sgn().adaptiveIterations(3, 20).build(),
                Searching.sgn().residualTolerance(1e-3).build(),
                Searching.sgn().relativeProgress(1e-3).build(),
                Searching.sgn().warmStart(0.5).build(),
                Searching.sgn().preconditioner(0.5).build(),
                Searching.sgn().orthogonalized(7).build());
    }

    /** The same for Egn. */
    static List<Egn> egnVariants() {
        return List.of(
                Egn.builder().build(),
                Egn.builder().averaging(0).build(),
                Egn.builder().curvatureShare(1).build(),
                Searching.egn().learningRate(0.5).build(),
                Searching.egn().learningRate(new FixedSchedule(0.5)).build(),
                Searching.egn().momentum(0.5).build(),
                Searching.egn().damping(Damping.constant(1)).build(),
                Searching.egn().damping(Damping.linear(1, 0.1, 7)).build(),
                Searching.egn().damping(Damping.adaptive(0.3)).build(),
                Searching.egn().damping(Damping.proportional(0.3)).build(),
                Searching.egn().damping(Damping.trustRegion(1e-4, 1e-7)).build(),
                Searching.egn().damping(Damping.validated(0.3)).build(),
                Searching.egn().lineSearch(LineSearch.none()).momentum(0.9).build(),
                Searching.egn()
                        .lineSearch(LineSearch.armijo(StepReset.CONSERVATIVE))
                        .build(),
                Searching.egn().maxRejections(3).build(),
                Searching.egn().gramLimit(100).build(),
                Searching.egn().memoryLimit(1 << 20).build(),
                Searching.egn().cgTolerance(1e-3).build(),
                Searching.egn().cgIterations(7).build(),
                Searching.egn().tries(4).build());
    }

    private static Stream<List<? extends GaussNewtonUpdater>> defaultsAndVariants() {
        return Stream.of(
                Stream.concat(Stream.of(Searching.sgn().build()), variants().stream())
                        .toList(),
                Stream.concat(Stream.of(Searching.egn().build()), egnVariants().stream())
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
        Sgn sgn = Searching.sgn().build();
        GaussNewtonConfiguration.Builder builder = new GaussNewtonConfiguration.Builder()
                .optimizationAlgo(sgn)
                .seed(3)
                .clone();
        MultiLayerConfiguration conf =
                builder.updater(new Sgd(0.1)).list(Small.layers()).build();
        assertEquals(sgn, ((BaseLayer) conf.getConf(0).getLayer()).getIUpdater());
    }
}
