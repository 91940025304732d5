package org.dl4jgn.translate;

import java.util.List;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.dl4jgn.ops.IndexMap;
import org.dl4jgn.ops.Pick;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Writes the part of a 2D convolution in which each channel has weights of its own.
 *
 * <p>They are put into the matrix of an ordinary convolution, in which all weights between a channel and the outputs of
 * another are zero: one large product in place of many small ones.
 */
final class ChannelwiseWriter {

    private final ConvolutionLayer layer;
    private final Activations input;
    private final GraphWriter writer;

    /** The windows of the layer. */
    final Windows windows;

    ChannelwiseWriter(ConvolutionLayer layer, Activations input, GraphWriter writer) {
        this.layer = layer;
        this.input = input;
        this.writer = writer;
        writer.weightNoise(layer);
        Formats.require(layer.getCnn2dDataFormat(), input, writer);
        windows = ConvolutionTranslator.windows(layer, 2, input, writer);
    }

    /** The products of patches and weights, [size, nIn·multiplier]: [b·positions, nIn·multiplier]. */
    SDVariable product(SDVariable weights, long multiplier) {
        SDVariable patches = DropoutWriter.write(layer.getIDropout(), input, writer)
                .picked(windows::patches, input.batch() * windows.count(), windows.size() * layer.getNIn());
        writer.withoutRows();
        return writer.graph().mmul(patches, spread(weights, windows.size(), layer.getNIn(), multiplier));
    }

    /** Adds a bias, if there is one, and writes the activation. */
    Activations finished(SDVariable z, List<SDVariable> bias, long channels) {
        SDVariable biased = bias.isEmpty() ? z : writer.graph().nn().biasAdd(z, bias.get(0), false);
        return writer.activation(layer.getActivationFn(), input.with(biased, windows.outputShape(channels)));
    }

    /** [size, nIn·multiplier] as [size·nIn, nIn·multiplier] with zeros between different channels. */
    private SDVariable spread(SDVariable w, long size, long nIn, long multiplier) {
        if (input.isOutline()) {
            return w;
        }
        int n = (int) nIn;
        int columns = (int) (nIn * multiplier);
        int[] sources = new int[Math.toIntExact(size * n * columns)];
        for (int i = 0; i < sources.length; i++) {
            int column = i % columns;
            int channel = i / columns % n;
            int element = i / columns / n;
            sources[i] = column / (int) multiplier == channel ? element * columns + column : IndexMap.NONE;
        }
        return Pick.of(
                writer.graph(), w, IndexMap.of(sources, size * columns), new long[] {size, columns}, size * n, columns);
    }
}
