package org.dl4jgn.translate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of features that go through a graph, found by trying: for each input those that the layers behind it speak for,
 * and sizes with which one example of all of them goes through together.
 *
 * @param formats the shapes, for each input
 * @param any the network for one example
 */
record FittingInputs(List<FeatureFormat> formats, TranslatedNetwork any) {

    private static final long LARGEST_SIZE = 512;
    private static final int ADJUSTMENTS = 64;

    /**
     * Finds them.
     *
     * @throws UnsupportedNetworkException if a vertex or a setting is not supported, or no features go through
     */
    static FittingInputs of(LayerGraph graph) {
        List<List<FeatureShape>> shapes = graph.inputs().stream()
                .map(input -> graph.wayFrom(input).shapes())
                .toList();
        RuntimeException refusal = null;
        for (List<FeatureShape> choice : choices(shapes)) {
            try {
                TranslatedNetwork any = new Search(graph, choice).find();
                List<FeatureFormat> formats = new ArrayList<>();
                for (int i = 0; i < shapes.size(); i++) {
                    List<FeatureShape> ordered = new ArrayList<>(List.of(choice.get(i)));
                    shapes.get(i).stream().filter(s -> !ordered.contains(s)).forEach(ordered::add);
                    formats.add(new FeatureFormat(ordered, any.classes(i)));
                }
                return new FittingInputs(formats, any);
            } catch (UnsupportedNetworkException | GeometryException e) {
                refusal = refusal == null ? e : refusal;
            }
        }
        if (refusal instanceof UnsupportedNetworkException unsupported) {
            throw unsupported;
        }
        throw new UnsupportedNetworkException("No features go through the graph"
                + (refusal == null ? "" : ": " + refusal.getMessage())
                + ". Supported: vertices of which each takes what the ones before it give.");
    }

    /** One shape for each input, in all combinations. */
    private static List<List<FeatureShape>> choices(List<List<FeatureShape>> shapes) {
        List<List<FeatureShape>> result = List.of(List.of());
        for (List<FeatureShape> next : shapes) {
            List<List<FeatureShape>> longer = new ArrayList<>();
            for (List<FeatureShape> begun : result) {
                for (FeatureShape shape : next) {
                    List<FeatureShape> one = new ArrayList<>(begun);
                    one.add(shape);
                    longer.add(one);
                }
            }
            result = longer;
        }
        return result;
    }

    /** The search for sizes, given the kind of each input. */
    private static final class Search {

        private final LayerGraph graph;
        private final List<FeatureShape> shapes;
        private final List<Boolean> channelsFirst;
        private final long[][] free;

        Search(LayerGraph graph, List<FeatureShape> shapes) {
            this.graph = graph;
            this.shapes = shapes;
            channelsFirst = shapes.stream().map(FeatureShape::channelsFirst).toList();
            free = shapes.stream().map(shape -> new long[shape.freeSizes()]).toArray(long[][]::new);
        }

        TranslatedNetwork find() {
            fill(1);
            GeometryException failure = adjust();
            if (failure != null) {
                failure = tryCommonSizes(failure);
            }
            if (failure != null) {
                throw failure;
            }
            return translate(1);
        }

        private TranslatedNetwork translate(long batch) {
            long[][] examples = new long[shapes.size()][];
            for (int i = 0; i < examples.length; i++) {
                examples[i] = shapes.get(i).with(free[i]);
            }
            return GraphTranslator.translate(graph, BatchShape.of(batch, examples), channelsFirst);
        }

        private @Nullable GeometryException failure() {
            try {
                translate(0);
                return null;
            } catch (GeometryException e) {
                return e;
            }
        }

        /** Where a vector has not the length that is needed, a size before it is made larger by what it lacks. */
        private @Nullable GeometryException adjust() {
            GeometryException failure = failure();
            for (int i = 0; i < ADJUSTMENTS && failure != null && failure.lacking() > 0; i++) {
                GeometryException next = adjusted(failure);
                if (next == failure) {
                    break;
                }
                failure = next;
            }
            return failure;
        }

        /** The failure after the first adjustment that gets rid of one, or that one. */
        private @Nullable GeometryException adjusted(GeometryException failure) {
            for (long[] sizes : free) {
                for (int i = 0; i < sizes.length; i++) {
                    sizes[i] += failure.lacking();
                    GeometryException next = failure();
                    if (next == null
                            || !String.valueOf(next.getMessage()).equals(failure.getMessage())
                                    && next.lacking() != failure.lacking()) {
                        return next;
                    }
                    sizes[i] -= failure.lacking();
                }
            }
            return failure;
        }

        /** One size for all, or, where a layer insists on sizes, for each dimension the one that arrives there as it should. */
        private @Nullable GeometryException tryCommonSizes(GeometryException first) {
            GeometryException failure = first;
            long[] found =
                    new long[Arrays.stream(free).mapToInt(f -> f.length).max().orElse(0)];
            for (long size = 1; size <= LARGEST_SIZE && failure != null; size++) {
                fill(size);
                failure = failure();
                if (failure != null && failure.expected().length == found.length) {
                    for (int i = 0; i < found.length; i++) {
                        if (failure.actual()[i] == failure.expected()[i] && found[i] == 0) {
                            found[i] = size;
                        }
                    }
                    if (found.length > 0 && Arrays.stream(found).allMatch(f -> f > 0)) {
                        for (long[] sizes : free) {
                            System.arraycopy(found, 0, sizes, 0, sizes.length);
                        }
                        return failure();
                    }
                }
            }
            return failure;
        }

        private void fill(long size) {
            for (long[] sizes : free) {
                Arrays.fill(sizes, size);
            }
        }
    }
}
