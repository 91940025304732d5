package org.dl4jgn.bench.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.dl4jgn.bench.problem.Problem;
import org.dl4jgn.bench.problem.Problems;
import org.dl4jgn.bench.run.RunStore;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchToolTest extends OnTheConsole {

    @Test
    void listShowsAllProblemsAndOptimizers() {
        assertEquals(0, execute("list"));
        Problems.all().stream()
                .map(Problem::name)
                .forEach(name -> assertTrue(out.toString().contains(name), name));
        assertTrue(out.toString().contains("ResNet-20 of 16 to 64 channels"));
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
        assertEquals(1, execute("run", "boston", "--no-such-option"));
        assertEquals(1, execute("run", "boston", "--seeds", "0"));
        assertEquals(1, execute("run", "boston", "--batch", "0"));
        assertEquals(1, execute("run", "boston", "--type", "half"));
        assertEquals(1, execute("run", "boston", "--seconds", "-1"));
        assertEquals(1, execute("run", "boston", "--warm-up", "-1"));
        assertEquals(1, execute("run", "boston", "-o", "sgn:2,k=3"));
        assertEquals(1, execute("run", "bostn"));
        assertEquals(1, execute("run", "boston", "--optimizer", ""));
        assertEquals(1, execute("run", "boston", "--layers", "64"));
        assertEquals(1, execute("nonsense"));
        assertTrue(err.toString().contains("did you mean \"boston\"?"), err::toString);
        assertTrue(err.toString().contains("--optimizer names none"), err::toString);
        assertTrue(err.toString().contains("There is no problem \"nothing\""));
        assertTrue(!err.toString().contains("\tat "), err::toString);
    }

    @Test
    void wrongArgumentsAreASentenceAndNoListOfAllOptions() {
        assertEquals(1, execute("run", "boston", "--type", "half16"));
        assertTrue(err.toString().contains("it is 'half16', but must be FLOAT or DOUBLE"), err::toString);
        assertEquals(1, execute("run", "boston", "--seeds", "many"));
        assertEquals(1, execute("rn", "boston"));
        assertTrue(err.toString().contains("run"), err::toString);
        assertEquals(1, execute("soak"));
        assertTrue(err.toString().contains("dl4j-gn-bench soak --help"), err::toString);
        assertFalse(err.toString().contains("Usage:"), err::toString);
        assertEquals(1, execute());
        assertTrue(err.toString().contains("Usage: dl4j-gn-bench"), err::toString);
    }

    private String table(String name, String header, IntFunction<String> row) throws IOException {
        StringBuilder table = new StringBuilder(header).append('\n');
        for (int i = 0; i < 60; i++) {
            table.append(row.apply(i)).append('\n');
        }
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, table).toString();
    }

    private int run(String csv, String target, String... more) {
        List<String> command = new ArrayList<>(List.of(
                "run",
                "--csv",
                csv,
                "--target",
                target,
                "--warm-up",
                "0",
                "--out",
                folder.resolve("out").toString()));
        command.addAll(List.of(more));
        return execute(command.toArray(String[]::new));
    }

    /** One file's result was printed as that of another of the same name. */
    @Test
    void otherDataOfTheSameNameAreKeptApart() throws IOException {
        String first = table("a/cls.csv", "x,y", i -> 0.5 * i * i + "," + i % 2);
        String second = table("b/cls.csv", "x,y", i -> 0.3 * i * i + "," + i / 30);
        assertEquals(0, run(first, "y", "-o", "sgd", "--epochs", "1"), err::toString);
        assertEquals(0, run(second, "y", "-o", "sgd", "--epochs", "1"), err::toString);
        assertFalse(out.toString().contains("already there"), out::toString);
        assertTrue(out.toString().contains("holds results of other data"), out::toString);
        assertEquals(2, RunStore.problems(folder.resolve("out")).size());
        assertEquals(0, run(second, "y", "-o", "sgd", "--epochs", "1"), err::toString);
        assertTrue(out.toString().contains("already there"), out::toString);
    }

    @Test
    void otherSettingsAreOtherRunsAndATuningIsForItsOwn() throws IOException {
        String csv = table("t.csv", "x,y", i -> 0.5 * i * i + "," + 0.1 * i * i * i);
        String out1 = folder.resolve("out").toString();
        assertEquals(0, run(csv, "y", "-o", "adam", "--epochs", "1", "--layers", "5", "--activation", "tanh"));
        assertEquals(0, run(csv, "y", "-o", "adam", "--epochs", "1"));
        assertEquals(0, run(csv, "y", "-o", "adam", "--epochs", "1", "--validation", "0"));
        assertFalse(out.toString().contains("already there"), out::toString);
        assertTrue(Files.exists(Path.of(out1, "t-y-5_tanh", "runs.jsonl")));
        assertEquals(
                0,
                execute(
                        "tune",
                        "--csv",
                        csv,
                        "--target",
                        "y",
                        "-o",
                        "adam",
                        "--epochs",
                        "1",
                        "--batch",
                        "16",
                        "--out",
                        out1),
                err::toString);
        assertEquals(0, run(csv, "y", "-o", "adam", "--epochs", "2"));
        assertTrue(out.toString().contains("but for FLOAT, batch 16: the defaults are used"), out::toString);
    }

    @Test
    void aTrainingOnATableEndsByItsValidationPartAndIsShownBesideAConstant() throws IOException {
        Random random = new Random(1);
        String csv = table("noise.csv", "x,y", i -> random.nextGaussian() + "," + random.nextGaussian());
        assertEquals(0, run(csv, "y", "-o", "adam:0.03", "--epochs", "3000", "--patience", "20"), err::toString);
        assertTrue(out.toString().contains("no lower validation loss for"), out::toString);
        assertTrue(out.toString().contains("(as of epoch"), out::toString);
        assertTrue(out.toString().contains("R² "), out::toString);
        assertTrue(out.toString().contains("a constant prediction has test loss"), out::toString);
    }

    /** It had a "train loss NaN", since no step was taken before epoch 0. */
    @Test
    void aTrainingThatIsBestBeforeItsFirstStepHasNoTrainingLoss() throws IOException {
        Random random = new Random(1);
        String csv = table("noise.csv", "x,y", i -> random.nextGaussian() + "," + random.nextGaussian());
        assertEquals(0, run(csv, "y", "-o", "adam:30", "--epochs", "3"), err::toString);
        assertTrue(out.toString().contains("(as of epoch 0.0)"), out::toString);
        assertFalse(out.toString().contains("NaN"), out::toString);
    }

    @Test
    void aProblemByNameHoldsAPartBackWhereItIsAsked() {
        String results = folder.resolve("out").toString();
        String[] run = {"run", "sinc", "-o", "adam:0.01", "--epochs", "1", "--out", results};
        assertEquals(0, execute(run), err::toString);
        assertFalse(out.toString().contains("held back"), out::toString);
        String[] held = Arrays.copyOf(run, run.length + 2);
        held[run.length] = "--validation";
        held[run.length + 1] = "0.25";
        assertEquals(0, execute(held), err::toString);
        assertTrue(out.toString().contains("500 of the training examples are held back"), out::toString);
        assertFalse(out.toString().contains("already there"), out::toString);
        assertEquals(1, execute("run", "sinc", "--patience", "3"));
        assertTrue(err.toString().contains("goes with --validation SHARE"), err::toString);
        assertEquals(1, execute("run", "lqr", "--validation", "0.2"));
        assertTrue(err.toString().contains("\"lqr\" learns from what it does"), err::toString);
    }

    @Test
    void curvesWithoutDataSaysWhatToGive() {
        assertEquals(1, execute("curves", "--data", folder.resolve("none").toString()));
        assertTrue(err.toString().contains("which is no folder: give the one that has NIST's"), err::toString);
    }

    @Test
    void aFileWhereTheFolderOfResultsIsToBeIsSaid() throws IOException {
        String csv = table("t.csv", "x,y", i -> 0.5 * i * i + "," + i % 2);
        Files.writeString(folder.resolve("out"), "a file");
        assertEquals(1, run(csv, "y", "-o", "sgd", "--epochs", "1"));
        assertTrue(err.toString().contains("for the results by --out"), err::toString);
    }

    @Test
    void inputsThatAreNoTablesAreOneSentence() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("latin.csv", "größe,y\n1,2\n".getBytes(StandardCharsets.ISO_8859_1));
        files.put("utf16.csv", "size,y\n1,2\n".getBytes(StandardCharsets.UTF_16LE));
        files.put("binary.csv", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 0x1a, 10, 0, 0, 0, 13});
        files.put("quote.csv", "x,y\n1,\"2\" 3\n".getBytes(StandardCharsets.UTF_8));
        files.put("empty.csv", new byte[0]);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = Files.write(folder.resolve(file.getKey()), file.getValue());
            err.getBuffer().setLength(0);
            assertEquals(1, run(path.toString(), "y"), file.getKey());
            String said = err.toString().strip();
            assertEquals(1, said.lines().count(), said);
            assertTrue(said.contains(file.getKey()), said);
            assertFalse(said.contains("Exception"), said);
        }
        assertEquals(1, run(folder.toString(), "y"));
        assertTrue(err.toString().contains("is a folder, where a file is wanted"), err::toString);
        assertEquals(1, run(folder.resolve("no.csv").toString(), "y"));
        assertTrue(err.toString().contains("There is no file"), err::toString);
    }

    @Test
    void measurementsSayWhatIsWrongAndDoNotEndWithZero() {
        assertEquals(1, execute("memory"));
        assertTrue(err.toString().contains("steps, step, cycles, discarded"), err::toString);
        assertEquals(1, execute("memory", "cycles", "--cycles", "10"));
        assertEquals(1, execute("memory", "cycles", "--problem", "lqr"));
        assertEquals(1, execute("memory", "step", "boston", "sgn0"));
        assertEquals(1, execute("memory", "steps", "0"));
        assertEquals(1, execute("memory", "discarded", "--networks", "0"));
        assertEquals(1, execute("memory", "discarded", "-o", "nothing"));
        assertEquals(1, execute("speed", "--peer-seconds", "0"));
        assertEquals(1, execute("image-speed", "--problem", "nothing"));
        assertEquals(1, execute("graph-speed", "--batch", "many"));
        assertEquals(1, execute("sequence-speed", "--steps", "0"));
        assertEquals(1, execute("table-speed", "--steps", "0"));
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
