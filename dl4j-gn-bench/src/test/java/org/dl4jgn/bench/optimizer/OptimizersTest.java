package org.dl4jgn.bench.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

class OptimizersTest {

    @Test
    void aListIsSplitAtOptimizersNotAtSettings() {
        assertEquals(
                List.of("sgn:10,damping=1e-3,linesearch=none", "egn:lambda=1", "adam", "nesterovs:momentum=0.5"),
                Optimizers.split("sgn:10,damping=1e-3,linesearch=none,egn:lambda=1,adam,nesterovs,momentum=0.5"));
    }

    @Test
    void settingsReachTheOptimizer() {
        Contender sgn = Optimizers.parse("sgn:7,damping=0.5,rule=constant,linesearch=none");
        assertEquals(
                Sgn.builder()
                        .cgIterations(7)
                        .damping(Damping.constant(0.5))
                        .lineSearch(LineSearch.none())
                        .build(),
                sgn.updater());
        assertEquals(
                Egn.builder().damping(Damping.hypergradient(0.3)).build(),
                Optimizers.parse("egn:lambda=0.3").updater());
        assertEquals(
                Egn.builder().damping(Damping.relative(3)).build(),
                Optimizers.parse("egn:lambda=3,rule=relative").updater());
        assertEquals(
                Egn.builder().damping(Damping.proportional(3)).build(),
                Optimizers.parse("egn:3,rule=proportional").updater());
        assertEquals(
                Egn.builder()
                        .damping(Damping.proportional(Damping.validated(4)))
                        .build(),
                Optimizers.parse("egn:rule=validated").updater());
        assertEquals(
                Sgn.builder().projectedMomentum(0.5).build(),
                Optimizers.parse("sgn:mu=0.5").updater());
        assertEquals(
                Egn.builder().projectedMomentum(0.5).build(),
                Optimizers.parse("egn:mu=0.5").updater());
        assertEquals(0.02, ((Adam) Optimizers.parse("adam:0.02").updater()).getLearningRate());
    }

    @Test
    void aNameSaysWhatWasWritten() {
        assertEquals("sgn", Optimizers.parse("sgn").name());
        assertEquals("sgn:7,damping=0.5", Optimizers.parse("SGN:damping=0.5,7").name());
        assertEquals("egn:1", Optimizers.parse("egn:lambda=1").name());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "foo; there are sgn, egn",
                "sgn:0; at least 1",
                "sgn:many; whole number",
                "adam:-1; greater than 0",
                "adam:schedule=linear; constant, cosine or step",
                "adam:size=1; its settings are lr, schedule, beta1, beta2",
                "egn:rule=best; relative, constant, validated, proportional, trustregion"
            })
    void mistakesAreExplained(String text, String explanation) {
        String message = assertThrows(IllegalArgumentException.class, () -> Optimizers.parse(text))
                .getMessage();
        assertTrue(message.contains(explanation), message);
    }

    static List<OptimizerKind> kinds() {
        return Optimizers.kinds();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatIsTriedInTuningAndSweepsExists(OptimizerKind kind) {
        for (String value : kind.grid()) {
            for (String variation : kind.variations()) {
                Optimizers.parse(kind.name() + ":" + value + "," + variation);
            }
        }
        Sweep.texts(kind).forEach(Optimizers::parse);
    }

    @Test
    void allSweepsHaveTheSameWidthAndACountNothingImpossible() {
        for (OptimizerKind kind : Optimizers.kinds()) {
            for (Sweep sweep : Sweep.of(kind)) {
                assertEquals(
                        sweep.setting().equals("iterations") ? List.of(0.1, 10.0) : Sweep.FACTORS,
                        List.copyOf(sweep.values().keySet()),
                        sweep.toString());
            }
        }
        assertEquals(
                List.of("adam:0.00001", "adam:0.0001", "adam:0.01", "adam:0.1"), Sweep.texts(Optimizers.kind("adam")));
    }

    @Test
    void theDefaultRatesAreThoseOfDl4j() {
        assertEquals(new Adam(), Optimizers.parse("adam").updater());
        assertEquals(new Nadam(), Optimizers.parse("nadam").updater());
        assertEquals(new AMSGrad(), Optimizers.parse("amsgrad").updater());
        assertEquals(new Nesterovs(), Optimizers.parse("nesterovs").updater());
        assertEquals(new Sgd(), Optimizers.parse("sgd").updater());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "nesterovs", "adam", "nadam", "amsgrad"})
    void aScheduleIsInTheNameAndEndsWithTheBudget(String kind) {
        Contender contender = Optimizers.parse(kind + ":0.1,schedule=cosine");
        assertEquals(kind + ":0.1,schedule=cosine", contender.name());
        assertTrue(contender.isScheduled());
        IUpdater updater = contender.over(10).updater();
        assertEquals(0.1, updater.getLearningRate(0, 0), 1e-15);
        assertEquals(0.05, updater.getLearningRate(5, 0), 1e-15);
        assertEquals(0.05, contender.over(20).updater().getLearningRate(10, 0), 1e-15);
        assertTrue(contender.over(10).settings().get("updater").contains("steps=10"));
    }

    @Test
    void aScheduleWithoutABudgetIsRefused() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> Optimizers.parse("adam:schedule=step").updater())
                .getMessage();
        assertTrue(message.contains("--epochs"), message);
    }
}
