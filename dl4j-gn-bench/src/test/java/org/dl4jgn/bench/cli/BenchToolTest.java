package org.dl4jgn.bench.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.dl4jgn.bench.problem.Problem;
import org.dl4jgn.bench.problem.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchToolTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... args) {
        return BenchTool.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }

    @Test
    void listShowsAllProblemsAndOptimizers() {
        assertEquals(0, execute("list"));
        Problems.all().stream()
                .map(Problem::name)
                .forEach(name -> assertTrue(out.toString().contains(name), name));
        assertTrue(out.toString().contains("sqn"));
    }

    @Test
    void aTableOfOnesOwnIsRunReportedAndNotRunAgain() throws IOException {
        StringBuilder table = new StringBuilder("a,b,c\n");
        for (int i = 0; i < 40; i++) {
            table.append(i * 7 % 11)
                    .append(',')
                    .append(i * 3 % 5)
                    .append(',')
                    .append(0.5 * (i * 7 % 11))
                    .append('\n');
        }
        String csv = Files.writeString(folder.resolve("t.csv"), table).toString();
        String results = folder.resolve("results").toString();
        String[] run = {
            "run",
            "--csv",
            csv,
            "--target",
            "c",
            "-o",
            "sgn:2,adam:0.01",
            "--epochs",
            "2",
            "--warm-up",
            "0",
            "--out",
            results
        };
        assertEquals(0, execute(run), err::toString);
        assertEquals(0, execute(run), err::toString);
        assertTrue(out.toString().contains("[already there]"));
        assertEquals(
                2, Files.readAllLines(Path.of(results, "t-c", "runs.jsonl")).size());
        assertEquals(0, execute("report", "--out", results), err::toString);
        assertTrue(Files.exists(Path.of(results, "report.html")));
        String readme = Files.readString(Path.of(results, "README.md"));
        assertTrue(readme.contains("dl4j-gn-bench run --csv"), readme);
        assertTrue(readme.contains("(t-c/test-loss-by-time.png)"), readme);
        assertTrue(Files.exists(Path.of(results, "t-c", "test-loss-by-time.png")));
    }

    @Test
    void mistakesAreOneSentenceAndNoStackTrace() {
        assertEquals(1, execute("run", "nothing"));
        assertEquals(
                1, execute("run", "boston", "--data", folder.resolve("nowhere").toString()));
        assertEquals(1, execute("report", "--out", folder.toString()));
        assertEquals(2, execute("run", "boston", "--no-such-option"));
        assertEquals(1, execute("run", "boston", "--seeds", "0"));
        assertEquals(1, execute("run", "boston", "--batch", "0"));
        assertEquals(1, execute("run", "boston", "--type", "half"));
        assertEquals(1, execute("run", "boston", "--seconds", "-1"));
        assertEquals(1, execute("run", "boston", "--warm-up", "-1"));
        assertEquals(1, execute("run", "boston", "-o", "sgn:2,k=3"));
        assertTrue(err.toString().contains("There is no problem \"nothing\""));
        assertTrue(!err.toString().contains("\tat "), err::toString);
    }

    @Test
    void measurementsSayWhatIsWrongAndDoNotEndWithZero() {
        assertEquals(2, execute("memory"));
        assertTrue(err.toString().contains("steps, step, cycles, discarded"), err::toString);
        assertEquals(1, execute("memory", "cycles", "--cycles", "10"));
        assertEquals(1, execute("memory", "cycles", "--problem", "lqr"));
        assertEquals(1, execute("memory", "step", "boston", "sgn0"));
        assertEquals(1, execute("memory", "steps", "0"));
        assertEquals(1, execute("memory", "discarded", "--networks", "0"));
        assertEquals(1, execute("memory", "discarded", "-o", "nothing"));
        assertEquals(1, execute("speed", "--peer-seconds", "0"));
        assertEquals(2, execute("image-speed", "--problem", "nothing"));
        assertEquals(2, execute("graph-speed", "--batch", "many"));
        assertTrue(!err.toString().contains("\tat "), err::toString);
    }

    @Test
    void memoryCyclesGivesAVerdict() {
        int exit = execute("memory", "cycles", "--cycles", "50", "-o", "sgd");
        assertTrue(out.toString().contains(exit == 0 ? "PASS" : "FAIL"), out::toString);
        assertTrue(exit == 0 || exit == 1, () -> "exit code " + exit);
    }

    /** Picocli formats what it shows: a percent sign that stands alone makes it complain on the user's screen. */
    @Test
    void helpTextsAreFormats() {
        helpTextsAreFormats(BenchTool.commandLine());
    }

    private static void helpTextsAreFormats(CommandLine command) {
        Stream.concat(
                        Stream.of(command.getCommandSpec().usageMessage().description()),
                        command.getCommandSpec().args().stream().flatMap(arg -> Stream.of(arg.description())))
                .forEach(text -> assertDoesNotThrow(() -> String.format(text), text));
        command.getSubcommands().values().forEach(BenchToolTest::helpTextsAreFormats);
    }
}
