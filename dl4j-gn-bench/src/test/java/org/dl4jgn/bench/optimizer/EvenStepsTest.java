package org.dl4jgn.bench.optimizer;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.dl4jgn.conf.Egn;
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

    @ParameterizedTest
    @ValueSource(strings = {"sgn", "sgn0", "sgn-1", "adam", ""})
    void othersAreRefused(String name) {
        String message = assertThrows(IllegalArgumentException.class, () -> new EvenSteps(name))
                .getMessage();
        assertTrue(message.contains("\"" + name + "\"") && message.contains("sgn10"), message);
    }
}
