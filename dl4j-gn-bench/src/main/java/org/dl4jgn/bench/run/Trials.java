package org.dl4jgn.bench.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The trials of tuning a problem, {@code trials.jsonl} beside the runs, so that it goes on after an interruption. */
public final class Trials {

    private static final String FILE = "trials.jsonl";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Map<String, TunedSettings.Trial> trials = new LinkedHashMap<>();

    private Trials(Path file) {
        this.file = file;
    }

    /** Those of a problem so far; a last line that was cut off is not there. */
    public static Trials open(Path results, String problem) throws IOException {
        Trials trials = new Trials(results.resolve(problem).resolve(FILE));
        if (Files.exists(trials.file)) {
            String text = Files.readString(trials.file);
            for (String line :
                    text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
                trials.remember(JSON.readValue(line, TunedSettings.Trial.class));
            }
        }
        return trials;
    }

    private void remember(TunedSettings.Trial trial) {
        trials.put(key(trial.optimizer(), trial.budget()), trial);
    }

    private static String key(String optimizer, String budget) {
        return optimizer + " for " + budget;
    }

    /** A trial, if it was made. */
    public Optional<TunedSettings.Trial> of(String optimizer, String budget) {
        return Optional.ofNullable(trials.get(key(optimizer, budget)));
    }

    /** Those of a kind of optimizer. */
    public List<TunedSettings.Trial> ofKind(String kind) {
        return trials.values().stream()
                .filter(trial -> trial.optimizer().replaceFirst(":.*", "").equals(kind))
                .toList();
    }

    /** Keeps a trial. */
    public void add(TunedSettings.Trial trial) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        if (Files.exists(file)) {
            String text = Files.readString(file);
            if (!text.endsWith("\n")) {
                Files.writeString(file, text.substring(0, text.lastIndexOf('\n') + 1));
            }
        }
        Files.writeString(
                file, JSON.writeValueAsString(trial) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        remember(trial);
    }

    /** Forgets all. */
    public void clear() throws IOException {
        Files.deleteIfExists(file);
        trials.clear();
    }
}
