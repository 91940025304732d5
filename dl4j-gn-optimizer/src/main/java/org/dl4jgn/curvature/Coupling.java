package org.dl4jgn.curvature;

import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.translate.TranslatedNetwork;

/**
 * What makes the loss of an example depend on more than the parameters and the example: where there is none of it, the loss of
 * a mini-batch is a sum over its examples, wherever each of them is.
 *
 * @param byStatistics batch normalization: mean and variance are those of all examples
 * @param isRandom dropout and other noise: the draw is one for all examples
 * @param byState truncated backpropagation: an example begins in the state that another piece ended in
 */
public record Coupling(boolean byStatistics, boolean isRandom, boolean byState) {

    static Coupling of(CompiledNetwork compiled) {
        TranslatedNetwork network = compiled.jacobian().network();
        return new Coupling(
                !network.statistics().isEmpty(),
                compiled.isRandom(),
                !network.states().isEmpty());
    }

    /** Whether there is any. */
    public boolean isAny() {
        return byStatistics || isRandom || byState;
    }
}
