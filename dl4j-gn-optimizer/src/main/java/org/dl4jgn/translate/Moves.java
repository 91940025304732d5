package org.dl4jgn.translate;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.Upsampling3D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping3D;
import org.dl4jgn.ops.IndexMap;

/** Layers that only move elements: zero padding, cropping and upsampling. */
final class Moves {

    private Moves() {}

    static Activations padding(ZeroPadding1DLayer layer, Activations input, GraphWriter writer) {
        return bordered(layer.getPadding(), 1, true, input, writer);
    }

    static Activations padding(ZeroPaddingLayer layer, Activations input, GraphWriter writer) {
        Formats.require(layer.getDataFormat(), input, writer);
        return bordered(layer.getPadding(), 1, input.channelsFirst(), input, writer);
    }

    static Activations padding(ZeroPadding3DLayer layer, Activations input, GraphWriter writer) {
        return bordered(layer.getPadding(), 1, true, input, writer);
    }

    static Activations cropping(Cropping1D layer, Activations input, GraphWriter writer) {
        return bordered(layer.getCropping(), -1, true, input, writer);
    }

    static Activations cropping(Cropping2D layer, Activations input, GraphWriter writer) {
        Formats.require(layer.getDataFormat(), input, writer);
        return bordered(layer.getCropping(), -1, input.channelsFirst(), input, writer);
    }

    static Activations cropping(Cropping3D layer, Activations input, GraphWriter writer) {
        return bordered(layer.getCropping(), -1, true, input, writer);
    }

    static Activations upsampling(Upsampling1D layer, Activations input, GraphWriter writer) {
        return repeated(layer.getSize(), 1, true, input, writer);
    }

    static Activations upsampling(Upsampling2D layer, Activations input, GraphWriter writer) {
        Formats.require(layer.getFormat(), input, writer);
        return repeated(layer.getSize(), 2, input.channelsFirst(), input, writer);
    }

    static Activations upsampling(Upsampling3D layer, Activations input, GraphWriter writer) {
        return repeated(layer.getSize(), 3, layer.getDataFormat() == Convolution3D.DataFormat.NCDHW, input, writer);
    }

    /**
     * Elements added before and after each dimension, or, with the sign −1, taken away.
     *
     * @param border before and after the first dimension, before and after the second, ...
     */
    private static Activations bordered(
            int[] border, int sign, boolean channelsFirst, Activations input, GraphWriter writer) {
        int n = border.length / 2;
        Formats.require(channelsFirst, input, writer);
        input.requirePositions(n, writer);
        long[] sizes = Arrays.copyOf(input.shape(), n);
        int[] before = new int[n];
        int[] ones = new int[n];
        Arrays.fill(ones, 1);
        for (int i = 0; i < n; i++) {
            before[i] = sign * border[2 * i];
            long size = sizes[i] + (long) sign * (border[2 * i] + border[2 * i + 1]);
            if (sizes[i] == Windows.NO_FIT || size <= 0) {
                if (!input.isOutline()) {
                    throw new GeometryException("nothing is left of " + sizes[i] + " elements");
                }
                size = Windows.NO_FIT;
            }
            sizes[i] = size;
        }
        return moved(input, sizes, before, ones);
    }

    private static Activations repeated(
            int[] times, int n, boolean channelsFirst, Activations input, GraphWriter writer) {
        Formats.require(channelsFirst, input, writer);
        input.requirePositions(n, writer);
        int[] factors = Arrays.copyOf(times, n);
        long[] sizes = Arrays.copyOf(input.shape(), n);
        for (int i = 0; i < n; i++) {
            if (factors[i] == 0) {
                factors[i] = factors[0];
            }
            sizes[i] = sizes[i] == Windows.NO_FIT ? Windows.NO_FIT : sizes[i] * factors[i];
        }
        return moved(input, sizes, new int[n], factors);
    }

    /** Output position p is input position (p − before) / factor, or zero outside. */
    private static Activations moved(Activations input, long[] sizes, int[] before, int[] factors) {
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
