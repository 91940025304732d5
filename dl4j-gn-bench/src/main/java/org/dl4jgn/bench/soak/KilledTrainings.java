package org.dl4jgn.bench.soak;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.dl4jgn.bench.process.JavaProcess;

/**
 * Kills trainings at random moments, as {@code kill -9} does, lets them go on from their checkpoints, and compares the end with
 * that of a training that nobody disturbed, bit for bit.
 *
 * @param kills of each network
 * @param steps of a training, long enough that it is still under way when it is killed
 * @param seed decides the moments
 */
public record KilledTrainings(int kills, int steps, long seed) {

    private static final int LONGEST_MILLIS = 500;

    /** Checks the numbers. */
    public KilledTrainings {
        if (kills < 1 || steps < 1) {
            throw new IllegalArgumentException(
                    "--kills is " + kills + " and --steps " + steps + ", but both must be at least 1");
        }
    }

    /** Does so with a network; says whether the ends agree. */
    public boolean of(SoakNetwork kind, PrintWriter out) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("soak");
        String expected = end(started(kind, folder.resolve("undisturbed.zip")));
        Path checkpoint = folder.resolve("killed.zip");
        Random random = new Random(seed + kind.ordinal());
        StringBuilder moments = new StringBuilder();
        for (int i = 0; i < kills; i++) {
            Process process = started(kind, checkpoint);
            BufferedReader lines = lines(process);
            String line = lines.readLine();
            while (line != null && !line.startsWith(KillableTraining.READY)) {
                line = lines.readLine();
            }
            Thread.sleep(random.nextInt(LONGEST_MILLIS));
            process.destroyForcibly().waitFor();
            moments.append(line == null ? "?" : line.substring(KillableTraining.READY.length()))
                    .append(' ');
        }
        String end = end(started(kind, checkpoint));
        boolean same = expected.equals(end) && expected.startsWith(KillableTraining.DONE);
        out.printf(
                "%-14s %d kills; it went on from steps %s: %s%n",
                kind,
                kills,
                moments,
                same ? "PASS, the same bits after " + steps : "FAIL, " + end + " for " + expected);
        out.flush();
        clear(folder);
        return same;
    }

    private Process started(SoakNetwork kind, Path checkpoint) throws IOException {
        return new JavaProcess(
                        KillableTraining.class.getName(), List.of(kind.name(), checkpoint.toString(), "" + steps))
                .start();
    }

    private static BufferedReader lines(Process process) {
        return process.inputReader(StandardCharsets.UTF_8);
    }

    private static String end(Process process) throws IOException, InterruptedException {
        String last = "";
        BufferedReader lines = lines(process);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            last = line;
        }
        process.waitFor();
        return last;
    }

    private static void clear(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
