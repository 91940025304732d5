package org.dl4jgn.graph;

import java.util.Set;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.dl4jgn.ops.WindowMaximum;

/** 2D pooling. DL4J ignores dropout on it, and so does this. */
final class PoolingTranslator implements LayerTranslator<SubsamplingLayer> {

    @Override
    public Activations translate(SubsamplingLayer layer, Activations input, GraphWriter writer) {
        Formats.require(layer.getCnn2dDataFormat(), input, writer);
        Windows windows = Windows.over(
                input.shape(),
                layer.getKernelSize(),
                layer.getStride(),
                layer.getDilation(),
                layer.getPadding(),
                Formats.border(layer.getConvolutionMode()));
        long[] shape = windows.outputShape(input.channels());
        long[] matrix = {input.batch() * windows.count(), input.channels()};
        return switch (layer.getPoolingType()) {
            case MAX ->
                input.with(
                        WindowMaximum.of(
                                writer.graph(),
                                input.variable(),
                                windows.patchesByChannel(),
                                input.matrixShape(),
                                matrix),
                        shape);
            default -> throw writer.unsupported("pooling " + layer.getPoolingType(), Set.of("MAX"));
        };
    }
}
