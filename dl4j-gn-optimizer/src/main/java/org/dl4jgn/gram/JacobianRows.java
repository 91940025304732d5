package org.dl4jgn.gram;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToDoubleFunction;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.network.ParameterSpace;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Views;
import org.dl4jgn.translate.AffineUse;
import org.dl4jgn.translate.ConvolutionUse;
import org.dl4jgn.translate.NetworkHead;
import org.dl4jgn.translate.ParameterUse;
import org.dl4jgn.translate.PeepholeUse;
import org.dl4jgn.translate.TranslatedNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The rows of a network's J for one batch size, one block a layer, never formed unless asked for: their Gram matrix and
 * products, in an own floating-point type. {@link NetworkRows} makes those of SᵀJ of them.
 *
 * <p>The type is what the arithmetic is exact in. With float64 on a float32 network, the Gram matrix is that of a Jacobian
 * within float32 rounding of J, positive semidefinite to float64: summed in float32 it would lose definiteness as soon as
 * its largest eigenvalue is 1e7 times the damping.
 */
public final class JacobianRows implements AutoCloseable {

    private static final long PANELS = 8;
    private static final long PANEL_ROWS = 128;
    private static final long PANEL_ELEMENTS = 1 << 18;

    private final Buffers buffers = new Buffers();
    private final UnitCotangents unit;
    private final List<JacobianBlock> blocks = new ArrayList<>();
    private final INDArray scratch;
    private final INDArray sums;
    private final Program takeResidual = buffers.own(new Program());
    private final Program project = buffers.own(new Program());
    private final INDArray residual;

    public final DataType type;
    public final long b;

    /** C, the rows of an example: the elements of the z of all heads. */
    public final long c;

    /** Rows for each example that {@link #appendGram} and {@link #product} take: c, or less where they are mixed by Sᵀ. */
    private final long q;

    /** The rows of J themselves. */
    public JacobianRows(GraphSource graphs, ParameterSpace space, CompiledNetwork at, DataType type) {
        this(graphs, space, at, type, at.outputs());
    }

    /**
     * Rows that are to be mixed, see {@link #appendMix}.
     *
     * @param q rows of each example that are left then
     */
    JacobianRows(GraphSource graphs, ParameterSpace space, CompiledNetwork at, DataType type, long q) {
        this.type = type;
        this.q = q;
        TranslatedNetwork network = at.jacobian().network();
        List<String> without = network.unassembled();
        if (!without.isEmpty()) {
            throw new UnsupportedOperationException(
                    "Rows of the Jacobian, its Gram matrix and gradients of single examples"
                            + " are not supported for a network with " + String.join(", ", without)
                            + ". Supported: jvp, vjp and ggnVectorProduct, and training with Sgn or Egn, which then uses these"
                            + " products.");
        }
        b = at.batchSize();
        c = at.outputs();
        unit = UnitCotangents.of(graphs.differentiated(b * c), space.theta, at);
        long widest = widest(network);
        scratch = buffers.allocate(type, HeadRoots.scratch(at, widest));
        long positions =
                at.heads().stream().mapToLong(h -> h.head.positions()).max().orElse(1);
        sums = buffers.allocate(type, b * positions * widest);
        residual = buffers.allocate(type, b, c);
        new HeadColumns(at)
                .appendJoined(
                        takeResidual,
                        at.heads().stream().map(h -> h.loss.residual).toList(),
                        residual,
                        buffers);
        List<ParameterUse> uses = network.uses();
        for (int i = 0; i < uses.size(); i++) {
            JacobianBlock block = block(uses.get(i), at, unit.of(i));
            blocks.add(block);
            block.appendProjection(project, residual);
        }
    }

    /** Appends that the rows become those of SᵀJ: the blocks are linear in their cotangents, which are mixed. */
    void appendMix(Program program, HeadRoots root) {
        for (JacobianBlock block : blocks) {
            INDArray rows = block.cotangents();
            long m = rows.length() / (b * c);
            root.appendTransposed(program, Views.reshape(rows, b * c, m), scratch, sums);
        }
    }

    private JacobianBlock block(ParameterUse use, CompiledNetwork at, INDArray cotangents) {
        if (use instanceof AffineUse affine) {
            return new AffineBlock(affine, at, q, cotangents, type, scratch);
        }
        if (use instanceof PeepholeUse peepholes) {
            return new PeepholeBlock(peepholes, at, q, cotangents, type, scratch);
        }
        return new ConvolutionBlock((ConvolutionUse) use, at, q, cotangents, type, scratch);
    }

    /**
     * Bytes of the rows of a network, without {@link UnitCotangents}; an upper bound.
     *
     * @param width bytes of an element of the rows
     */
    public static long bytes(TranslatedNetwork network, long b, int width) {
        long c = network.outputs();
        long widest = widest(network);
        long heads = network.heads().size() == 1 ? 1 : 2;
        long positions =
                network.heads().stream().mapToLong(NetworkHead::positions).max().orElse(1);
        long total = width * (heads * b * c * widest + b * positions * widest + 3 * b * c);
        for (ParameterUse use : network.uses()) {
            total += bytes(use, b, c, width);
        }
        return total;
    }

    private static long bytes(ParameterUse use, long b, long c, int width) {
        if (use instanceof AffineUse affine) {
            return AffineBlock.bytes(affine, b, c, width);
        }
        if (use instanceof PeepholeUse peepholes) {
            return PeepholeBlock.bytes(peepholes, b, c, width);
        }
        return ConvolutionBlock.bytes((ConvolutionUse) use, b, c, width);
    }

    private static long widest(TranslatedNetwork network) {
        return network.uses().stream()
                .mapToLong(ParameterUse::outputLength)
                .max()
                .orElseThrow();
    }

    /** Rows of J at the linearization point of the plan. Cost: {@link UnitCotangents} and AAᵀ of each layer. */
    public void load() {
        unit.run();
        blocks.forEach(JacobianBlock::load);
        takeResidual.run();
    }

    /** Takes Jᵀr, for {@link #product} and {@link #appendPerExample}; to be called on rows of J. */
    public void project() {
        project.run();
    }

    List<JacobianBlock> blocks() {
        return blocks;
    }

    /** Sets P⁻¹ for {@link #product} and {@link #appendGram}, given for a parameter's index. */
    public void weigh(LongToDoubleFunction inverse) {
        blocks.forEach(block -> block.weigh(inverse));
    }

    /** {@code result ← (rows) P⁻¹ Jᵀr}, [b·q, 1]; for rows of SᵀJ. */
    void product(INDArray result) {
        boolean first = true;
        for (JacobianBlock block : blocks) {
            INDArray share = block.product();
            if (first) {
                Vectors.copy(share, result);
            } else {
                Vectors.axpy(1.0, share, result);
            }
            first = false;
        }
    }

    /**
     * Appends {@code matrix ← (rows) P⁻¹ (rows)ᵀ}, a panel of examples after the other, so that what lies between is small.
     *
     * @param matrix [b·q, b·q]
     * @param lower whether only the lower triangle, column ≤ row, is needed; the rest is then undefined
     * @param room scratch of {@link #roomLength} elements
     */
    public void appendGram(Program program, INDArray matrix, boolean lower, INDArray room) {
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

    /** Forms the Gram matrix of the rows that count alone; only where {@link org.dl4jgn.linalg.HostMatrix#isAvailable}. */
    void formGram(KeptGram gram) {
        blocks.forEach(block -> block.addGram(gram));
    }

    /** Elements of scratch that {@link #appendGram} takes for q rows an example. */
    public static long roomLength(long b, long q) {
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

    /** Appends that the rows of some examples are written, in working order: [examples·c, d]. */
    public void appendRows(Program program, long first, long examples, INDArray target) {
        blocks.forEach(block -> block.appendColumns(program, first, examples, target));
    }

    /** Appends that Jᵢᵀrᵢ of all examples i are written, in working order: [b, d]. */
    public void appendPerExample(Program program, INDArray target) {
        blocks.forEach(block -> block.appendProjected(program, target));
    }

    /** Whether there is {@link #appendTransposed}. */
    boolean hasTransposed() {
        return blocks.stream().allMatch(JacobianBlock::hasTransposed);
    }

    /** Appends {@code v ← (rows)ᵀy} of what was taken in, wherever the network stands then; y is [b, q], v [d]. */
    void appendTransposed(Program program, INDArray y, INDArray v) {
        program.clear(v);
        blocks.forEach(block -> block.appendTransposed(program, y, v));
    }

    /** Bytes that the rows allocated. */
    long bytes() {
        return unit.bytes() + blocks.stream().mapToLong(JacobianBlock::bytes).sum() + buffers.bytes();
    }

    @Override
    public void close() {
        unit.close();
        blocks.forEach(JacobianBlock::close);
        buffers.close();
    }
}
