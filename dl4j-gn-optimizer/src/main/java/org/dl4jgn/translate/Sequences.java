package org.dl4jgn.translate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * What is known of activations as sequences.
 *
 * @param folded steps of an example that are counted as examples of their own; 1 where none are
 * @param ofSteps whether steps are counted so, be it a single one
 * @param mask which steps are there, ones and zeros, one row a step; null for all
 * @param obeyed whether an LSTM, too, forgets what comes before a masked step: DL4J's runs on unless a layer around it hands
 *     it the mask
 */
record Sequences(long folded, boolean ofSteps, @Nullable SDVariable mask, boolean obeyed) {

    /** No sequences. */
    static final Sequences NONE = new Sequences(1, false, null, false);

    /** With another mask. */
    Sequences masked(@Nullable SDVariable other) {
        return new Sequences(folded, ofSteps, other, false);
    }

    /** With a mask that an LSTM obeys. */
    Sequences obeyed(@Nullable SDVariable other) {
        return new Sequences(folded, ofSteps, other, true);
    }

    /** With the mask of several that are put together: a step is there where it is in any of them, as DL4J has it. */
    Sequences ofAny(List<Activations> inputs) {
        Map<String, SDVariable> masks = new LinkedHashMap<>();
        for (Activations input : inputs) {
            SDVariable other = input.mask();
            if (other == null) {
                return masked(null);
            }
            masks.put(other.name(), other);
        }
        return masked(masks.values().stream()
                .map(flags -> masks.size() == 1 ? flags : flags.rsub(1.0))
                .reduce(SDVariable::mul)
                .map(flags -> masks.size() == 1 ? flags : flags.rsub(1.0))
                .orElse(null));
    }

    /** With so many steps counted as examples. */
    Sequences folded(long steps) {
        return new Sequences(steps, true, mask, obeyed);
    }

    /** With no steps counted as examples any more. */
    Sequences unfolded() {
        return new Sequences(1, false, mask, obeyed);
    }

    /** What is left of it for other positions: a mask belongs to its own. */
    Sequences forPositions(long positions, long[] shape) {
        long next = 1;
        for (int i = 0; i < shape.length - 1; i++) {
            next *= shape[i];
        }
        return next == positions ? this : new Sequences(folded, ofSteps, null, false);
    }
}
