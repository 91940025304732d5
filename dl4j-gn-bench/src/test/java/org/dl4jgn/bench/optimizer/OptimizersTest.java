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
import org.nd4j.linalg.learning.config.Adam;

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
                Egn.builder().damping(Damping.constant(3)).build(),
                Optimizers.parse("egn:lambda=3").updater());
        assertEquals(
                Egn.builder().damping(Damping.proportional(3)).build(),
                Optimizers.parse("egn:3,rule=proportional").updater());
        assertEquals(
                Egn.builder()
                        .damping(Damping.proportional(Damping.validated(4)))
                        .build(),
                Optimizers.parse("egn:rule=validated").updater());
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
                "adam:size=1; its settings are lr, beta1, beta2",
                "egn:rule=best; constant, validated, proportional, trustregion"
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
    void whatIsTriedInTuningAndRobustnessExists(OptimizerKind kind) {
        kind.grid().forEach(value -> Optimizers.parse(kind.name() + ":" + value));
        kind.robustness().forEach(value -> Optimizers.parse(kind.name() + ":" + value));
        kind.furtherGrids()
                .forEach((name, values) ->
                        values.forEach(value -> Optimizers.parse(kind.name() + ":" + name + "=" + value)));
    }
}
