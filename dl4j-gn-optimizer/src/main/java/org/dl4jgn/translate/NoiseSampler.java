package org.dl4jgn.translate;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;

/** Draws the random arrays of a layer, such as a dropout mask. */
@FunctionalInterface
public interface NoiseSampler {

    /**
     * Fills the arrays of one {@link NoiseSlot}.
     *
     * @param targets the slot's arrays, in its order; where examples have draws of their own, the rows of some examples at a
     *     time, so that the first dimension is not the slot's
     * @param random the only source of randomness
     * @param iteration iteration count, for schedules
     * @param epoch epoch count, for schedules
     */
    void draw(List<INDArray> targets, Random random, int iteration, int epoch);
}
