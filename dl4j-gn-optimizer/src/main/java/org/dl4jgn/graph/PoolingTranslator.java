package org.dl4jgn.graph;

import java.util.Set;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** 2D pooling. DL4J ignores dropout on it, and so does this. */
final class PoolingTranslator implements LayerTranslator<SubsamplingLayer> {

    @Override
    public Activations translate(SubsamplingLayer layer, Activations input, GraphWriter writer) {
        Formats.require(layer.getCnn2dDataFormat(), input, writer);
        Windows windows = Windows.over(
                input,
                layer.getKernelSize(),
                layer.getStride(),
                layer.getDilation(),
                layer.getPadding(),
                Formats.border(layer.getConvolutionMode()));
        PoolingWriter pooling = new PoolingWriter(writer, input, windows);
        return switch (layer.getPoolingType()) {
            case MAX -> pooling.maximum();
            case AVG -> pooling.mean(layer.isAvgPoolIncludePadInDivisor());
            case SUM -> throw writer.unsupported("pooling by sums, which DL4J itself refuses,", Set.of("MAX", "AVG"));
            case PNORM -> pooling.norm(layer.getPnorm());
        };
    }
}
