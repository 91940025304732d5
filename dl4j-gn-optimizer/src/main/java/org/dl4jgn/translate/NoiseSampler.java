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
     * @param targets the slot's arrays, in its order
     * @param random the only source of randomness
     * @param iteration iteration count, for schedules
     * @param epoch epoch count, for schedules
     */
    void draw(List<INDArray> targets, Random random, int iteration, int epoch);
}
