package org.dl4jgn.bench.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file to which a JSON object is appended line by line. A process that was killed while it wrote leaves a last line that is
 * cut off: it is left out when reading, which is said, and replaced by the next line that is appended.
 */
final class JsonLines {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path file;
    private Optional<String> damage = Optional.empty();

    JsonLines(Path file) {
        this.file = file;
    }

    /**
     * All lines; none if there is no file. Changes nothing on disk, since another process may be writing.
     *
     * @param what a line is, for messages: "a run"
     * @throws IOException if a line before the last is damaged; the message has its number
     */
    <T> List<T> read(Class<T> type, String what) throws IOException {
        damage = Optional.empty();
        List<T> values = new ArrayList<>();
        if (!Files.exists(file)) {
            return values;
        }
        String text = Files.readString(file);
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            try {
                values.add(read(lines.get(i), type));
            } catch (JsonProcessingException e) {
                if (i < lines.size() - 1 || text.endsWith("\n")) {
                    throw new IOException(
                            file + ", line " + (i + 1) + ", is not " + what + ": " + e.getOriginalMessage()
                                    + "; delete the line to go on without it",
                            e);
                }
                damage = Optional.of(file + " ends in the middle of line " + (i + 1) + ": " + what
                        + " was not written to its end, and does not count");
            }
        }
        return values;
    }

    private static <T> T read(String line, Class<T> type) throws JsonProcessingException {
        T value = JSON.readValue(line, type);
        if (value == null) {
            throw MismatchedInputException.from(null, type, "there is nothing in it");
        }
        return value;
    }

    /** What was left out by the last reading, in a sentence. */
    Optional<String> damage() {
        return damage;
    }

    /** Appends a line, in place of one that was cut off. */
    void append(Object value) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        if (Files.exists(file)) {
            String text = Files.readString(file);
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            if (!text.equals(whole)) {
                String last = text.substring(whole.length());
                Files.writeString(file, isWhole(last) ? text + "\n" : whole);
            }
        }
        Files.writeString(
                file,
                JSON.writeValueAsString(value) + "\n",
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private static boolean isWhole(String line) {
        try {
            JSON.readTree(line);
            return true;
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
