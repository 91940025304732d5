package org.dl4jgn.bench.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.Sgn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.learning.config.Sgd;

class EvenStepsTest {

    @Test
    void namesAreTheYardsticks() {
        assertInstanceOf(Sgd.class, new EvenSteps("sgd").updater());
        assertInstanceOf(Egn.class, new EvenSteps("egn").updater());
        assertInstanceOf(Egn.class, new EvenSteps("plain").updater());
        String sgn =
                assertInstanceOf(Sgn.class, new EvenSteps("sgn10").updater()).toString();
        assertTrue(sgn.contains("cgIterations=10,"), sgn);
    }

    /** A pace, momentum or a part of the mini-batch would make the work that is timed another one than the name says. */
    @ParameterizedTest
    @ValueSource(strings = {"sgn3", "sgn10", "egn", "plain"})
    void stepsAreThoseOfThePapersOnTheWholeMiniBatch(String name) {
        GaussNewtonUpdater updater = assertInstanceOf(GaussNewtonUpdater.class, new EvenSteps(name).updater());
        assertNull(updater.pace());
        assertEquals(0, updater.projectedMomentum());
        assertEquals(0, updater.averaging());
        assertEquals(0, updater.momentum());
        assertEquals(1, updater.curvatureParts(1000, 10, 1_000_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgn", "sgn0", "sgn-1", "adam", ""})
    void othersAreRefused(String name) {
        String message = assertThrows(IllegalArgumentException.class, () -> new EvenSteps(name))
                .getMessage();
        assertTrue(message.contains("\"" + name + "\"") && message.contains("sgn10"), message);
    }
}
