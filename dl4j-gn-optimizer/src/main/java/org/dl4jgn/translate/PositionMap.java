package org.dl4jgn.translate;

import java.util.Arrays;
import org.dl4jgn.ops.IndexMap;

/**
 * Elements moved from one position to others, all channels alike: output position p is input position (p − before) / factor,
 * or zero outside.
 *
 * @param sizes sizes of the output, without channels
 * @param before positions before the input's first, less than zero for such that are left out
 * @param factors how often a position is repeated
 */
record PositionMap(long[] sizes, int[] before, int[] factors) {

    Activations of(Activations input) {
        long[] from = input.shape();
        long[] to = Arrays.copyOf(sizes, from.length);
        int c = (int) input.channels();
        to[sizes.length] = c;
        return input.moved(
                () -> {
                    long count = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
                    int[] sources = new int[Math.toIntExact(count * c)];
                    for (int i = 0; i < sources.length; i++) {
                        int position = source(i / c, from, sizes, before, factors);
                        sources[i] = position == IndexMap.NONE ? IndexMap.NONE : position * c + i % c;
                    }
                    return IndexMap.of(sources, input.length());
                },
                to);
    }

    private static int source(int position, long[] from, long[] to, int[] before, int[] factors) {
        int result = 0;
        int scale = 1;
        int rest = position;
        for (int i = to.length - 1; i >= 0; i--) {
            long at = Math.floorDiv(rest % (int) to[i] - before[i], factors[i]);
            if (at < 0 || at >= from[i]) {
                return IndexMap.NONE;
            }
            result += (int) at * scale;
            scale *= (int) from[i];
            rest /= (int) to[i];
        }
        return result;
    }
}
