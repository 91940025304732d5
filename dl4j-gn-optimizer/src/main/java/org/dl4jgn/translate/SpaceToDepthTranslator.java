package org.dl4jgn.translate;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.dl4jgn.ops.IndexMap;

/** Squares of s × s positions as channels of one position: channel (i·s + j)·c + k is channel k of row i, column j of the square. */
final class SpaceToDepthTranslator implements LayerTranslator<SpaceToDepthLayer> {

    @Override
    public Activations translate(SpaceToDepthLayer layer, Activations input, GraphWriter writer) {
        Formats.require(layer.getDataFormat() == CNN2DFormat.NCHW, input, writer);
        input.requirePositions(2, writer);
        int side = layer.getBlockSize();
        long[] from = input.shape();
        long[] to = {parts(from[0], side, input), parts(from[1], side, input), from[2] * side * side};
        return input.moved(() -> squares(from, to, side), to);
    }

    private static long parts(long size, int side, Activations input) {
        if (size == Windows.NO_FIT || size % side != 0) {
            if (!input.isOutline()) {
                throw new GeometryException(size + " positions cannot be divided into squares of " + side);
            }
            return Windows.NO_FIT;
        }
        return size / side;
    }

    private static IndexMap squares(long[] from, long[] to, int side) {
        int width = Math.toIntExact(from[1]);
        int c = Math.toIntExact(from[2]);
        int channels = Math.toIntExact(to[2]);
        int columns = Math.toIntExact(to[1]);
        int[] sources = new int[Math.toIntExact(to[0] * to[1] * to[2])];
        for (int i = 0; i < sources.length; i++) {
            int position = i / channels;
            int inSquare = i % channels / c;
            int row = position / columns * side + inSquare / side;
            int column = position % columns * side + inSquare % side;
            sources[i] = (row * width + column) * c + i % c;
        }
        return IndexMap.of(sources, from[0] * from[1] * from[2]);
    }
}
