package org.dl4jgn.curvature;

import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.translate.TranslatedNetwork;

/**
 * What makes the loss of an example depend on more than the parameters and the example: where there is none of it, the loss of
 * a mini-batch is a sum over its examples, wherever each of them is.
 *
 * @param byStatistics batch normalization: mean and variance are those of all examples
 * @param isRandom dropout and other noise; the draw for an example is a function of its place in the mini-batch
 * @param byNoise noise that is drawn for all examples at once: on such as a vertex has stacked
 * @param byState truncated backpropagation: an example begins in the state that another piece ended in
 */
public record Coupling(boolean byStatistics, boolean isRandom, boolean byNoise, boolean byState) {

    static Coupling of(CompiledNetwork compiled) {
        TranslatedNetwork network = compiled.jacobian().network();
        return new Coupling(
                !network.statistics().isEmpty(),
                compiled.isRandom(),
                !compiled.isNoiseOfExamples(),
                !network.states().isEmpty());
    }

    /** Whether there is any. */
    public boolean isAny() {
        return byStatistics || isRandom || byState;
    }
}
