package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.dl4jgn.ops.IndexMap;
import org.dl4jgn.ops.OneHotRows;
import org.dl4jgn.ops.Pick;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Layers of a few operations each. */
final class FurtherLayers {

    private FurtherLayers() {}

    /** y = x / (k + α Σx²)^β, the sum over the channels that are at most n/2 away. */
    static Activations localResponse(LocalResponseNormalization layer, Activations input, GraphWriter writer) {
        Formats.require(layer.getDataFormat(), input, writer);
        input.requirePositions(2, writer);
        int c = (int) input.channels();
        int reach = (int) layer.getN() / 2;
        INDArray near = Nd4j.zeros(input.type(), c, c);
        for (int i = 0; i < c; i++) {
            for (int j = Math.max(0, i - reach); j <= Math.min(c - 1, i + reach); j++) {
                near.putScalar(i, j, 1.0);
            }
        }
        SDVariable x = DropoutWriter.write(layer.getIDropout(), input, writer).variable();
        SDVariable sum = writer.graph().mmul(x.mul(x), writer.graph().constant(near));
        SDVariable scale = writer.graph().math().pow(sum.mul(layer.getAlpha()).add(layer.getK()), -layer.getBeta());
        return input.with(x.mul(scale));
    }

    /** y = x where x ≥ 0, else αx, with an α for each element of an example or, on shared axes, for several. */
    static Activations prelu(PReLULayer layer, Activations input, GraphWriter writer) {
        long[] inNetwork = layer.getInputShape().clone();
        if (layer.getSharedAxes() != null) {
            Arrays.stream(layer.getSharedAxes()).forEach(axis -> inNetwork[(int) axis - 1] = 1);
        }
        int n = inNetwork.length;
        if (n != input.spatialRank() + 1) {
            throw writer.unsupported(
                    "parameters of " + n + " dimensions for an input of " + (input.spatialRank() + 1),
                    Set.of("inputShape of the input's dimensions"));
        }
        long[] stored = new long[n];
        long[] shape = new long[n];
        int[] axes = new int[n];
        for (int i = 0; i < n; i++) {
            int axis = input.channelsFirst() ? (i + 1) % n : i;
            stored[n - 1 - i] = inNetwork[i];
            shape[i] = inNetwork[axis];
            axes[i] = n - 1 - axis;
        }
        long length = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        SDVariable alpha =
                writer.parameter(DefaultParamInitializer.WEIGHT_KEY, new ParameterLayout(stored, axes), 1, length);
        writer.withoutRows();
        if (input.isOutline()) {
            return input;
        }
        SDVariable x = DropoutWriter.write(layer.getIDropout(), input, writer).variable();
        SDVariable spread =
                Pick.of(writer.graph(), alpha, repeated(shape, input), new long[] {1, length}, input.matrixShape());
        SDVariable positive = writer.graph().nn().relu(x, 0.0);
        return input.with(positive.add(spread.mul(x.sub(positive))));
    }

    /** The element of an array of {@code shape}, in which sizes may be one, for each element of the batch. */
    private static IndexMap repeated(long[] shape, Activations input) {
        long[] whole = input.shape();
        int[] sources = new int[Math.toIntExact(input.batch() * input.length())];
        for (int i = 0; i < sources.length; i++) {
            int source = 0;
            int scale = 1;
            int rest = i;
            for (int axis = whole.length - 1; axis >= 0; axis--) {
                int at = rest % (int) whole[axis];
                rest /= (int) whole[axis];
                if (shape[axis] > 1) {
                    source += at * scale;
                    scale *= (int) shape[axis];
                }
            }
            sources[i] = source;
        }
        return IndexMap.of(sources, Arrays.stream(shape).reduce(1, (a, b) -> a * b));
    }

    /** a = σ(Wᵢ + b) for the class index i: a dense layer on rows of zeros with a one. */
    static Activations embedding(EmbeddingLayer layer, Activations input, GraphWriter writer) {
        if (!input.isFeatures() || layer.getIDropout() != null) {
            throw writer.unsupported(
                    input.isFeatures() ? "dropout on class indices" : "an embedding of anything but the features",
                    Set.of("an embedding as the first layer, without dropout"));
        }
        ConvolutionTranslator.refuseWeightNoise(layer, writer);
        long nIn = layer.getNIn();
        long nOut = layer.getNOut();
        input.requireVector(1, writer);
        SDVariable x = OneHotRows.of(writer.graph(), input.variable(), input.batch(), nIn);
        SDVariable w =
                writer.parameter(DefaultParamInitializer.WEIGHT_KEY, ParameterLayout.columns(nIn, nOut), nIn, nOut);
        SDVariable z = writer.graph().mmul(x, w);
        SDVariable b = null;
        if (layer.hasBias()) {
            b = writer.parameter(DefaultParamInitializer.BIAS_KEY, nOut);
            z = writer.graph().nn().biasAdd(z, b, false);
        }
        writer.affine(x, w, b, z);
        return ActivationWriter.write(layer.getActivationFn(), input.with(z, nOut), writer);
    }
}
