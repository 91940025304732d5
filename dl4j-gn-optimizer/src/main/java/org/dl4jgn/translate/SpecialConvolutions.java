package org.dl4jgn.translate;

import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.params.SeparableConvolutionParamInitializer;
import org.dl4jgn.ops.IndexMap;
import org.dl4jgn.ops.Pick;
import org.dl4jgn.ops.Scatter;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * 2D convolutions whose weights are arranged in another way: depthwise, separable and transposed.
 *
 * <p>Depthwise weights are put into the matrix of an ordinary convolution, in which all weights between a channel and the
 * outputs of another are zero: one large product in place of many small ones.
 */
final class SpecialConvolutions {

    private static final String W = "W";
    private static final String B = "b";

    private SpecialConvolutions() {}

    /** z = pW + b, W from DL4J's [kh, kw, nIn, multiplier]; output c·multiplier + m belongs to channel c. */
    static Activations depthwise(DepthwiseConvolution2D layer, Activations input, GraphWriter writer) {
        Windows windows = windows(layer, input, writer);
        long nIn = layer.getNIn();
        long multiplier = layer.getDepthMultiplier();
        SDVariable b = bias(layer, writer, nIn * multiplier);
        SDVariable w = writer.parameter(W, windows.size(), nIn * multiplier);
        SDVariable z = product(
                patches(layer, input, windows, writer),
                spread(w, windows.size(), nIn, multiplier, input, writer),
                b,
                writer);
        return activated(layer, input.with(z, windows.outputShape(nIn * multiplier)), writer);
    }

    /** As {@link #depthwise}, from DL4J's [multiplier, nIn, kh, kw], and then a product for each position. */
    static Activations separable(SeparableConvolution2D layer, Activations input, GraphWriter writer) {
        Windows windows = windows(layer, input, writer);
        long nIn = layer.getNIn();
        long nOut = layer.getNOut();
        long multiplier = layer.getDepthMultiplier();
        int[] kernel = windows.kernel();
        SDVariable b = bias(layer, writer, nOut);
        SDVariable depth = writer.parameter(
                SeparableConvolutionParamInitializer.DEPTH_WISE_WEIGHT_KEY,
                new ParameterLayout(new long[] {multiplier, nIn, kernel[0], kernel[1]}, new int[] {2, 3, 1, 0}),
                windows.size(),
                nIn * multiplier);
        SDVariable point = writer.parameter(
                SeparableConvolutionParamInitializer.POINT_WISE_WEIGHT_KEY,
                ParameterLayout.columns(nIn * multiplier, nOut),
                nIn * multiplier,
                nOut);
        SDVariable z = product(
                patches(layer, input, windows, writer),
                spread(depth, windows.size(), nIn, multiplier, input, writer),
                null,
                writer);
        return activated(layer, input.with(product(z, point, b, writer), windows.outputShape(nOut)), writer);
    }

    /**
     * z = Sᵀ(xW) + b, the transpose of a convolution that leads from the output's shape to the input's: S takes the
     * patches of that one, W is DL4J's [nIn, nOut, kh, kw] as [nIn, kh·kw·nOut].
     */
    static Activations transposed(Deconvolution2D layer, Activations input, GraphWriter writer) {
        ConvolutionTranslator.refuseWeightNoise(layer, writer);
        Formats.require(layer.getCnn2dDataFormat(), input, writer);
        input.requirePositions(2, writer);
        int[] kernel = layer.getKernelSize();
        int[] stride = layer.getStride();
        int[] dilation = layer.getDilation();
        int[] padding = layer.getPadding();
        Windows.Border border = Formats.border(layer.getConvolutionMode());
        long nIn = layer.getNIn();
        long nOut = layer.getNOut();
        long[] shape = {0, 0, nOut};
        for (int i = 0; i < 2; i++) {
            long size = input.shape()[i];
            long extent = (kernel[i] - 1L) * dilation[i] + 1;
            boolean same = border == Windows.Border.SAME;
            shape[i] = same ? size * stride[i] : (size - 1) * stride[i] + extent - 2L * padding[i];
            if (size == Windows.NO_FIT || shape[i] <= 0) {
                shape[i] = Windows.NO_FIT;
            }
        }
        Activations dropped = DropoutWriter.write(layer.getIDropout(), input, writer);
        SDVariable b = bias(layer, writer, nOut);
        long columns = (long) kernel[0] * kernel[1] * nOut;
        SDVariable w = writer.parameter(
                W,
                new ParameterLayout(new long[] {nIn, nOut, kernel[0], kernel[1]}, new int[] {0, 2, 3, 1}),
                nIn,
                columns);
        writer.withoutRows();
        SDVariable z = writer.graph().mmul(dropped.variable(), w);
        if (!input.isOutline()) {
            Activations output = input.with(z, shape);
            Windows windows = Windows.over(output, kernel, stride, dilation, padding, border);
            z = Scatter.of(
                    writer.graph(),
                    z,
                    windows.patches(),
                    new long[] {input.matrixShape()[0], columns},
                    output.matrixShape());
        }
        if (b != null) {
            z = writer.graph().nn().biasAdd(z, b, false);
        }
        return activated(layer, input.with(z, shape), writer);
    }

    private static Windows windows(ConvolutionLayer layer, Activations input, GraphWriter writer) {
        ConvolutionTranslator.refuseWeightNoise(layer, writer);
        Formats.require(layer.getCnn2dDataFormat(), input, writer);
        return ConvolutionTranslator.windows(layer, 2, input, writer);
    }

    private static @Nullable SDVariable bias(ConvolutionLayer layer, GraphWriter writer, long length) {
        return layer.hasBias() ? writer.parameter(B, length) : null;
    }

    private static SDVariable patches(ConvolutionLayer layer, Activations input, Windows windows, GraphWriter writer) {
        return DropoutWriter.write(layer.getIDropout(), input, writer)
                .picked(windows::patches, input.batch() * windows.count(), windows.size() * layer.getNIn());
    }

    /** [size, nIn·multiplier] as [size·nIn, nIn·multiplier] with zeros between different channels. */
    private static SDVariable spread(
            SDVariable w, long size, long nIn, long multiplier, Activations input, GraphWriter writer) {
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

    private static SDVariable product(SDVariable x, SDVariable w, @Nullable SDVariable b, GraphWriter writer) {
        SDVariable z = writer.graph().mmul(x, w);
        writer.withoutRows();
        return b == null ? z : writer.graph().nn().biasAdd(z, b, false);
    }

    private static Activations activated(ConvolutionLayer layer, Activations z, GraphWriter writer) {
        return ActivationWriter.write(layer.getActivationFn(), z, writer);
    }
}
