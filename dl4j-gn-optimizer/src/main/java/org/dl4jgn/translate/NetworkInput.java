package org.dl4jgn.translate;

import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Something that a network's graph reads of each batch, beside labels: features, or the mask of features.
 *
 * @param variable a placeholder
 * @param shape its shape: [b, n] with each example element after element as DL4J has it
 * @param source what it is
 * @param index of which input of the network
 */
public record NetworkInput(SDVariable variable, long[] shape, Source source, int index) {

    /** What an input is. */
    public enum Source {
        /** Features. */
        FEATURES,
        /** Their mask, of zeros and ones. */
        FEATURE_MASK
    }

    /** Name of the variable. */
    public String name() {
        return variable.name();
    }
}
