package org.dl4jgn.bench.problem;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.bench.data.Examples;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A text whose entropy is known, character by character: no files are needed, and it is the same for all runs.
 *
 * <p>Its {@value #WORDS} words, of 2 to 7 letters out of {@value #LETTERS} and a space at the end, are a Markov chain: each is followed
 * by one of four others, with probabilities 1/2, 1/4, 1/8 and 1/8. The j-th follower of word i in a circle is i + sⱼ, so that all words
 * are as frequent. As words are told apart by their letters, a character has (7/4) ln 2 over the mean length of a word in nats, which
 * no model can go below; it has to know what a word it reads the beginning of can be, by the word before.
 */
final class TextData {

    static final int STEPS = 50;
    static final int SYMBOLS = TextData.LETTERS + 1;

    private static final int WORDS = 64;
    private static final int LETTERS = 16;
    private static final int SPACE = LETTERS;
    private static final int[] FOLLOWERS = {1, 7, 19, 37};
    private static final int TRAIN = 2000;
    private static final int TEST = 500;
    private static final double BITS_OF_A_WORD = 1.75;

    private final List<List<Integer>> words = new ArrayList<>();
    private final Random random = new Random(1);
    private final List<Integer> text = new ArrayList<>();
    private int word;

    private TextData() {
        Set<List<Integer>> distinct = new LinkedHashSet<>();
        while (distinct.size() < WORDS) {
            List<Integer> letters = new ArrayList<>();
            int length = 2 + random.nextInt(6);
            for (int i = 0; i < length; i++) {
                letters.add(random.nextInt(LETTERS));
            }
            letters.add(SPACE);
            distinct.add(letters);
        }
        words.addAll(distinct);
    }

    /** Nats of a character. */
    static double entropy() {
        double length =
                new TextData().words.stream().mapToInt(List::size).average().orElseThrow();
        return BITS_OF_A_WORD * Math.log(2) / length;
    }

    /** Excerpts of {@value #STEPS} characters, each with the same a character later as its labels; one-hot. */
    static LoadedData load(DataFolders folders) {
        TextData source = new TextData();
        float[][][] train = source.excerpts(TRAIN);
        float[][][] test = source.excerpts(TEST);
        return LoadedData.of(
                new Examples(
                        Nd4j.createFromArray(train[0]),
                        Nd4j.createFromArray(train[1]),
                        Nd4j.createFromArray(test[0]),
                        Nd4j.createFromArray(test[1])),
                Task.CLASSES,
                1,
                List.of(),
                String.format(
                        Locale.ROOT,
                        "The source has %.4f nats a character. An excerpt begins within a word that nobody saw, so that no"
                                + " model gets quite there",
                        entropy()));
    }

    private float[][][] excerpts(int count) {
        float[][][] pairs = new float[2][count][SYMBOLS * STEPS];
        for (int i = 0; i < count; i++) {
            while (text.size() <= STEPS) {
                next();
            }
            for (int t = 0; t < STEPS; t++) {
                pairs[0][i][text.get(t) * STEPS + t] = 1;
                pairs[1][i][text.get(t + 1) * STEPS + t] = 1;
            }
            text.subList(0, STEPS).clear();
        }
        return pairs;
    }

    private void next() {
        text.addAll(words.get(word));
        int eighths = random.nextInt(8);
        int follower = eighths < 4 ? 0 : eighths < 6 ? 1 : eighths - 4;
        word = (word + FOLLOWERS[follower]) % WORDS;
    }
}
