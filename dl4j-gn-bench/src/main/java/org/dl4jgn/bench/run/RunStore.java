package org.dl4jgn.bench.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.problem.Workload;

/** The results of one problem on disk. */
public final class RunStore {

    private static final String RUNS = "runs.jsonl";
    private static final String COMMANDS = "commands.txt";

    private final Path folder;
    private final JsonLines lines;
    private final Map<RunRecord.Key, RunRecord> runs = new LinkedHashMap<>();

    private RunStore(Path folder) {
        this.folder = folder;
        lines = new JsonLines(folder.resolve(RUNS));
    }

    /**
     * The results of a problem, or none yet. A last line that was cut off is not there, see {@link #damage}. Changes nothing
     * on disk, since another process may be writing.
     *
     * @throws IOException if the file is not one of runs; the message has the number of the line
     */
    public static RunStore open(Path results, String problem) throws IOException {
        return in(results.resolve(problem));
    }

    static RunStore in(Path folder) throws IOException {
        RunStore store = new RunStore(folder);
        store.lines.read(RunRecord.class, "a run").forEach(store::remember);
        return store;
    }

    /** What was damaged when it was opened, in a sentence. */
    public Optional<String> damage() {
        return lines.damage();
    }

    /** All problems that have results in a folder. */
    public static List<String> problems(Path results) throws IOException {
        if (!Files.isDirectory(results)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(results)) {
            return folders.filter(folder -> Files.exists(folder.resolve(RUNS)))
                    .map(folder -> String.valueOf(folder.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private void remember(RunRecord run) {
        runs.remove(run.key());
        runs.put(run.key(), run);
    }

    /**
     * All runs, each once, the latest of it; of an optimizer those with the settings that it was last run with, since defaults
     * change from version to version, and what schedules end with is another budget.
     */
    public List<RunRecord> runs() {
        record Entry(String optimizer, Object type, int batch) {}
        Map<Entry, Map<String, String>> latest = new HashMap<>();
        for (RunRecord run : runs.values()) {
            latest.put(new Entry(run.optimizer(), run.type(), run.batch()), run.settings());
        }
        return runs.values().stream()
                .filter(run -> run.settings().equals(latest.get(new Entry(run.optimizer(), run.type(), run.batch()))))
                .toList();
    }

    /** A run, if it was begun. */
    public Optional<RunRecord> run(RunRecord.Key key) {
        return Optional.ofNullable(runs.get(key));
    }

    /** Where the state of an interrupted run is kept. */
    public Path checkpoint(RunRecord.Key key) {
        String name = key.optimizer() + "-seed" + key.seed() + "-" + key.type() + "-" + key.batch() + "-"
                + Integer.toHexString(new TreeMap<>(key.settings()).hashCode());
        return folder.resolve(name.replaceAll("[^A-Za-z0-9.=_-]+", "_") + ".checkpoint.zip");
    }

    /** The folder. */
    public Path folder() {
        return folder;
    }

    /** Appends a run, or its next stage, and writes the tables anew. */
    public void add(RunRecord run) throws IOException {
        lines.append(run);
        remember(run);
        table("runs.csv", runHeader(), runs().stream().map(RunStore::runRow));
        table("curves.csv", curveHeader(), runs().stream().flatMap(RunStore::curveRows));
    }

    /** Keeps a command beside what it made, once. */
    public void remember(String command) throws IOException {
        Path file = folder.resolve(COMMANDS);
        Files.createDirectories(folder);
        if (!commands().contains(command)) {
            Files.writeString(file, command + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    /** The commands that made these results. */
    public List<String> commands() throws IOException {
        Path file = folder.resolve(COMMANDS);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private void table(String name, List<String> header, Stream<List<Object>> rows) throws IOException {
        Path fresh = folder.resolve(name + ".new");
        try (Writer out = Files.newBufferedWriter(fresh);
                CSVPrinter csv = new CSVPrinter(
                        out,
                        CSVFormat.DEFAULT.builder().setRecordSeparator('\n').build())) {
            csv.printRecord(header);
            rows.forEach(row -> {
                try {
                    csv.printRecord(row);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        Files.move(fresh, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<String> runHeader() {
        List<String> header = new ArrayList<>(List.of(
                "problem",
                "optimizer",
                "settings",
                "tuned",
                "seed",
                "type",
                "batch",
                "budget",
                "warm_up_seconds",
                "status",
                "message",
                "started",
                "os",
                "cpu",
                "cores",
                "memory_gb",
                "java",
                "dl4j",
                "backend",
                "threads",
                "blas",
                "files",
                "epochs",
                "steps",
                "seconds"));
        Arrays.stream(Measure.values()).forEach(measure -> header.add(column(measure)));
        return header;
    }

    private static String column(Measure measure) {
        return measure.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static List<Object> runRow(RunRecord run) {
        Machine m = run.machine();
        List<Object> row = new ArrayList<>(List.of(
                run.problem(),
                run.optimizer(),
                run.settings(),
                run.tuned(),
                run.seed(),
                run.type(),
                run.batch(),
                run.budget(),
                run.warmUpSeconds(),
                run.status(),
                run.message(),
                run.started(),
                m.os(),
                m.cpu(),
                m.cores(),
                m.memoryGb(),
                m.java(),
                m.dl4j(),
                m.backend(),
                m.threads(),
                m.blas(),
                run.files().stream().map(Workload.Source::name).collect(Collectors.joining(" ")),
                run.last().epoch(),
                run.last().step(),
                run.last().seconds()));
        addValues(row, run.last());
        return row;
    }

    private static List<String> curveHeader() {
        List<String> header =
                new ArrayList<>(List.of("problem", "optimizer", "seed", "type", "batch", "epoch", "step", "seconds"));
        Arrays.stream(Measure.values()).forEach(measure -> header.add(column(measure)));
        return header;
    }

    private static Stream<List<Object>> curveRows(RunRecord run) {
        return run.curve().stream().map(point -> {
            List<Object> row = new ArrayList<>(List.of(
                    run.problem(),
                    run.optimizer(),
                    run.seed(),
                    run.type(),
                    run.batch(),
                    point.epoch(),
                    point.step(),
                    point.seconds()));
            addValues(row, point);
            return row;
        });
    }

    private static void addValues(List<Object> row, Point point) {
        for (Measure measure : Measure.values()) {
            Double value = point.values().get(measure);
            row.add(value == null ? "" : value);
        }
    }
}
