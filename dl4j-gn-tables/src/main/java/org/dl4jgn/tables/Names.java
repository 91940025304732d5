package org.dl4jgn.tables;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Names for messages: which there are, and which one a user may have meant. */
public final class Names {

    private static final int MOST_SHOWN = 30;

    private Names() {}

    /** All in a row, in quotes where a name holds a comma, a quote or a space at an end; the first thirty of many. */
    public static String list(Collection<String> names) {
        String shown = names.stream().limit(MOST_SHOWN).map(Names::quoted).collect(Collectors.joining(", "));
        return names.size() > MOST_SHOWN ? shown + " and " + (names.size() - MOST_SHOWN) + " more" : shown;
    }

    private static String quoted(String name) {
        return name.isEmpty()
                        || name.contains(",")
                        || name.contains("\"")
                        || !name.strip().equals(name)
                ? "\"" + name.replace("\"", "\"\"") + "\""
                : name;
    }

    /** {@code "; did you mean \"price\"?"}, or nothing where no name is near. */
    public static String didYouMean(String written, Collection<String> names) {
        return nearest(written, names)
                .map(name -> "; did you mean \"" + name + "\"?")
                .orElse("");
    }

    /** The name with the fewest letters to change, if these are at most a third of it. */
    static Optional<String> nearest(String written, Collection<String> names) {
        return names.stream()
                .filter(name -> distance(written, name) <= mostChanges(Math.min(written.length(), name.length())))
                .min(Comparator.comparingInt(name -> distance(written, name)));
    }

    /** A third of the letters, and one of few; names of one or two letters resemble each other by chance. */
    private static int mostChanges(int length) {
        return length < 3 ? 0 : Math.max(1, length / 3);
    }

    /** Letters to change, to add or to leave out (Levenshtein), whether capital or not. */
    private static int distance(String first, String second) {
        String a = first.strip().toLowerCase(Locale.ROOT);
        String b = second.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
