package org.dl4jgn.bench.soak;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Short forms of what {@code soak} does for long. */
class SoakTest {

    private final StringWriter said = new StringWriter();
    private final PrintWriter out = new PrintWriter(said);

    @ParameterizedTest
    @EnumSource
    void stepsStayFinite(SoakNetwork kind) {
        assertTrue(new ManySteps(120).of(kind, out), said::toString);
    }

    @Test
    void aTrainingThatIsKilledGoesOnToTheBit() throws IOException, InterruptedException {
        assertTrue(new KilledTrainings(1, 60, 1).of(SoakNetwork.DENSE, out), said::toString);
    }
}
