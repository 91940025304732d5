package org.dl4jgn.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemorizationTest {

    private static final double EXACT = 1e-15;

    /** Mini-batches of an epoch. */
    private static final int EPOCH = 100;

    private static final double NOISE = 0.03;

    @Test
    void meansAndSumsForget() {
        Memorization one = Memorization.none().with(2, 0.5);
        assertEquals(new Memorization(2, 2, 0, 0.5, 0.25, 1), one);
        Memorization two = one.with(1, -0.1);
        double weight = 1.98;
        double mean = (0.98 * 2 + 1) / weight;
        assertEquals(weight, two.weight(), EXACT);
        assertEquals(mean, two.mean(), EXACT);
        assertEquals((0.98 * 2 + mean) / weight, two.older(), EXACT);
        assertEquals(0.98 * (2 - mean) * (2 - mean) + (1 - mean) * (1 - mean), two.squares(), EXACT);
        assertEquals(0.98 * 0.5 - 0.1, two.gained(), EXACT);
        assertEquals(0.98 * 0.98 * 0.25 + 0.01, two.noise(), EXACT);
    }

    @Test
    void itIsItsNumbers() {
        Memorization state = new Memorization(1, 2, 3, 4, 5, 6);
        assertEquals(state, Memorization.of(state.numbers()));
        assertEquals(Memorization.slots().size(), state.numbers().size());
    }

    @Test
    void beforeTheFirstStepNothingIsSaid() {
        assertFalse(Memorization.none().isFound());
    }

    /** The loss of mini-batches that come again is lower by a tenth an epoch, while steps do nothing for others. */
    @Test
    void aFallThatNoStepForOthersExplainsIsLearntByHeart() {
        assertTrue(found(10, 0.1, 0, 0.0002, new Random(1)) > 5 * EPOCH);
    }

    /** The same fall, of which what steps do for others explains all, or most. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 0.7})
    void aFallThatStepsForOthersExplainIsNot(double share) {
        assertEquals(0, found(10, 0.1, share, 0.0002, new Random(2)));
    }

    @Test
    void whereNoiseHidesWhatStepsDoNothingIsSaid() {
        assertEquals(0, found(10, 0.1, 0, 0.02, new Random(3)));
    }

    @Test
    void noiseIsNotLearntByHeart() {
        assertEquals(0, found(1000, 0, 0, 0.0002, new Random(4)));
    }

    /** As learning by heart, in so small steps that nothing depends on it. */
    @Test
    void aSlowFallIsNone() {
        assertEquals(0, found(10, 0.005, 0, 1e-6, new Random(5)));
    }

    /**
     * After how many steps of a training it is found.
     *
     * @param fall share of the loss by which it falls in an epoch
     * @param explained part of that which is what steps do for the next mini-batch
     * @param scatter of what they do
     */
    private static int found(int epochs, double fall, double explained, double scatter, Random random) {
        Memorization state = Memorization.none();
        double loss = 1;
        int found = 0;
        for (int step = 0; step < epochs * EPOCH; step++) {
            double drop = loss * fall / EPOCH;
            loss -= drop;
            state = state.with(
                    loss + NOISE * random.nextGaussian(), explained * drop + scatter * random.nextGaussian());
            found += state.isFound() ? 1 : 0;
        }
        return found;
    }
}
