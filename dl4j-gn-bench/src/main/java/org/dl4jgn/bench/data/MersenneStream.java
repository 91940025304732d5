package org.dl4jgn.bench.data;

import java.util.function.IntUnaryOperator;
import org.apache.commons.math3.random.MersenneTwister;

/**
 * Random numbers as NumPy's legacy generator and Python's {@code random} draw them.
 *
 * <p>The paper's authors seeded both, so that with the same streams a run starts from their weights and sees their
 * mini-batches. Both are the Mersenne twister MT19937; they differ in how a seed becomes a state and bits a number.
 */
public final class MersenneStream {

    private final MersenneTwister bits;
    private final IntUnaryOperator indexUpTo;
    private double spareNormal = Double.NaN;

    private MersenneStream(MersenneTwister bits, boolean lowBits) {
        this.bits = bits;
        indexUpTo = lowBits ? this::fromLowBits : this::fromHighBits;
    }

    /** As after {@code numpy.random.seed(seed)}. */
    public static MersenneStream numpy(int seed) {
        return new MersenneStream(new MersenneTwister(seed), true);
    }

    /** As after {@code random.seed(seed)} in Python 3. */
    public static MersenneStream python(int seed) {
        return new MersenneStream(new MersenneTwister(new int[] {seed}), false);
    }

    /** Permutes in place, as NumPy's or Python's {@code shuffle}. */
    public void shuffle(int[] items) {
        for (int i = items.length - 1; i > 0; i--) {
            int j = indexUpTo.applyAsInt(i);
            int swapped = items[i];
            items[i] = items[j];
            items[j] = swapped;
        }
    }

    /** A number from N(0, 1), as {@code numpy.random.randn()}: Marsaglia's polar method, the second of a pair first. */
    public double normal() {
        if (!Double.isNaN(spareNormal)) {
            double spare = spareNormal;
            spareNormal = Double.NaN;
            return spare;
        }
        double x;
        double y;
        double square;
        do {
            x = 2 * uniform() - 1;
            y = 2 * uniform() - 1;
            square = x * x + y * y;
        } while (square >= 1 || square == 0);
        double scale = Math.sqrt(-2 * Math.log(square) / square);
        spareNormal = scale * x;
        return scale * y;
    }

    /** In [0, 1), from 53 bits. */
    private double uniform() {
        int high = bits.nextInt() >>> 5;
        int low = bits.nextInt() >>> 6;
        return (high * 0x1p26 + low) * 0x1p-53;
    }

    private int fromLowBits(int last) {
        int mask = -1 >>> Integer.numberOfLeadingZeros(last);
        int index;
        do {
            index = bits.nextInt() & mask;
        } while (index > last);
        return index;
    }

    private int fromHighBits(int last) {
        int shift = Integer.numberOfLeadingZeros(last + 1);
        int index;
        do {
            index = bits.nextInt() >>> shift;
        } while (index > last);
        return index;
    }
}
