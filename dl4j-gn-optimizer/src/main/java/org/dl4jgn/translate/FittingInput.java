package org.dl4jgn.translate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of features that go through a network's layers, found by trying, with a translation for one example of the
 * first of them.
 *
 * @param formats the shapes, for each input
 * @param any the network for one example
 */
record FittingInput(List<FeatureFormat> formats, TranslatedNetwork any) {

    private static final long LARGEST_SIZE = 2048;

    /**
     * Finds them.
     *
     * @throws UnsupportedNetworkException if a layer or a setting is not supported, or no features go through
     */
    static FittingInput of(LayerStack stack) {
        List<FeatureShape> shapes = new ArrayList<>();
        TranslatedNetwork first = null;
        UnsupportedNetworkException refusal = null;
        for (FeatureShape shape : InputShapes.of(stack)) {
            try {
                TranslatedNetwork translated = translate(stack, shape);
                first = first == null ? translated : first;
                shapes.add(shape);
            } catch (UnsupportedNetworkException e) {
                refusal = refusal == null ? e : refusal;
            } catch (GeometryException e) {
                refusal = refusal == null ? new UnsupportedNetworkException(noFit(e)) : refusal;
            }
        }
        if (first != null) {
            return new FittingInput(List.of(new FeatureFormat(shapes, first.classes(0))), first);
        }
        throw refusal == null ? new UnsupportedNetworkException("No features go through the network.") : refusal;
    }

    private static String noFit(@Nullable GeometryException last) {
        return "No features go through the network" + (last == null ? "" : ": " + last.getMessage())
                + ". Supported: layers of which each takes what the one before it gives.";
    }

    private static TranslatedNetwork translate(LayerStack stack, FeatureShape shape) {
        long[] example = shape.freeSizes() == 0 ? shape.sizes() : shape.with(sizes(stack, shape));
        return NetworkTranslator.translate(stack, BatchShape.of(1, example), shape.channelsFirst());
    }

    /**
     * The smallest sizes that go through the layers: one for all dimensions, or, where a layer insists on sizes, for each
     * dimension the one with which it arrives there as it should.
     */
    private static long[] sizes(LayerStack stack, FeatureShape shape) {
        long[] sizes = new long[shape.freeSizes()];
        long[] found = new long[sizes.length];
        GeometryException failure = null;
        for (long size = 1; size <= LARGEST_SIZE; size++) {
            Arrays.fill(sizes, size);
            try {
                NetworkTranslator.translate(stack, BatchShape.of(0, shape.with(sizes)), shape.channelsFirst());
                return sizes;
            } catch (GeometryException e) {
                failure = e;
            }
            long[] expected = failure.expected();
            long[] actual = failure.actual();
            boolean tooLarge = expected.length > 0;
            for (int i = 0; i < expected.length; i++) {
                if (i < found.length && actual[i] == expected[i] && found[i] == 0) {
                    found[i] = size;
                }
                tooLarge &= actual[i] > expected[i];
            }
            if (tooLarge || Arrays.stream(found).allMatch(f -> f > 0)) {
                break;
            }
        }
        if (Arrays.stream(found).allMatch(size -> size > 0)) {
            return found;
        }
        throw new UnsupportedNetworkException(noFit(failure));
    }
}
