package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.dl4jgn.ops.IndexMap;
import org.dl4jgn.ops.Pick;
import org.nd4j.autodiff.samediff.SDVariable;

/** y = x where x ≥ 0, else αx, with an α for each element of an example or, on shared axes, for several. */
final class PReLUTranslator implements LayerTranslator<PReLULayer> {

    @Override
    public Activations translate(PReLULayer layer, Activations input, GraphWriter writer) {
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
        requireSizes(layer, input);
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

    /** DL4J has an α for each element of {@code inputShape}; on shared axes the input may be of any size. */
    private static void requireSizes(PReLULayer layer, Activations input) {
        long[] expected = layer.getInputShape().clone();
        long[] actual = input.shape();
        int n = actual.length;
        if (input.channelsFirst()) {
            System.arraycopy(layer.getInputShape(), 1, expected, 0, n - 1);
            expected[n - 1] = layer.getInputShape()[0];
        }
        if (layer.getSharedAxes() != null) {
            for (long axis : layer.getSharedAxes()) {
                int i = input.channelsFirst() ? (int) (axis + n - 2) % n : (int) axis - 1;
                expected[i] = actual[i];
            }
        }
        if (expected[n - 1] != actual[n - 1]) {
            throw new GeometryException(expected[n - 1] + " channels are needed, got " + actual[n - 1]);
        }
        if (!Arrays.equals(expected, actual)) {
            throw GeometryException.sizes(Arrays.copyOf(expected, n - 1), Arrays.copyOf(actual, n - 1));
        }
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
}
