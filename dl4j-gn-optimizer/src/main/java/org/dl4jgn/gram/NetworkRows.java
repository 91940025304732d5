package org.dl4jgn.gram;

import java.util.List;
import java.util.function.LongToDoubleFunction;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.HostMatrix;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.network.ParameterSpace;
import org.dl4jgn.plan.Program;
import org.dl4jgn.problem.LayerFactors;
import org.dl4jgn.translate.TranslatedNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The rows of SᵀJ of a compiled network, one block a layer: n = b·q, those of example i are i·q to (i + 1)·q − 1.
 *
 * <p>Gram matrix and rows are formed of the blocks, in the rows' own type, and so is Rᵀy where all layers are dense ones and
 * that is the network's type; other products with a vector go through the network, in its type, and need it to stand at the
 * point of the last {@link #load}.
 */
final class NetworkRows implements Rows {

    private final Buffers buffers = new Buffers();
    private final CompiledNetwork at;
    private final ParameterSpace space;
    private final double normalizer;
    private final JacobianRows jacobian;
    private final List<Span> parts;
    private final DataType type;
    private final long b;
    private final long c;
    private final long q;
    private final RootedOutputs outputs;
    private final @Nullable INDArray transposed;
    private final Program toRootRows = buffers.own(new Program());
    private final Program transpose = buffers.own(new Program());
    private final boolean isInHostMemory = HostMatrix.isAvailable();

    /**
     * Makes the rows.
     *
     * @param type of the rows' arithmetic
     * @param reduced whether rows that are zero in a suitable basis are left out, see {@link CurvatureRoot}
     */
    NetworkRows(GraphSource graphs, ParameterSpace space, CompiledNetwork at, DataType type, boolean reduced) {
        this.at = at;
        this.space = space;
        normalizer = at.normalizer();
        this.type = type;
        b = at.batchSize();
        c = at.outputs();
        outputs = new RootedOutputs(at, space, type, reduced);
        q = outputs.root().rank();
        jacobian = new JacobianRows(graphs, space, at, type, q);
        jacobian.appendMix(toRootRows, outputs.root());
        parts = space.slots().stream()
                .map(slot -> new Span(slot.offset(), slot.length()))
                .toList();
        boolean isOwn = type == vectorType() && jacobian.hasTransposed();
        transposed = isOwn ? buffers.allocate(type, dimension()) : null;
        if (transposed != null) {
            jacobian.appendTransposed(transpose, outputs.rows(), transposed);
        }
    }

    /** Bytes of the rows of a network, without {@link UnitCotangents}; an upper bound. */
    static long bytes(TranslatedNetwork network, long b, int width) {
        long c = network.outputs();
        return JacobianRows.bytes(network, b, width)
                + RootedOutputs.bytes(b, c, width)
                + width * network.parameterCount();
    }

    @Override
    public DataType type() {
        return type;
    }

    @Override
    public DataType vectorType() {
        return space.theta.dataType();
    }

    @Override
    public long count() {
        return b * q;
    }

    @Override
    public int @Nullable [] counted() {
        return outputs.root().counted();
    }

    @Override
    public long group() {
        return q;
    }

    @Override
    public long dimension() {
        return space.theta.length();
    }

    @Override
    public double normalizer() {
        return normalizer;
    }

    @Override
    public List<Span> parts() {
        return parts;
    }

    @Override
    public void load() {
        jacobian.load();
        outputs.load();
        if (outputs.preimage() == null) {
            // of rows of J, before they are mixed
            jacobian.project();
        }
        toRootRows.run();
    }

    @Override
    @Nullable
    public INDArray preimage() {
        return outputs.preimage();
    }

    @Override
    public void weigh(LongToDoubleFunction inverse) {
        jacobian.weigh(inverse);
    }

    @Override
    public void appendGram(Program program, INDArray matrix, INDArray room) {
        jacobian.appendGram(program, matrix, true, room);
    }

    @Override
    public boolean formGramOfCounted(int[] counted, INDArray matrix, INDArray room) {
        if (!isInHostMemory) {
            return false;
        }
        jacobian.formGram(new KeptGram(counted, matrix, room));
        return true;
    }

    @Override
    public long gramRoom() {
        return JacobianRows.roomLength(b, q);
    }

    @Override
    public void appendRows(Program program, long first, long count, INDArray target) {
        if (q != c) {
            throw new IllegalStateException("Rows of which some are left out cannot be written");
        }
        jacobian.appendRows(program, first / q, count / q, target);
    }

    @Override
    public void productWithResidual(INDArray result) {
        jacobian.product(result);
    }

    @Override
    public void apply(INDArray v, INDArray result) {
        outputs.apply(v, result);
    }

    @Override
    public void transposed(INDArray rows, INDArray v) {
        Vectors.copy(transposed(rows), v);
    }

    @Override
    public void addTransposed(double alpha, INDArray rows, INDArray v) {
        Vectors.axpy(alpha, transposed(rows), v);
    }

    /** Rᵀy, until the next product. */
    private INDArray transposed(INDArray rows) {
        Vectors.copy(rows, outputs.rows());
        if (transposed != null) {
            transpose.run();
            return transposed;
        }
        return outputs.transposed();
    }

    @Override
    public boolean isTransposedAnywhere() {
        return transposed != null;
    }

    @Override
    public void transposedRest(INDArray rows, INDArray v) {
        Vectors.copy(rows, outputs.rows());
        Vectors.copy(outputs.transposedRest(), v);
    }

    /** As the network computes its own gradient, in its type. */
    @Override
    public void gradient(INDArray v) {
        at.multiplyResidual();
        Vectors.copy(space.product, v);
    }

    /** Of each dense layer, of the rows of SᵀJ at the point of the last {@link #load}. */
    List<LayerFactors> factors() {
        return jacobian.blocks().stream()
                .flatMap(block -> block.factors().stream())
                .toList();
    }

    @Override
    public long bytes() {
        return jacobian.bytes() + outputs.bytes() + buffers.bytes();
    }

    @Override
    public void close() {
        jacobian.close();
        outputs.close();
        buffers.close();
    }
}
