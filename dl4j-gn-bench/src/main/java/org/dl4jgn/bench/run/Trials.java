package org.dl4jgn.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The trials of tuning a problem, {@code trials.jsonl} beside the runs, so that it goes on after an interruption. */
public final class Trials {

    private static final String FILE = "trials.jsonl";

    private final JsonLines lines;
    private final Path file;
    private final Map<Key, TunedSettings.Trial> trials = new LinkedHashMap<>();

    /** What makes a trial the one it is. The setup is null in files from before it was written. */
    private record Key(
            String optimizer, String budget, @Nullable String setup) {}

    private Trials(Path file) {
        this.file = file;
        lines = new JsonLines(file);
    }

    /** Those of a problem so far; a last line that was cut off is not there. */
    public static Trials open(Path results, String problem) throws IOException {
        Trials trials = new Trials(results.resolve(problem).resolve(FILE));
        trials.lines.read(TunedSettings.Trial.class, "a trial").forEach(trials::remember);
        return trials;
    }

    private void remember(TunedSettings.Trial trial) {
        trials.put(new Key(trial.optimizer(), trial.budget(), trial.setup()), trial);
    }

    /** A trial, if it was made with the same setup. */
    public Optional<TunedSettings.Trial> of(String optimizer, String budget, String setup) {
        return Optional.ofNullable(trials.get(new Key(optimizer, budget, setup)));
    }

    /** Those of a kind of optimizer with a setup. */
    public List<TunedSettings.Trial> ofKind(String kind, String setup) {
        return trials.values().stream()
                .filter(trial -> trial.optimizer().replaceFirst(":.*", "").equals(kind))
                .filter(trial -> setup.equals(trial.setup()))
                .toList();
    }

    /** Keeps a trial. */
    public void add(TunedSettings.Trial trial) throws IOException {
        lines.append(trial);
        remember(trial);
    }

    /** Forgets all. */
    public void clear() throws IOException {
        Files.deleteIfExists(file);
        trials.clear();
    }
}
