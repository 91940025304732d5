package org.dl4jgn.bench.run;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dl4jgn.bench.problem.Workload;
import org.jspecify.annotations.Nullable;

/** What {@code tune} found best for each kind of optimizer on a problem; {@code tuned.json} beside the runs. */
public final class TunedSettings {

    private static final String FILE = "tuned.json";
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path file;
    private final Map<String, Choice> choices;

    /**
     * The outcome of tuning one kind.
     *
     * @param best the optimizer with the best settings, as a user would write it
     * @param measure on the validation part of the training data, which decided
     * @param value of it, in the last rung
     * @param budget of the last rung
     * @param seed of all trials
     * @param seconds of training that all trials took together
     * @param tried all trials
     * @param setup type of the network and size of the mini-batches; null in files from before it was written
     */
    public record Choice(
            String best,
            String measure,
            double value,
            String budget,
            int seed,
            double seconds,
            List<Trial> tried,
            @Nullable String setup) {

        /** Complains of what a damaged file has left out. */
        public Choice {
            requireNonNull(best, "there is no best");
            requireNonNull(tried, "there is no list of what was tried");
        }

        /** Whether it was found with such a setup; where that is not known, it is taken for so. */
        public boolean isFor(Workload.Setup other) {
            return setup == null || setup.equals(TunedSettings.words(other));
        }
    }

    /**
     * One point of the grid.
     *
     * @param optimizer with its settings
     * @param value best value of the measure within the budget
     * @param status how the trial ended
     * @param budget of it
     * @param seconds of training
     * @param setup type of the network and size of the mini-batches; null in files from before it was written
     */
    public record Trial(
            String optimizer,
            double value,
            RunRecord.Status status,
            String budget,
            double seconds,
            @Nullable String setup) {

        /** Complains of what a damaged file has left out. */
        public Trial {
            requireNonNull(optimizer, "there is no optimizer");
            requireNonNull(status, "there is no status");
            requireNonNull(budget, "there is no budget");
        }
    }

    /** What of a setup settings are tuned for: type and size of the mini-batches. */
    static String words(Workload.Setup setup) {
        return setup.type() + ", batch " + setup.batch();
    }

    private TunedSettings(Path file, Map<String, Choice> choices) {
        this.file = file;
        this.choices = choices;
    }

    /** What was found for a problem so far. */
    public static TunedSettings open(Path results, String problem) throws IOException {
        Path file = results.resolve(problem).resolve(FILE);
        if (!Files.exists(file)) {
            return new TunedSettings(file, new TreeMap<>());
        }
        try {
            return new TunedSettings(
                    file, JSON.readValue(file.toFile(), new TypeReference<TreeMap<String, Choice>>() {}));
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is not what \"tune\" writes: " + e.getOriginalMessage(), e);
        }
    }

    /** The choice for a kind of optimizer. */
    public Optional<Choice> of(String kind) {
        return Optional.ofNullable(choices.get(kind));
    }

    /** All choices by kind. */
    public Map<String, Choice> all() {
        return Collections.unmodifiableMap(new TreeMap<>(choices));
    }

    /** Keeps a choice. */
    public void put(String kind, Choice choice) throws IOException {
        choices.put(kind, choice);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = file.resolveSibling(FILE + ".new");
        JSON.writeValue(fresh.toFile(), choices);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
