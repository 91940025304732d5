package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * Zero padding and cropping: elements added before and after each dimension, or taken away.
 *
 * @param <L> the layer
 */
final class BorderTranslator<L extends Layer> implements LayerTranslator<L> {

    private final int dimensions;
    private final int sign;
    private final Function<L, int[]> border;
    private final Function<L, Boolean> channelsFirst;

    private BorderTranslator(int dimensions, int sign, Function<L, int[]> border, Function<L, Boolean> channelsFirst) {
        this.dimensions = dimensions;
        this.sign = sign;
        this.border = border;
        this.channelsFirst = channelsFirst;
    }

    /**
     * Padding.
     *
     * @param border before and after the first dimension, before and after the second, ...
     */
    static <L extends Layer> BorderTranslator<L> padding(
            int dimensions, Function<L, int[]> border, Function<L, Boolean> channelsFirst) {
        return new BorderTranslator<>(dimensions, 1, border, channelsFirst);
    }

    /** Cropping. */
    static <L extends Layer> BorderTranslator<L> cropping(
            int dimensions, Function<L, int[]> border, Function<L, Boolean> channelsFirst) {
        return new BorderTranslator<>(dimensions, -1, border, channelsFirst);
    }

    @Override
    public Activations translate(L layer, Activations input, GraphWriter writer) {
        Formats.require(channelsFirst.apply(layer), input, writer);
        input.requirePositions(dimensions, writer);
        int[] widths = border.apply(layer);
        long[] sizes = Arrays.copyOf(input.shape(), dimensions);
        int[] before = new int[dimensions];
        int[] ones = new int[dimensions];
        Arrays.fill(ones, 1);
        for (int i = 0; i < dimensions; i++) {
            before[i] = sign * widths[2 * i];
            long size = sizes[i] + (long) sign * (widths[2 * i] + widths[2 * i + 1]);
            if (sizes[i] == Windows.NO_FIT || size <= 0) {
                if (!input.isOutline()) {
                    throw new GeometryException("nothing is left of " + sizes[i] + " elements");
                }
                size = Windows.NO_FIT;
            }
            sizes[i] = size;
        }
        return new PositionMap(sizes, before, ones).of(input);
    }
}
