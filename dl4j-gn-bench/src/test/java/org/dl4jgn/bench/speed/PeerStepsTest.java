package org.dl4jgn.bench.speed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.dl4jgn.bench.process.Python;
import org.junit.jupiter.api.Test;

/** The yardstick of LSTMs in PyTorch; where there is none, that it is left out. */
class PeerStepsTest {

    private static final String SCRIPT = "lstm_yardstick.py";

    @Test
    void itsProductsAndGradientsAreThoseOfDenseMatrices() throws Exception {
        Optional<String> python = Python.with("torch");
        assumeTrue(python.isPresent(), PeerTimes.WITHOUT_TORCH);
        Path script = Path.of(
                Objects.requireNonNull(PeerSteps.class.getResource(SCRIPT)).toURI());
        Process check = new ProcessBuilder(python.get(), script.toString(), "--check")
                .redirectErrorStream(true)
                .start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, check.waitFor(), said);
        assertTrue(said.contains("largest difference"), said);
    }

    @Test
    void itTakesAStepWheneverItIsAsked() throws Exception {
        StringWriter said = new StringWriter();
        Optional<PeerSteps> peer = PeerSteps.start(SCRIPT, new PrintWriter(said, true));
        assertTrue(said.toString().contains("PyTorch"), said::toString);
        if (peer.isPresent()) {
            try (PeerSteps steps = peer.get()) {
                assertTrue(steps.step() > 0);
                assertTrue(steps.step() > 0);
            }
        } else {
            assertEquals(PeerTimes.WITHOUT_TORCH, said.toString().strip());
        }
    }
}
