package org.dl4jgn.spark;

import java.io.Serializable;

/**
 * Which examples each step is taken on. Every partition gives its part, so that all of the cluster works on every step.
 *
 * @param kind how they are chosen
 * @param size examples of a mini-batch, about, where that is set
 * @param fraction share of all examples, where that is set
 */
public record MiniBatches(Kind kind, long size, double fraction) implements Serializable {

    /** The ways to choose. */
    public enum Kind {
        /** All examples in each step. */
        ALL,
        /** The same pieces in each epoch, one after the other. */
        FIXED,
        /** Drawn anew for each step. */
        SAMPLED
    }

    /** Checks the settings. */
    public MiniBatches {
        if (kind == Kind.FIXED && size < 1) {
            throw new IllegalArgumentException("The size of a mini-batch is " + size + ", but must be at least 1");
        }
        if (kind == Kind.SAMPLED && !(fraction > 0 && fraction <= 1)) {
            throw new IllegalArgumentException(
                    "The sampled fraction is " + fraction + ", but must be above 0 and at most 1");
        }
    }

    /** All examples in each step: a mini-batch that is the same one every time, so that there is no noise in it. */
    public static MiniBatches all() {
        return new MiniBatches(Kind.ALL, 0, 1);
    }

    /**
     * Pieces of the cached examples: each partition is divided, in its order, into as many pieces as make a mini-batch of
     * {@code size}, or a few fewer; a step takes the same piece of every partition. Shuffle the data before. A size
     * that makes more pieces than the largest partition has examples is refused by {@code fit}.
     */
    public static MiniBatches of(long size) {
        return new MiniBatches(Kind.FIXED, size, 1);
    }

    /**
     * A fraction of the examples of each partition, drawn for each step without repetition; an epoch has as many steps as
     * make up all examples. The draw is a function of the network's seed, the iteration and the partition.
     */
    public static MiniBatches sampled(double fraction) {
        return new MiniBatches(Kind.SAMPLED, 0, fraction);
    }

    /** Steps of an epoch. */
    int steps(long examples) {
        return switch (kind) {
            case ALL -> 1;
            case FIXED -> (int) Math.max(1, (examples + size - 1) / size);
            case SAMPLED -> (int) Math.max(1, Math.round(1 / fraction));
        };
    }

    /**
     * Refuses pieces of which one has no examples.
     *
     * @param examples number of all
     * @param largest number of those of the largest partition
     */
    void requireFilled(long examples, int largest) {
        if (kind == Kind.FIXED && steps(examples) > largest) {
            throw new IllegalArgumentException("Mini-batches of about " + size + " of " + examples
                    + " examples divide each partition into " + steps(examples)
                    + " pieces, but the largest partition has "
                    + largest + " examples. Take mini-batches of at least " + (examples + largest - 1) / largest
                    + ", or fewer partitions");
        }
    }

    /** The examples of a step: a function of the iteration, so that a training that is resumed has the same. */
    Selection at(int iteration, long examples, long seed) {
        return switch (kind) {
            case ALL -> Selection.all();
            case FIXED -> Selection.piece(iteration % steps(examples), steps(examples));
            case SAMPLED -> Selection.sample(fraction, seed, iteration);
        };
    }
}
