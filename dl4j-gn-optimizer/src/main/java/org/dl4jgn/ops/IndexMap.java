package org.dl4jgn.ops;

import java.util.Arrays;

/**
 * For each element of an example's output the element of its input that it is copied from, or none: zero.
 *
 * <p>Patches of an image, padding, cropping, nearest-neighbour upsampling, permutations and flattening are such maps,
 * and so is any sequence of them.
 */
public final class IndexMap {

    /** The source of an element that is zero. */
    public static final int NONE = -1;

    private final int[] sources;
    private final int inputLength;

    private IndexMap(int[] sources, int inputLength) {
        this.sources = sources;
        this.inputLength = inputLength;
    }

    /**
     * The map with the given sources.
     *
     * @param sources the source of each output element, from 0 to {@code inputLength − 1}, or {@link #NONE}
     */
    public static IndexMap of(int[] sources, long inputLength) {
        for (int source : sources) {
            if (source < NONE || source >= inputLength) {
                throw new IllegalArgumentException(
                        "Source " + source + " is outside of an input of " + inputLength + " elements");
            }
        }
        return new IndexMap(sources.clone(), Math.toIntExact(inputLength));
    }

    /** The map that changes nothing. */
    public static IndexMap identity(long length) {
        int[] sources = new int[Math.toIntExact(length)];
        Arrays.setAll(sources, i -> i);
        return new IndexMap(sources, sources.length);
    }

    /** This map and then {@code next}, as one. */
    public IndexMap then(IndexMap next) {
        if (next.inputLength != sources.length) {
            throw new IllegalArgumentException(
                    "A map of " + next.inputLength + " elements cannot follow one to " + sources.length);
        }
        int[] composed = new int[next.sources.length];
        Arrays.setAll(composed, i -> next.sources[i] == NONE ? NONE : sources[next.sources[i]]);
        return new IndexMap(composed, inputLength);
    }

    /** Elements of an example's input. */
    public int inputLength() {
        return inputLength;
    }

    /** Elements of an example's output. */
    public int outputLength() {
        return sources.length;
    }

    /** Where output element {@code i} comes from. */
    public int source(int i) {
        return sources[i];
    }

    /** Where every output element comes from, in order. */
    public int[] sources() {
        return sources.clone();
    }

    /** Whether some output element comes from nowhere. */
    public boolean hasNone() {
        return Arrays.stream(sources).anyMatch(source -> source == NONE);
    }

    /**
     * The map backwards, with the same room for every element: row i lists the groups of {@code size} consecutive output
     * elements in which input element i occurs, in order, and then {@link #NONE}.
     *
     * @return as many rows as the input has elements, as long each as the longest list, but not empty
     */
    public int[][] groupsOfSources(int size) {
        int[] counts = new int[inputLength];
        int[] last = new int[inputLength];
        Arrays.fill(last, NONE);
        for (int i = 0; i < sources.length; i++) {
            if (sources[i] != NONE && last[sources[i]] != i / size) {
                last[sources[i]] = i / size;
                counts[sources[i]]++;
            }
        }
        int room = Math.max(1, Arrays.stream(counts).max().orElse(0));
        int[][] groups = new int[inputLength][room];
        for (int[] row : groups) {
            Arrays.fill(row, NONE);
        }
        Arrays.fill(counts, 0);
        Arrays.fill(last, NONE);
        for (int i = 0; i < sources.length; i++) {
            int source = sources[i];
            if (source != NONE && last[source] != i / size) {
                last[source] = i / size;
                groups[source][counts[source]++] = i / size;
            }
        }
        return groups;
    }

    /** Whether the output is the input. */
    public boolean isIdentity() {
        if (inputLength != sources.length) {
            return false;
        }
        for (int i = 0; i < sources.length; i++) {
            if (sources[i] != i) {
                return false;
            }
        }
        return true;
    }

    /**
     * The map as copies of consecutive elements: triples of first output element, first input element (or {@link #NONE})
     * and length, which together cover the output.
     */
    public int[] runs() {
        int[] runs = new int[3 * sources.length];
        int n = 0;
        for (int from = 0; from < sources.length; ) {
            int to = from + 1;
            while (to < sources.length && continues(from, to)) {
                to++;
            }
            runs[n++] = from;
            runs[n++] = sources[from];
            runs[n++] = to - from;
            from = to;
        }
        return Arrays.copyOf(runs, n);
    }

    private boolean continues(int from, int to) {
        return sources[from] == NONE ? sources[to] == NONE : sources[to] == sources[from] + to - from;
    }
}
