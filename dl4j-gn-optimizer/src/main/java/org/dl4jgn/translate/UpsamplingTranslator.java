package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.layers.BaseUpsamplingLayer;

/**
 * Upsampling: each position repeated in each dimension.
 *
 * @param <L> the layer
 */
final class UpsamplingTranslator<L extends BaseUpsamplingLayer> implements LayerTranslator<L> {

    private final int dimensions;
    private final Function<L, Boolean> channelsFirst;

    UpsamplingTranslator(int dimensions, Function<L, Boolean> channelsFirst) {
        this.dimensions = dimensions;
        this.channelsFirst = channelsFirst;
    }

    @Override
    public Activations translate(L layer, Activations input, GraphWriter writer) {
        Formats.require(channelsFirst.apply(layer), input, writer);
        input.requirePositions(dimensions, writer);
        int[] factors = Arrays.copyOf(layer.getSize(), dimensions);
        long[] sizes = Arrays.copyOf(input.shape(), dimensions);
        for (int i = 0; i < dimensions; i++) {
            if (factors[i] == 0) {
                factors[i] = factors[0];
            }
            sizes[i] = sizes[i] == Windows.NO_FIT ? Windows.NO_FIT : sizes[i] * factors[i];
        }
        return new PositionMap(sizes, new int[dimensions], factors).of(input);
    }
}
