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

    /** Letters to change, to add, to leave out or to exchange with the next (optimal string alignment), whether capital or not. */
    private static int distance(String first, String second) {
        String a = first.strip().toLowerCase(Locale.ROOT);
        String b = second.toLowerCase(Locale.ROOT);
        int[][] changes = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                changes[i][j] = i == 0 || j == 0 ? i + j : changes(changes, a, b, i, j);
            }
        }
        return changes[a.length()][b.length()];
    }

    /** From the first i letters of one to the first j of the other. */
    private static int changes(int[][] shorter, String a, String b, int i, int j) {
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int changes = Math.min(shorter[i - 1][j - 1] + same, 1 + Math.min(shorter[i - 1][j], shorter[i][j - 1]));
        boolean exchanged = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return exchanged ? Math.min(changes, 1 + shorter[i - 2][j - 2]) : changes;
    }
}
