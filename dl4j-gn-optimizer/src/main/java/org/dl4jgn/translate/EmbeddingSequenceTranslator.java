package org.dl4jgn.translate;

import java.util.Set;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.dl4jgn.ops.OneHotRows;
import org.nd4j.autodiff.samediff.SDVariable;

/** a = σ(Wᵢ + b) for the class index i of each step. Features are [b, T] or [b, 1, T]. */
final class EmbeddingSequenceTranslator implements LayerTranslator<EmbeddingSequenceLayer> {

    @Override
    public Activations translate(EmbeddingSequenceLayer layer, Activations input, GraphWriter writer) {
        if (!input.isOfFeatures() || layer.getIDropout() != null) {
            throw writer.unsupported(
                    input.isOfFeatures() ? "dropout on class indices" : "an embedding of anything but the features",
                    Set.of("an embedding as the first layer, without dropout"));
        }
        ConvolutionTranslator.refuseWeightNoise(layer, writer);
        if (input.spatialRank() > 0 && input.channels() != 1) {
            throw new GeometryException("one channel is needed, got " + input.channels());
        }
        long steps = input.length();
        if (!layer.isInferInputLength() && steps != layer.getInputLength()) {
            throw GeometryException.sizes(new long[] {layer.getInputLength()}, new long[] {steps});
        }
        long nIn = layer.getNIn();
        long nOut = layer.getNOut();
        writer.classIndices(input.features(), nIn);
        SDVariable x = OneHotRows.of(writer.graph(), input.variable(), input.batch() * steps, nIn);
        SDVariable z = AffineWriter.write(writer, x, nIn, nOut, layer.hasBias(), steps);
        Activations output =
                input.with(z, steps, nOut).of(input.sequences()).renamed(layer.getOutputFormat() != RNNFormat.NWC);
        return ActivationWriter.write(layer.getActivationFn(), output, writer).masked();
    }

    /** Indices, as many as steps. */
    @Override
    public long inputs(EmbeddingSequenceLayer layer) {
        return 0;
    }
}
