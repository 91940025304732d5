package org.dl4jgn.conf;

import java.util.List;

/**
 * Whether a training learns its examples by heart: mini-batches that come again have a lower loss, but only by what their own steps
 * did; the steps of others, which is what data that nobody has seen would get, did little for them.
 *
 * <p>With ℓ the loss of a mini-batch where its step begins and r what the step before did for it, the loss falls by about Σr as long
 * as every mini-batch is new. What it falls by beyond that, when mini-batches come again, is learnt by heart. In means and sums in
 * which each step counts by m = 0.98 less than the one after it,
 *
 * <pre>L = mean of ℓ,   L' = mean of L,   D = L' − L,   R = Σ r,
 *
 * D &gt; 3·σ(D),   D &gt; 0.02·|L|,   max(0, R) + σ(R) &lt; 0.4·D</pre>
 *
 * say so: D is how the loss fell within 1/(1 − m) = 50 steps. Of losses that differ by noise alone, of variance V, σ(D)² = V·(1 − m)/4;
 * σ(R)² = Σ r² with m² for m. Nothing is said before there were 80 steps or so, nor where noise hides what steps did: then a small D
 * is no sign of anything. Small tables are learnt by heart without a sign too: there the steps of all other mini-batches fit what
 * is particular to each. For them there is early stopping.
 *
 * @param mean L
 * @param older L'
 * @param squares sum of squares of ℓ from L; V is this by {@code weight}
 * @param gained R
 * @param noise σ(R)²
 * @param weight of the sums; 0 before the first step
 */
public record Memorization(double mean, double older, double squares, double gained, double noise, double weight) {

    private static final double MEMORY = 0.98;
    private static final double SMALLEST_DROP = 0.02;
    private static final double SHARE = 0.4;

    private static final double DEVIATIONS = 3;

    /** Of the sums, that at last would be 50. */
    private static final double SMALLEST_WEIGHT = 0.8 / (1 - MEMORY);

    /** What is known before the first step. */
    public static Memorization none() {
        return new Memorization(0, 0, 0, 0, 0, 0);
    }

    /** What these numbers say, in the order of {@link #slots}. */
    public static Memorization of(List<Double> numbers) {
        return new Memorization(
                numbers.get(0), numbers.get(1), numbers.get(2), numbers.get(3), numbers.get(4), numbers.get(5));
    }

    /** Names of the numbers. */
    public static List<String> slots() {
        return List.of("mean", "older", "squares", "gained", "noise", "weight");
    }

    /** The numbers, in that order. */
    public List<Double> numbers() {
        return List.of(mean, older, squares, gained, noise, weight);
    }

    /**
     * With another mini-batch.
     *
     * @param loss ℓ, finite
     * @param reduction r, finite; negative if its loss rose
     */
    public Memorization with(double loss, double reduction) {
        double nextWeight = MEMORY * weight + 1;
        double deviation = loss - mean;
        double nextMean = mean + deviation / nextWeight;
        return new Memorization(
                nextMean,
                older + (nextMean - older) / nextWeight,
                weight > 0 ? MEMORY * squares + deviation * (loss - nextMean) : 0,
                MEMORY * gained + reduction,
                MEMORY * MEMORY * noise + reduction * reduction,
                nextWeight);
    }

    /** Whether examples are learnt by heart. */
    public boolean isFound() {
        double drop = older - mean;
        double deviation = Math.sqrt(squares / weight * (1 - MEMORY)) / 2;
        return weight > SMALLEST_WEIGHT
                && drop > DEVIATIONS * deviation
                && drop > SMALLEST_DROP * Math.abs(mean)
                && Math.max(0, gained) + Math.sqrt(noise) < SHARE * drop;
    }
}
