package org.dl4jgn.gram;

import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.network.ParameterSpace;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Views;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Between the n = b·R rows of SᵀJ and the b·C outputs of a compiled network: products with S and Sᵀ, where Q = SSᵀ, and the residual r, in
 * an own floating-point type; and through the network, which has to stand at the point of the last {@link #load}, those with the rows.
 */
final class RootedOutputs implements AutoCloseable {

    private final Buffers buffers = new Buffers();
    private final CompiledNetwork at;
    private final ParameterSpace space;
    private final HeadRoots root;
    private final INDArray residual;
    private final INDArray w;
    private final INDArray wRows;
    private final INDArray full;
    private final INDArray fullRows;
    private final INDArray y;
    private final Program takeResidual = buffers.own(new Program());
    private final Program takePreimage = buffers.own(new Program());
    private final Program toRoot = buffers.own(new Program());
    private final Program fromRoot = buffers.own(new Program());
    private final Program toCotangent = buffers.own(new Program());
    private final double normalizer;
    private boolean hasPreimage;

    /**
     * Those of a network.
     *
     * @param reduced whether rows that are zero in a suitable basis are left out, see {@link CurvatureRoot}
     */
    RootedOutputs(CompiledNetwork at, ParameterSpace space, DataType type, boolean reduced) {
        this.at = at;
        this.space = space;
        normalizer = at.normalizer();
        root = new HeadRoots(at, type, reduced);
        long b = at.batchSize();
        long c = at.outputs();
        long n = b * root.rank();
        residual = buffers.allocate(type, b, c);
        w = buffers.allocate(type, b * c, 1);
        wRows = front(w, n);
        full = buffers.allocate(type, b, c);
        fullRows = front(full, n);
        y = buffers.allocate(type, b, root.rank());
        INDArray spare = buffers.allocate(type, b, c);
        INDArray sums = buffers.allocate(type, root.sums(1));
        HeadColumns columns = new HeadColumns(at);
        INDArray column = Views.reshape(full, b * c, 1);
        INDArray room = buffers.allocate(type, HeadRoots.scratch(at, 1));
        INDArray spareColumn = Views.reshape(spare, b * c, 1);
        columns.appendJoined(
                takeResidual, at.heads().stream().map(h -> h.loss.residual).toList(), residual, buffers);
        root.appendPreimage(takePreimage, residual, w, spareColumn, sums);
        columns.appendJoined(toRoot, at.heads().stream().map(h -> h.jvp).toList(), full, buffers);
        root.appendTransposed(toRoot, column, room, sums);
        root.append(fromRoot, y, full, spare, sums);
        columns.appendSplit(
                toCotangent, full, at.heads().stream().map(h -> h.cotangent).toList(), buffers);
    }

    private static INDArray front(INDArray array, long n) {
        return Views.part(Views.reshape(array, array.length()), 0, n, 1);
    }

    /** Bytes that this takes for b examples of c outputs, an upper bound. */
    static long bytes(long b, long c, int width) {
        return HeadRoots.bytes(b, c, width) + width * (10 * b * c + b);
    }

    /** Reads Q and r at the linearization point. */
    void load() {
        root.load();
        takeResidual.run();
        takePreimage.run();
        hasPreimage = root.isSafePreimage(wRows, residual);
    }

    HeadRoots root() {
        return root;
    }

    /** r, [b, C]. */
    INDArray residual() {
        return residual;
    }

    /** w with r = Sw, [n, 1]; null if there is none with all its digits. */
    @Nullable
    INDArray preimage() {
        return hasPreimage ? wRows : null;
    }

    /** Where y is read from, [b, R]; lost with it. */
    INDArray rows() {
        return y;
    }

    /** {@code result ← Sᵀz} for the heads' tangents z, [n, 1]. */
    void toRows(INDArray result) {
        toRoot.run();
        Vectors.copy(fullRows, result);
    }

    /** The heads' cotangents ← Sy. */
    void takeRows() {
        fromRoot.run();
        toCotangent.run();
    }

    /** {@code result ← SᵀJv}, [n, 1]. */
    void apply(INDArray v, INDArray result) {
        Vectors.copy(v, space.tangent);
        at.jvp();
        toRows(result);
    }

    /** JᵀSy, until the next product. */
    INDArray transposed() {
        takeRows();
        at.vjp();
        return space.product;
    }

    /** Jᵀ(r/N − Sy), until the next product. */
    INDArray transposedRest() {
        fromRoot.run();
        Vectors.scale(-1.0, full);
        Vectors.axpy(1 / normalizer, residual, full);
        toCotangent.run();
        at.vjp();
        return space.product;
    }

    /** Bytes that this allocated. */
    long bytes() {
        return root.bytes() + buffers.bytes();
    }

    @Override
    public void close() {
        root.close();
        buffers.close();
    }
}
