package org.dl4jgn.translate;

import java.util.Set;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;

/** Pooling of windows of volumes. DL4J ignores dropout on it, and so does this. */
final class VolumePoolingTranslator implements LayerTranslator<Subsampling3DLayer> {

    @Override
    public Activations translate(Subsampling3DLayer layer, Activations input, GraphWriter writer) {
        Formats.require(layer.getDataFormat() == Convolution3D.DataFormat.NCDHW, input, writer);
        input.requirePositions(3, writer);
        Windows windows = Windows.over(
                input,
                layer.getKernelSize(),
                layer.getStride(),
                layer.getDilation(),
                layer.getPadding(),
                Formats.borderOfPooling(layer.getConvolutionMode()));
        PoolingWriter pooling = new PoolingWriter(writer, input, windows);
        return switch (layer.getPoolingType()) {
            case MAX -> pooling.maximum();
            case AVG -> pooling.mean(false);
            default ->
                throw writer.unsupported(
                        "pooling of type " + layer.getPoolingType() + ", which DL4J itself refuses here,",
                        Set.of("MAX", "AVG"));
        };
    }
}
