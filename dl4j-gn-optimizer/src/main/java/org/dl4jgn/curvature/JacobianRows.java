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
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Views;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
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

    private final Buffers buffers = new Buffers();
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

    /** Rows of SᵀJ for each example: c, or less where S has fewer columns. */
    final long q;

    /**
     * Makes the rows.
     *
     * @param reduced whether SᵀJ loses the rows that are zero in a suitable basis, see {@link CurvatureRoot}
     */
    JacobianRows(MultiLayerNetwork net, ParameterSpace space, BatchPlan at, DataType type, boolean reduced) {
        this.type = type;
        List<String> without = at.jacobian().network().unassembled();
        if (!without.isEmpty()) {
            throw new UnsupportedOperationException(
                    "Rows of the Jacobian, its Gram matrix and gradients of single examples"
                            + " are not supported for a network with " + String.join(", ", without)
                            + ". Supported: jvp, vjp and ggnVectorProduct, and training with Sgn or Egn, which then uses these"
                            + " products.");
        }
        loss = at.loss();
        b = at.preOutput.size(0);
        c = at.preOutput.size(1);
        unit = new UnitCotangents(net, space, at);
        long widest = widest(at.jacobian().network());
        scratch = buffers.allocate(type, b * c * widest);
        sums = buffers.allocate(type, b * widest);
        residual = buffers.allocate(type, b, c);
        root = new CurvatureRoot(loss, type, reduced);
        q = root.rank();
        List<ParameterUse> uses = at.jacobian().network().uses();
        for (int i = 0; i < uses.size(); i++) {
            JacobianBlock block = block(uses.get(i), at, unit.of(i));
            blocks.add(block);
            block.appendProjection(project, residual);
            INDArray rows = block.cotangents();
            long m = rows.length() / (b * c);
            root.appendTransposed(
                    toRootRows,
                    Views.reshape(rows, b * c, m),
                    Views.part(scratch, 0, b * c, m),
                    Views.part(sums, 0, b, m));
        }
    }

    private JacobianBlock block(ParameterUse use, BatchPlan at, INDArray cotangents) {
        if (use instanceof AffineUse affine) {
            return new AffineBlock(affine, at, q, cotangents, type, scratch);
        }
        return new ConvolutionBlock((ConvolutionUse) use, at, q, cotangents, type, scratch);
    }

    /**
     * Bytes of the rows of a network, without {@link UnitCotangents}; an upper bound.
     *
     * @param width bytes of an element of the rows
     */
    static long bytes(NetworkGraph network, long b, int width) {
        long c = network.outputs();
        long widest = widest(network);
        long total = width * (b * c * widest + b * widest + b * c) + CurvatureRoot.bytes(b, c, width);
        for (ParameterUse use : network.uses()) {
            total += use instanceof AffineUse affine
                    ? AffineBlock.bytes(affine, b, c, width)
                    : ConvolutionBlock.bytes((ConvolutionUse) use, b, c, width);
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
        residual.assign(loss.residual);
        root.load();
    }

    /** Takes Jᵀr, for {@link #product} and {@link #writePerExample}; to be called on rows of J. */
    void project() {
        project.run();
    }

    /** From here on, until the next {@link #load}, these are the b·q rows of SᵀJ. */
    void takeRoot() {
        toRootRows.run();
    }

    /** r, [b, c], at the point of the last {@link #load}. */
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

    /** {@code result ← (rows) P⁻¹ Jᵀr}, [b·q, 1]; for rows of SᵀJ. */
    void product(INDArray result) {
        result.assign(0.0);
        blocks.forEach(block -> block.addProduct(result));
    }

    /**
     * Appends {@code matrix ← (rows) P⁻¹ (rows)ᵀ}, a panel of examples after the other, so that what lies between is small.
     *
     * @param matrix [b·q, b·q]
     * @param lower whether only the lower triangle, column ≤ row, is needed; the rest is then undefined
     * @param room scratch of {@link #roomLength} elements
     */
    void appendGram(Program program, INDArray matrix, boolean lower, INDArray room) {
        long n = b * q;
        long step = panelExamples(b, q);
        INDArray rest = room.get(NDArrayIndex.interval(step * q * n, room.length()));
        for (long first = 0; first < b; first += step) {
            long examples = Math.min(step, b - first);
            long columns = lower ? (first + examples) * q : n;
            INDArray panel = Views.part(room, 0, examples * q, columns);
            boolean fresh = true;
            for (JacobianBlock block : blocks) {
                block.appendGram(program, first, examples, panel, rest, fresh);
                fresh = false;
            }
            INDArray rows = Views.rows(matrix, first * q, examples * q);
            if (columns == n) {
                program.copy(panel, rows);
            } else {
                program.concat(panel, Views.part(rest, 0, examples * q, n - columns), rows);
            }
        }
    }

    /** Elements of scratch that {@link #appendGram} takes for q rows an example. */
    static long roomLength(long b, long q) {
        return (1 + JacobianBlock.ROOMS) * panelExamples(b, q) * q * b * q;
    }

    /**
     * Examples of a panel. Panels are so few rows that the passes over one stay in the cache, and so that half of the
     * products can be left out where only a triangle is needed; and not so few that products become thin.
     */
    private static long panelExamples(long b, long q) {
        long n = b * q;
        long rows = Math.max(PANEL_ROWS, Math.min(n / PANELS, PANEL_ELEMENTS / n));
        return Math.max(1, Math.min(b, rows / q));
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

    /** Bytes that the rows allocated. */
    long bytes() {
        return unit.bytes() + blocks.stream().mapToLong(JacobianBlock::bytes).sum() + root.bytes() + buffers.bytes();
    }

    @Override
    public void close() {
        unit.close();
        blocks.forEach(JacobianBlock::close);
        root.close();
        buffers.close();
    }
}
