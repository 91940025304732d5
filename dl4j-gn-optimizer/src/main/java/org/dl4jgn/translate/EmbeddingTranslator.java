package org.dl4jgn.translate;

import java.util.Set;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.dl4jgn.ops.OneHotRows;
import org.nd4j.autodiff.samediff.SDVariable;

/** a = σ(Wᵢ + b) for the class index i, of an example or of each step: a dense layer on rows of zeros with a one. */
final class EmbeddingTranslator implements LayerTranslator<EmbeddingLayer> {

    @Override
    public Activations translate(EmbeddingLayer layer, Activations input, GraphWriter writer) {
        SDVariable features = input.plainFeatures();
        if (features == null || layer.getIDropout() != null) {
            throw writer.unsupported(
                    features != null ? "dropout on class indices" : "an embedding of anything but the features",
                    Set.of("an embedding as the first layer, without dropout"));
        }
        ConvolutionTranslator.refuseWeightNoise(layer, writer);
        long nIn = layer.getNIn();
        long nOut = layer.getNOut();
        input.requireVector(1, writer);
        writer.classIndices(features, nIn);
        SDVariable x = OneHotRows.of(writer.graph(), input.variable(), input.batch(), nIn);
        SDVariable z = AffineWriter.write(
                writer, x, nIn, nOut, layer.hasBias(), input.sequences().folded());
        return ActivationWriter.write(layer.getActivationFn(), input.with(z, nOut), writer)
                .masked();
    }

    /** An index. */
    @Override
    public long inputs(EmbeddingLayer layer) {
        return 1;
    }
}
