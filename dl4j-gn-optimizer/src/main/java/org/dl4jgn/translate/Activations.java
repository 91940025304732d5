package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.dl4jgn.ops.IndexMap;
import org.dl4jgn.ops.Pick;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What flows between two layers: for each example an array with its channels last, such as [height, width, channels].
 *
 * <p>In the graph it is the matrix [b·positions, channels], so that a convolution's output is the matrix product that
 * computes it, biases are rows and sums over examples and positions are column sums. DL4J's own order, NCHW or NHWC, is a
 * matter of names only: {@link #channelsFirst}.
 *
 * <p>Layers that only move elements (padding, cropping, flattening, patches of a convolution) do so by an {@link
 * IndexMap}; several in a row become one operation.
 */
public final class Activations {

    /** What the names of features in the graph begin with. */
    static final String FEATURES = "features";

    private final SameDiff graph;
    private final long batch;
    private final long[] shape;
    private final boolean channelsFirst;
    private final SDVariable source;
    private final long[] sourceShape;
    private final @Nullable IndexMap map;
    private final Sequences sequences;
    private final @Nullable SDVariable foldedFeatures;
    private @Nullable SDVariable variable;

    private Activations(
            SameDiff graph,
            long batch,
            long[] shape,
            boolean channelsFirst,
            SDVariable source,
            long[] sourceShape,
            @Nullable IndexMap map,
            Sequences sequences) {
        this(graph, batch, shape, channelsFirst, source, sourceShape, map, sequences, null);
    }

    private Activations(
            SameDiff graph,
            long batch,
            long[] shape,
            boolean channelsFirst,
            SDVariable source,
            long[] sourceShape,
            @Nullable IndexMap map,
            Sequences sequences,
            @Nullable SDVariable foldedFeatures) {
        this.graph = graph;
        this.batch = batch;
        this.shape = shape;
        this.channelsFirst = channelsFirst;
        this.source = source;
        this.sourceShape = sourceShape;
        this.map = map;
        this.sequences = sequences;
        this.foldedFeatures = foldedFeatures;
    }

    /**
     * What {@code variable}, [b·positions, channels], holds.
     *
     * @param shape of an example, channels last
     * @param channelsFirst whether DL4J has the channels before the positions
     */
    static Activations of(SameDiff graph, SDVariable variable, long batch, boolean channelsFirst, long... shape) {
        return of(graph, variable, batch, channelsFirst, Sequences.NONE, shape);
    }

    private static Activations of(
            SameDiff graph,
            SDVariable variable,
            long batch,
            boolean channelsFirst,
            Sequences sequences,
            long... shape) {
        return new Activations(graph, batch, shape, channelsFirst, variable, matrix(batch, shape), null, sequences);
    }

    private static long[] matrix(long batch, long[] shape) {
        long channels = shape[shape.length - 1];
        return new long[] {batch == 0 ? 0 : batch * product(shape) / channels, channels};
    }

    private static long product(long[] shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    /** The variable in the graph, of the shape {@link #matrixShape()}. */
    public SDVariable variable() {
        if (variable == null) {
            variable = map == null ? source : Pick.of(graph, source, map, sourceShape, matrixShape());
        }
        return variable;
    }

    /**
     * Shapes alone: what moves elements is left out, so that the graph is of no use, but sizes are checked. Of a batch of
     * no examples.
     */
    public boolean isOutline() {
        return batch == 0;
    }

    /** Whether these are the features as they were given. */
    boolean isFeatures() {
        return map == null && source.name().startsWith(FEATURES);
    }

    /** The features as they were given, or step by step, that these are; null for anything else. */
    @Nullable
    SDVariable plainFeatures() {
        return isFeatures() ? source : foldedFeatures;
    }

    /** Whether these are elements of the features, moved at most. */
    boolean isOfFeatures() {
        return source.name().startsWith(FEATURES);
    }

    /** The features that these are elements of. */
    SDVariable features() {
        return source;
    }

    /** The graph. */
    SameDiff graph() {
        return graph;
    }

    /** The floating-point type. */
    public DataType type() {
        return source.dataType();
    }

    /** b. */
    public long batch() {
        return batch;
    }

    /** The shape of an example, channels last. */
    public long[] shape() {
        return shape.clone();
    }

    /** Whether DL4J has the channels before the positions. */
    public boolean channelsFirst() {
        return channelsFirst;
    }

    /** Channels; of plain vectors their length. */
    public long channels() {
        return shape[shape.length - 1];
    }

    /** Positions of an example; of plain vectors 1. */
    public long positions() {
        return length() / channels();
    }

    /** Elements of an example. */
    public long length() {
        return product(shape);
    }

    /** Whether there are positions at all, beside channels. */
    public int spatialRank() {
        return shape.length - 1;
    }

    /**
     * Makes sure that these have {@code dimensions} dimensions beside the channels.
     *
     * @throws UnsupportedNetworkException if not
     */
    public void requirePositions(int dimensions, GraphWriter writer) {
        if (spatialRank() != dimensions) {
            throw writer.unsupported(
                    "an input of " + spatialRank() + " dimensions beside the channels",
                    Set.of(dimensions + ", or a preprocessor, which DL4J adds by itself where setInputType is called"));
        }
    }

    /**
     * Makes sure that these are sequences of at least one step.
     *
     * @throws UnsupportedNetworkException if these are no sequences
     * @throws GeometryException if nothing is left of them
     */
    void requireSteps(GraphWriter writer) {
        requirePositions(1, writer);
        if (shape[0] <= 0) {
            throw new GeometryException("no step of the sequences is left");
        }
    }

    /**
     * Makes sure that these are vectors of {@code length} elements.
     *
     * @throws UnsupportedNetworkException if these are arrays with positions
     * @throws GeometryException if the length is another
     */
    public void requireVector(long length, GraphWriter writer) {
        if (spatialRank() > 0) {
            throw writer.unsupported(
                    "an input of " + spatialRank() + " dimensions beside the channels",
                    Set.of("a preprocessor, which DL4J adds by itself where setInputType is called", "global pooling"));
        }
        if (length() != length) {
            throw GeometryException.length(length, length());
        }
    }

    /** [b·positions, channels]. */
    public long[] matrixShape() {
        return matrix(batch, shape);
    }

    /** Other values of the same shape. */
    public Activations with(SDVariable other) {
        return of(graph, other, batch, channelsFirst, sequences, shape);
    }

    /** Other values of another shape. */
    public Activations with(SDVariable other, long... otherShape) {
        return of(graph, other, batch, channelsFirst, sequences.forPositions(positions(), otherShape), otherShape);
    }

    /** What is known of the sequences that these are, or were made of. */
    Sequences sequences() {
        return sequences;
    }

    /** The same, of other sequences. */
    Activations of(Sequences other) {
        return new Activations(graph, batch, shape, channelsFirst, source, sourceShape, map, other);
    }

    /** Which steps are there, ones and zeros, [b·positions, 1]; null for all. */
    @Nullable
    SDVariable mask() {
        return sequences.mask();
    }

    /**
     * These with zeros where steps are masked. The mask is written out for all channels: products of equal shapes are faster,
     * and may be taken apart, as the maximum of a window does.
     */
    Activations masked() {
        SDVariable mask = mask();
        return mask == null ? this : with(variable().mul(acrossChannels(mask)));
    }

    /** A column, [b·positions, 1], as a matrix of as many columns as channels. */
    SDVariable acrossChannels(SDVariable column) {
        return graph.mmul(column, graph.constant(Nd4j.ones(type(), 1, channels())));
    }

    /** The steps of sequences as examples of their own, as DL4J has them behind RnnToFeedForwardPreProcessor. */
    Activations folded() {
        long[] rest = Arrays.copyOfRange(shape, 1, shape.length);
        return new Activations(
                graph,
                batch * shape[0],
                rest,
                true,
                variable(),
                matrixShape(),
                null,
                sequences.folded(shape[0]),
                isOfFeatures() ? source : null);
    }

    /** The steps of sequences that were folded, as steps again; vectors that never were are sequences of one step. */
    Activations unfolded(boolean first) {
        long steps = sequences.folded();
        return of(graph, variable(), batch / steps, first, sequences.unfolded(), steps, length());
    }

    /** Examples of the mini-batch, each of which may be several here. */
    long examples() {
        return batch / sequences.folded();
    }

    /** The elements that {@code next} takes, as activations of another shape. */
    Activations moved(Supplier<IndexMap> next, long... nextShape) {
        return new Activations(
                graph,
                batch,
                nextShape,
                channelsFirst,
                source,
                sourceShape,
                isOutline() ? null : composed(next.get()),
                sequences.forPositions(positions(), nextShape));
    }

    /** The same elements in an order that DL4J calls by another name. */
    Activations renamed(boolean channelsFirst) {
        return new Activations(graph, batch, shape, channelsFirst, source, sourceShape, map, sequences);
    }

    /** The elements that {@code next} takes, as a variable of the given shape. */
    SDVariable picked(Supplier<IndexMap> next, long... matrix) {
        if (isOutline()) {
            return source;
        }
        IndexMap whole = composed(next.get());
        return whole.isIdentity() && Arrays.equals(matrix, sourceShape)
                ? source
                : Pick.of(graph, source, whole, sourceShape, matrix);
    }

    /** The array that DL4J has, [b, ...], with the channels where it has them. */
    SDVariable asInNetwork() {
        if (spatialRank() == 0 || isOutline()) {
            return variable();
        }
        return picked(this::toNetworkOrder, batch, length())
                .reshape(LayerOutput.shapeInNetwork(batch, channelsFirst, shape));
    }

    /** What an array holds that DL4J has with its channels where it has those of this one. */
    Activations fromNetwork(SDVariable array, long... otherShape) {
        long[] rows = {batch, product(otherShape)};
        SDVariable source = isOutline() ? array : array.reshape(rows);
        return new Activations(
                graph,
                batch,
                otherShape,
                channelsFirst,
                source,
                rows,
                isOutline() ? null : fromNetworkOrder(channelsFirst, otherShape),
                sequences.forPositions(positions(), otherShape));
    }

    /**
     * What {@code function} makes of the rows along the last dimension of DL4J's array: of the channels where they come
     * last, else of the last dimension's positions.
     *
     * @param function of a matrix and its shape, to a matrix of the same shape
     */
    Activations alongLastAxis(BiFunction<SDVariable, long[], SDVariable> function) {
        if (!channelsFirst || spatialRank() == 0) {
            return with(function.apply(variable(), matrixShape()));
        }
        long width = shape[shape.length - 2];
        if (isOutline()) {
            return with(function.apply(source, new long[] {0, width}));
        }
        long[] rows = {batch * length() / width, width};
        SDVariable result = function.apply(picked(this::toNetworkOrder, rows), rows);
        return new Activations(graph, batch, shape, true, result, rows, fromNetworkOrder(true, shape), sequences);
    }

    private IndexMap composed(IndexMap next) {
        return map == null ? next : map.then(next);
    }

    /** The order of DL4J's array, in which channels may come first: its element i is our element source(i). */
    IndexMap toNetworkOrder() {
        return channelsFirst ? channelsFirst(shape) : IndexMap.identity(length());
    }

    /** The elements of DL4J's array in our order. */
    static IndexMap fromNetworkOrder(boolean channelsFirst, long... shape) {
        IndexMap there = channelsFirst ? channelsFirst(shape) : IndexMap.identity(product(shape));
        int[] sources = new int[there.outputLength()];
        for (int i = 0; i < sources.length; i++) {
            sources[there.source(i)] = i;
        }
        return IndexMap.of(sources, sources.length);
    }

    private static IndexMap channelsFirst(long[] shape) {
        int channels = (int) shape[shape.length - 1];
        int positions = (int) (product(shape) / channels);
        int[] sources = new int[channels * positions];
        for (int c = 0; c < channels; c++) {
            for (int p = 0; p < positions; p++) {
                sources[c * positions + p] = p * channels + c;
            }
        }
        return IndexMap.of(sources, sources.length);
    }
}
