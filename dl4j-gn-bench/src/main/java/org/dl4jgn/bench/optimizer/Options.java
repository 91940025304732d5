package org.dl4jgn.bench.optimizer;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a user wrote behind the name of an optimizer. */
public final class Options {

    private final String optimizer;
    private final Map<String, String> values;

    private Options(String optimizer, Map<String, String> values) {
        this.optimizer = optimizer;
        this.values = values;
    }

    /**
     * Parses {@code 10,damping=1e-3}.
     *
     * @param known names of all settings; a value without a name belongs to the first
     */
    static Options parse(String optimizer, String text, Collection<String> known) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String piece : text.split(",", -1)) {
            if (piece.isBlank()) {
                continue;
            }
            int equals = piece.indexOf('=');
            String name = equals < 0
                    ? known.stream().findFirst().orElse("")
                    : piece.substring(0, equals).strip().toLowerCase(Locale.ROOT);
            if (!known.contains(name)) {
                throw new IllegalArgumentException(optimizer + " has no setting \"" + name + "\""
                        + (known.isEmpty() ? "" : "; its settings are " + String.join(", ", known)));
            }
            if (values.put(name, piece.substring(equals + 1).strip()) != null) {
                throw new IllegalArgumentException(name + " of " + optimizer + " is given twice");
            }
        }
        return new Options(optimizer, values);
    }

    /** Whether nothing was written. */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** Whether a setting was written. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** A number greater than 0. */
    public double positive(String name, double byDefault) {
        double value = number(name, byDefault);
        if (!(value > 0)) {
            throw wrong(name, "greater than 0");
        }
        return value;
    }

    /** A number. */
    public double number(String name, double byDefault) {
        String text = values.get(name);
        try {
            double value = text == null ? byDefault : Double.parseDouble(text);
            if (!Double.isFinite(value)) {
                throw wrong(name, "a finite number");
            }
            return value;
        } catch (NumberFormatException e) {
            throw wrong(name, "a number");
        }
    }

    /** A whole number, at least 1. */
    public int count(String name, int byDefault) {
        String text = values.get(name);
        try {
            int value = text == null ? byDefault : Integer.parseInt(text);
            if (value < 1) {
                throw wrong(name, "at least 1");
            }
            return value;
        } catch (NumberFormatException e) {
            throw wrong(name, "a whole number");
        }
    }

    /** A word. */
    public String word(String name, String byDefault) {
        return values.getOrDefault(name, byDefault).toLowerCase(Locale.ROOT);
    }

    /** A complaint about a value. */
    public IllegalArgumentException wrong(String name, String allowed) {
        return new IllegalArgumentException(
                name + " of " + optimizer + " is " + values.get(name) + ", but must be " + allowed);
    }

    /** As the user would write it: the first setting of the family without its name. */
    String canonical(Collection<String> known) {
        String first = known.stream().findFirst().orElse("");
        String text = known.stream()
                .filter(values::containsKey)
                .map(name -> (name.equals(first) ? "" : name + "=") + values.get(name))
                .collect(Collectors.joining(","));
        return text.isEmpty() ? optimizer : optimizer + ":" + text;
    }
}
