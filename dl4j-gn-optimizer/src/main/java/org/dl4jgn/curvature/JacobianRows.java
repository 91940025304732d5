package org.dl4jgn.curvature;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.graph.AffineUse;
import org.dl4jgn.graph.ConvolutionUse;
import org.dl4jgn.graph.NetworkGraph;
import org.dl4jgn.graph.ParameterSlot;
import org.dl4jgn.graph.ParameterUse;
import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The rows of J or of SᵀJ for one batch size, one block a layer, never formed unless asked for: their Gram matrix and
 * products, in an own floating-point type.
 *
 * <p>The type is what the arithmetic is exact in. With float64 on a float32 network, the Gram matrix is that of a Jacobian
 * within float32 rounding of J, positive semidefinite to float64: summed in float32 it would lose definiteness as soon as
 * its largest eigenvalue is 1e7 times the damping.
 */
final class JacobianRows implements AutoCloseable {

    private final UnitCotangents unit;
    private final List<JacobianBlock> blocks = new ArrayList<>();
    private final INDArray scratch;
    private final INDArray sums;
    private final CurvatureRoot root;
    private final Program toRootRows = new Program();
    private final Program project = new Program();
    private final INDArray residual;
    private final OutputLoss loss;

    final DataType type;
    final long b;
    final long c;

    JacobianRows(MultiLayerNetwork net, ParameterSpace space, BatchPlan at, DataType type) {
        this.type = type;
        if (!at.jacobian().network().assembled()) {
            throw new UnsupportedOperationException(
                    "Rows of the Jacobian are not supported for depthwise, separable and transposed convolutions, batch"
                            + " normalization and PReLU; products with the Jacobian are");
        }
        loss = at.loss();
        b = at.preOutput.size(0);
        c = at.preOutput.size(1);
        unit = new UnitCotangents(net, space, at);
        long widest = widest(at.jacobian().network());
        scratch = Nd4j.createUninitializedDetached(type, b * c * widest);
        sums = Nd4j.createUninitializedDetached(type, b * widest);
        residual = Nd4j.createUninitializedDetached(type, b, c);
        root = new CurvatureRoot(loss, type);
        List<ParameterUse> uses = at.jacobian().network().uses();
        for (int i = 0; i < uses.size(); i++) {
            JacobianBlock block = block(uses.get(i), at, unit.of(i));
            blocks.add(block);
            block.appendProjection(project, residual);
            INDArray rows = block.cotangents();
            long m = rows.length() / (b * c);
            root.appendTransposed(toRootRows, rows.reshape(b * c, m), head(scratch, b * c, m), head(sums, b, m));
        }
    }

    private JacobianBlock block(ParameterUse use, BatchPlan at, INDArray cotangents) {
        if (use instanceof AffineUse affine) {
            return new AffineBlock(affine, at, cotangents, type, scratch);
        }
        return new ConvolutionBlock((ConvolutionUse) use, at, cotangents, type, scratch);
    }

    /** The first rows × columns elements of a vector, as a matrix. */
    private static INDArray head(INDArray vector, long rows, long columns) {
        return vector.get(NDArrayIndex.interval(0, rows * columns)).reshape(rows, columns);
    }

    /**
     * Bytes of the rows of a network, an upper bound.
     *
     * @param width bytes of an element of the rows
     * @param networkWidth bytes of an element of the network
     */
    static long bytes(NetworkGraph network, long b, int width, int networkWidth) {
        if (!network.assembled()) {
            return Long.MAX_VALUE / 2;
        }
        long c = network.outputs();
        long n = b * c;
        long widest = widest(network);
        long total = width * (n * widest + b * widest + 3 * n) + 2L * networkWidth * n * widest;
        for (ParameterUse use : network.uses()) {
            // cotangents and, repeated, the factors that lead to them
            total += 2L * networkWidth * n * use.outputLength();
            if (use instanceof AffineUse affine) {
                total += AffineBlock.bytes(affine, b, c, width);
            } else if (use instanceof ConvolutionUse convolution) {
                total += ConvolutionBlock.bytes(convolution, b, c, width)
                        + ConvolutionBlock.backwardBytes(convolution, b, c, networkWidth);
            }
        }
        return total;
    }

    private static long widest(NetworkGraph network) {
        return network.uses().stream()
                .mapToLong(ParameterUse::outputLength)
                .max()
                .orElseThrow();
    }

    /** Rows of J at the linearization point of the plan. Cost: {@link UnitCotangents} and AAᵀ of each layer. */
    void load() {
        unit.run();
        blocks.forEach(JacobianBlock::load);
    }

    /** Takes Jᵀr, for {@link #product} and {@link #writePerExample}; to be called on rows of J. */
    void project() {
        residual.assign(loss.residual);
        project.run();
    }

    /** From here on, until the next {@link #load}, these are the rows of SᵀJ, of which there are b·c as well. */
    void takeRoot() {
        root.load();
        toRootRows.run();
    }

    /** r, [b, c], as of the last {@link #project}. */
    INDArray residual() {
        return residual;
    }

    CurvatureRoot root() {
        return root;
    }

    /** Sets P⁻¹ for {@link #product} and {@link #appendGram}. */
    void weigh(ToDoubleFunction<ParameterSlot> inverse) {
        blocks.forEach(block -> block.weigh(inverse));
    }

    /** {@code result ← (rows) P⁻¹ Jᵀr}, [b·c]. */
    void product(INDArray result) {
        result.assign(0.0);
        blocks.forEach(block -> block.addProduct(result));
    }

    /**
     * Appends {@code matrix ← (rows) P⁻¹ (rows)ᵀ}, a panel of examples after the other, so that what lies between is small.
     *
     * @param matrix [b·c, b·c]
     * @param lower whether only the lower triangle, column ≤ row, is needed; the rest is then undefined
     * @param room scratch of {@link #panelLength} elements
     */
    void appendGram(Program program, INDArray matrix, boolean lower, INDArray room) {
        long n = b * c;
        long step = room.length() / (n * c);
        // a panel's unused part is multiplied with the rest, so it has to hold numbers
        room.assign(0.0);
        for (long first = 0; first < b; first += step) {
            long examples = Math.min(step, b - first);
            INDArray rows = matrix.get(NDArrayIndex.interval(first * c, (first + examples) * c), NDArrayIndex.all());
            INDArray panel = head(room, examples * c, n);
            long columns = lower ? (first + examples) * c : n;
            boolean fresh = true;
            for (JacobianBlock block : blocks) {
                block.appendGram(program, first, examples, columns, rows, panel, fresh);
                fresh = false;
            }
        }
    }

    /**
     * Elements of a panel. Panels are so few rows that the passes over one stay in the cache, and so that half of the
     * products can be left out where only a triangle is needed; and not so few that products become thin.
     */
    static long panelLength(long b, long c) {
        long n = b * c;
        long rows = Math.max(PANEL_ROWS, Math.min(n / PANELS, PANEL_ELEMENTS / n));
        return Math.max(1, Math.min(b, rows / c)) * c * n;
    }

    private static final long PANELS = 8;
    private static final long PANEL_ROWS = 64;
    private static final long PANEL_ELEMENTS = 1 << 18;

    /** Writes some rows, in working order: [examples·c, d]. */
    void writeRows(long first, long examples, INDArray target) {
        blocks.forEach(block -> block.writeColumns(first, examples, target));
    }

    /** Writes Jᵢᵀrᵢ of all examples i, in working order: [b, d]. */
    void writePerExample(INDArray target) {
        blocks.forEach(block -> block.writeProjected(target));
    }

    @Override
    public void close() {
        unit.close();
        blocks.forEach(JacobianBlock::close);
        root.close();
        scratch.close();
        sums.close();
        residual.close();
    }
}
