package org.dl4jgn.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SineComparisonTest {

    private final StringWriter errors = new StringWriter();
    private final CommandLine command = new CommandLine(new SineComparison()).setErr(new PrintWriter(errors, true));

    @Test
    void trainsAllAndShowsTableAndChart(@TempDir Path folder) {
        Path chart = folder.resolve("chart.png");
        String shown = Console.of(() -> assertEquals(
                0, command.execute("--epochs", "2", "--warm-up", "0.01", "--double", "--output", chart.toString())));
        assertTrue(shown.contains("DOUBLE"));
        for (String name : new String[] {"SGD (0.1)", "Adam (0.01)", "SGN (10)"}) {
            assertTrue(shown.lines().anyMatch(line -> line.startsWith(name) && line.contains(" 2 ")), shown);
        }
        assertTrue(shown.contains(chart.toString()));
        assertTrue(Files.exists(chart));
    }

    @ParameterizedTest
    @CsvSource({
        "--nonsense 1, Unknown option",
        "--epochs 3 --seconds 3, mutually exclusive",
        "--float --double, mutually exclusive",
        "--epochs 0, must be greater than 0",
        "--frequency 0, must be at least 1",
        "--cg-iterations 0, cgIterations",
        "--adam-rate -1, learning rate of Adam"
    })
    void wrongOptionsGetTheReasonAndTheUsage(String options, String reason) {
        assertEquals(2, command.execute(options.split(" ")));
        assertTrue(errors.toString().contains(reason), errors.toString());
        assertTrue(errors.toString().contains("Usage: SineComparison"), errors.toString());
    }
}
