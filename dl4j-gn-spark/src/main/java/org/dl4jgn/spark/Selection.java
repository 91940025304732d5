package org.dl4jgn.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Which examples of each partition a step is taken on: a function of the partition's number and size and of what is here, so
 * that a partition that is computed again, on another machine, has the same.
 *
 * @param kind in which way
 * @param index number of the piece, or of the draw
 * @param pieces into how many pieces the examples of each partition are divided
 * @param fraction share of the examples of each partition that are drawn
 * @param seed seed of the draw
 * @param share number of the share of those
 * @param shares into how many shares those are divided; 1 for all
 */
record Selection(Kind kind, long index, int pieces, double fraction, long seed, int share, int shares)
        implements Serializable {

    enum Kind {
        ALL,
        PIECE,
        SAMPLE
    }

    /** All examples. */
    static Selection all() {
        return new Selection(Kind.ALL, 0, 1, 1, 0, 0, 1);
    }

    /** The examples from index/pieces to (index + 1)/pieces of each partition. */
    static Selection piece(long index, int pieces) {
        return new Selection(Kind.PIECE, index, pieces, 1, 0, 0, 1);
    }

    /** A fraction of the examples of each partition, at least one, another one for each draw, none of them twice. */
    static Selection sample(double fraction, long seed, long draw) {
        return new Selection(Kind.SAMPLE, draw, 1, fraction, seed, 0, 1);
    }

    /** The examples {@code number}, {@code number + count}, ... of those, as many as all shares have. */
    Selection share(int number, int count) {
        return new Selection(kind, index, pieces, fraction, seed, number, count);
    }

    /** How many examples of a partition of {@code size} these are. */
    int count(int size) {
        return whole(size) / shares;
    }

    private int whole(int size) {
        return switch (kind) {
            case ALL -> size;
            case PIECE -> end(size, index + 1) - end(size, index);
            case SAMPLE -> size == 0 ? 0 : (int) Math.max(1, Math.round(fraction * size));
        };
    }

    private int end(int size, long piece) {
        return (int) (size * piece / pieces);
    }

    /** Their numbers. */
    int[] rows(int partition, int size) {
        int[] chosen = whole(partition, size);
        if (shares == 1) {
            return chosen;
        }
        int[] part = new int[chosen.length / shares];
        Arrays.setAll(part, i -> chosen[share + i * shares]);
        return part;
    }

    private int[] whole(int partition, int size) {
        return switch (kind) {
            case ALL -> IntStream.range(0, size).toArray();
            case PIECE ->
                IntStream.range(end(size, index), end(size, index + 1)).toArray();
            case SAMPLE -> drawn(partition, size);
        };
    }

    /** The first of a random permutation (Fisher and Yates), in ascending order. */
    private int[] drawn(int partition, int size) {
        Random random = new Random(mixed(mixed(seed, index), partition));
        int[] all = IntStream.range(0, size).toArray();
        int count = whole(size);
        for (int i = 0; i < count; i++) {
            int j = i + random.nextInt(size - i);
            int chosen = all[j];
            all[j] = all[i];
            all[i] = chosen;
        }
        int[] drawn = Arrays.copyOf(all, count);
        Arrays.sort(drawn);
        return drawn;
    }

    /** Seeds of neighbours that have nothing to do with each other (splitmix64). */
    private static long mixed(long seed, long number) {
        long z = (seed + number + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
