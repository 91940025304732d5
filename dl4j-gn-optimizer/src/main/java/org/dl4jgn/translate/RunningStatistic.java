package org.dl4jgn.translate;

import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A running mean or variance of batch normalization: in DL4J a parameter, but not one that is trained. The network in
 * training mode does not depend on it; after each step it takes in the batch's own.
 *
 * @param slot its place among the parameters
 * @param kind how it is kept
 * @param decay the share of the old value in the new one
 * @param ofBatch the batch's mean or variance, [1, channels]
 */
public record RunningStatistic(ParameterSlot slot, Kind kind, double decay, SDVariable ofBatch) {

    /** How a statistic is kept. */
    public enum Kind {
        /** As it is. */
        PLAIN,
        /** A variance v as log₁₀√v. */
        LOG10_OF_ROOT
    }

    /** The value after a batch, from the one before it and the batch's. */
    public double next(double old, double batch) {
        return switch (kind) {
            case PLAIN -> decay * old + (1 - decay) * batch;
            case LOG10_OF_ROOT -> Math.log10(decay * Math.pow(10, 2 * old) + (1 - decay) * batch) / 2;
        };
    }
}
