package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * Convolution in one, two or three dimensions, a = σ(pW + b) for the patches p, [b·positions, kernel·nIn].
 *
 * <p>As a matrix product of patches, and not as ND4J's conv2d: the patches of a layer's input are formed once a step and
 * serve all its products, and each product computes one gradient, where conv2d_bp computes two. Figures are in {@code
 * ConvolutionChoices} of the bench module.
 *
 * @param <L> the layer
 */
final class ConvolutionTranslator<L extends ConvolutionLayer> implements LayerTranslator<L> {

    private final int dimensions;
    private final Function<L, Boolean> channelsFirst;

    private ConvolutionTranslator(int dimensions, Function<L, Boolean> channelsFirst) {
        this.dimensions = dimensions;
        this.channelsFirst = channelsFirst;
    }

    static ConvolutionTranslator<Convolution1DLayer> ofSequences() {
        return new ConvolutionTranslator<>(1, layer -> layer.getRnnDataFormat() != RNNFormat.NWC);
    }

    static ConvolutionTranslator<ConvolutionLayer> ofImages() {
        return new ConvolutionTranslator<>(2, layer -> layer.getCnn2dDataFormat() == CNN2DFormat.NCHW);
    }

    static ConvolutionTranslator<Convolution3D> ofVolumes() {
        return new ConvolutionTranslator<>(3, layer -> layer.getDataFormat() == Convolution3D.DataFormat.NCDHW);
    }

    @Override
    public Activations translate(L layer, Activations input, GraphWriter writer) {
        writer.weightNoise(layer);
        Formats.require(channelsFirst.apply(layer), input, writer);
        Windows windows = windows(layer, dimensions, input, writer);
        long nIn = layer.getNIn();
        long nOut = layer.getNOut();
        SDVariable b = layer.hasBias() ? writer.parameter(ConvolutionParamInitializer.BIAS_KEY, nOut) : null;
        SDVariable w = writer.parameter(
                ConvolutionParamInitializer.WEIGHT_KEY,
                layout(nOut, nIn, windows.kernel()),
                windows.size() * nIn,
                nOut);
        SDVariable patches = DropoutWriter.write(layer.getIDropout(), input, writer)
                .picked(windows::patches, input.batch() * windows.count(), windows.size() * nIn);
        SDVariable z = writer.graph().mmul(patches, w);
        if (b != null) {
            z = writer.graph().nn().biasAdd(z, b, false);
        }
        writer.convolution(patches, w, b, z, input.sequences().folded() * windows.count());
        return ActivationWriter.write(layer.getActivationFn(), input.with(z, windows.outputShape(nOut)), writer);
    }

    /** The windows of a layer; its arrays of settings may be longer than it has dimensions. */
    static Windows windows(ConvolutionLayer layer, int dimensions, Activations input, GraphWriter writer) {
        input.requirePositions(dimensions, writer);
        if (input.channels() != layer.getNIn()) {
            throw new GeometryException(layer.getNIn() + " channels are needed, got " + input.channels());
        }
        return Windows.over(
                input,
                Arrays.copyOf(layer.getKernelSize(), dimensions),
                Arrays.copyOf(layer.getStride(), dimensions),
                Arrays.copyOf(layer.getDilation(), dimensions),
                Arrays.copyOf(layer.getPadding(), dimensions),
                Formats.border(layer.getConvolutionMode()));
    }

    /**
     * [nOut, nIn, kernel] of DL4J as [kernel, nIn, nOut]. In one dimension DL4J reads the same numbers as [kernel, nIn,
     * nOut] itself.
     */
    private static ParameterLayout layout(long nOut, long nIn, int[] kernel) {
        int n = kernel.length;
        if (n == 1) {
            return ParameterLayout.same(kernel[0], nIn, nOut);
        }
        long[] stored = new long[n + 2];
        stored[0] = nOut;
        stored[1] = nIn;
        for (int i = 0; i < n; i++) {
            stored[i + 2] = kernel[i];
        }
        int[] axes =
                IntStream.range(2, n + 4).map(i -> i < n + 2 ? i : n + 3 - i).toArray();
        return new ParameterLayout(stored, axes);
    }

    static void refuseWeightNoise(BaseLayer layer, GraphWriter writer) {
        if (layer.getWeightNoise() != null) {
            writer.refuse(
                    "weight noise (" + layer.getWeightNoise().getClass().getSimpleName() + ")",
                    Set.of(
                            "weight noise in dense, output, convolution, SimpleRnn and LSTM layers",
                            "dropout on the layer's input"));
        }
    }
}
