package org.dl4jgn.curvature;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * For how many steps a network is compiled that gets sequences of changing lengths.
 *
 * <p>The first two lengths are compiled as they are: a training on one length, with a shorter rest in truncated backpropagation,
 * computes nothing for nothing. Any other is rounded up to one of {@value #PARTS} for each doubling, a quarter more at the most,
 * until it has come {@value #OFTEN} times: by then the steps that were computed for nothing have cost what compiling costs, about
 * two steps, so that it gets a network of its own if there is room to keep that.
 */
final class StepLengths {

    private static final int FIRST = 2;
    private static final int OFTEN = 6;
    private static final int PARTS = 4;

    private final Set<Long> exact = new HashSet<>();
    private final Map<Long, Integer> counts = new HashMap<>();

    /**
     * T′ ≥ T for the next mini-batch of T steps; empty if it is to be taken as it is.
     *
     * @param hasRoom whether one more network would be kept
     */
    OptionalLong of(long steps, boolean hasRoom) {
        if (exact.contains(steps)) {
            return OptionalLong.empty();
        }
        int count = counts.merge(steps, 1, Integer::sum);
        if (exact.size() < FIRST || count > OFTEN && hasRoom) {
            exact.add(steps);
            return OptionalLong.empty();
        }
        return OptionalLong.of(rounded(steps));
    }

    private static long rounded(long steps) {
        long part = Math.max(1, Long.highestOneBit(Math.max(1, steps - 1)) / PARTS);
        return (steps + part - 1) / part * part;
    }
}
