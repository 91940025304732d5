package org.dl4jgn.tables;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A table as numbers. Rows are split at random; means, deviations and categories come from the training rows alone. A
 * column of numbers is standardized, and where it misses some, the mean takes their place and a column that is 1 there is
 * added; a column of text becomes a column for each of its texts, what is missing being a text of its own; a column that is
 * constant, or has more than {@value FeatureColumns#MOST_TEXTS} texts, is left out, and so is one that counts the rows, unless there
 * is no other. Whatever is not simply a standardized number is said in a note.
 *
 * @param train features of the training rows [n][inputs]
 * @param trainLabels of the same [n][outputs]
 * @param test features of the test rows
 * @param testLabels of the same
 * @param target what the labels are
 * @param notes what was done, for the user
 */
public record EncodedTable(
        float[][] train,
        float[][] trainLabels,
        float[][] test,
        float[][] testLabels,
        Target target,
        List<String> notes) {

    /** What a network is to learn. */
    public enum Kind {
        /** A number, standardized. */
        NUMBER,
        /** One of two classes, 0 or 1. */
        TWO_CLASSES,
        /** One of more classes, a column for each. */
        CLASSES
    }

    /**
     * What the labels are.
     *
     * @param kind number or classes
     * @param classes names in the order of the labels; empty for a number
     * @param mean that was taken from a number; 0 for classes
     * @param scale that a number was then divided by; 1 for classes
     */
    public record Target(Kind kind, List<String> classes, double mean, double scale) {}

    /**
     * Which rows are for testing.
     *
     * @param testShare of all
     * @param shuffle brings the numbers of the rows into a random order; the first ones are for testing
     */
    public record Split(double testShare, Consumer<int[]> shuffle) {

        /** By Java's random numbers. */
        public static Split random(double testShare, long seed) {
            return new Split(testShare, rows -> shuffle(rows, new Random(seed)));
        }

        private static void shuffle(int[] rows, Random random) {
            for (int i = rows.length - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int row = rows[i];
                rows[i] = rows[j];
                rows[j] = row;
            }
        }
    }

    /**
     * Encodes a table.
     *
     * @param target name of the column to predict
     * @throws DataException if there is no such column, or nothing to learn or to learn from
     */
    public static EncodedTable of(Table table, String target, Split split) throws DataException {
        return new TableEncoder(table, target, split).encode();
    }
}
