package org.dl4jgn.translate;

import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.params.DeconvolutionParamInitializer;
import org.dl4jgn.ops.Scatter;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * z = Sᵀ(xW) + b, the transpose of a convolution that leads from the output's shape to the input's: S takes the patches of
 * that one, W is DL4J's [nIn, nOut, kh, kw] as [nIn, kh·kw·nOut].
 */
final class TransposedConvolutionTranslator implements LayerTranslator<Deconvolution2D> {

    @Override
    public Activations translate(Deconvolution2D layer, Activations input, GraphWriter writer) {
        writer.weightNoise(layer);
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
        SDVariable b = layer.hasBias() ? writer.parameter(DeconvolutionParamInitializer.BIAS_KEY, nOut) : null;
        long columns = (long) kernel[0] * kernel[1] * nOut;
        SDVariable w = writer.parameter(
                DeconvolutionParamInitializer.WEIGHT_KEY,
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
        return writer.activation(layer.getActivationFn(), input.with(z, shape));
    }
}
