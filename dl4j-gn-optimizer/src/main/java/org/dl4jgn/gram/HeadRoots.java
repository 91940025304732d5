package org.dl4jgn.gram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.network.CompiledHead;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Views;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Products with the factors of Q = SSᵀ of all heads: S is block diagonal, with a block for each row of each head.
 *
 * <p>Rows of the Jacobian come in groups, one for each example, of C rows: those of one head after those of another, as {@link
 * HeadColumns} has them. Sᵀ leaves R of a group, those of each head again after those of the head before.
 */
final class HeadRoots implements AutoCloseable {

    private final Buffers buffers = new Buffers();
    private final HeadColumns columns;
    private final List<CompiledHead> heads;
    private final List<CurvatureRoot> roots = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private final long b;
    private final long c;
    private final long rank;
    private final long positions;

    /** What one of several heads needs for itself; of vectors, one element for each row. */
    private final class Part {
        final long length;
        final long kept;
        final INDArray residual;
        final INDArray y;
        final INDArray out;
        final INDArray scratch;
        final INDArray sums;

        Part(CompiledHead head, CurvatureRoot root, DataType type) {
            length = head.head.length();
            long rows = root.rows();
            kept = rows / b * root.rank();
            residual = buffers.allocate(type, rows, head.head.outputs());
            y = buffers.allocate(type, b * length, 1);
            out = buffers.allocate(type, rows, head.head.outputs());
            scratch = buffers.allocate(type, b * length, 1);
            sums = buffers.allocate(type, rows);
        }

        /** The elements of y that are kept, [b, kept]. */
        INDArray front() {
            return Views.part(Views.reshape(y, y.length()), 0, b, kept);
        }
    }

    /**
     * Prepares products in arrays of {@code type}, which may be more precise than the network's.
     *
     * @param reduced whether S loses the columns that it can do without
     */
    HeadRoots(CompiledNetwork at, DataType type, boolean reduced) {
        columns = new HeadColumns(at);
        heads = at.heads();
        b = at.batchSize();
        c = at.outputs();
        for (CompiledHead head : at.heads()) {
            CurvatureRoot root = new CurvatureRoot(head.loss, at.normalizer(), type, reduced);
            roots.add(root);
            if (!columns.isSingle()) {
                parts.add(new Part(head, root, type));
            }
        }
        rank = roots.stream().mapToLong(root -> root.rows() / b * root.rank()).sum();
        positions = roots.stream().mapToLong(root -> root.rows() / b).max().orElse(1);
    }

    /** R, the rows that are left of an example. */
    long rank() {
        return rank;
    }

    /** The rows that are left of all examples without those that are masked, in order; null if none is. */
    int @Nullable [] counted() {
        if (heads.stream().noneMatch(CompiledHead::hasMaskedElements)) {
            return null;
        }
        int[] kept = new int[Math.toIntExact(b * rank)];
        int count = 0;
        int at = 0;
        for (long example = 0; example < b; example++) {
            for (int h = 0; h < heads.size(); h++) {
                long rows = roots.get(h).rows() / b;
                long columns = roots.get(h).rank();
                for (long i = 0; i < rows * columns; i++, at++) {
                    if (heads.get(h).counts(example * rows + i / columns, i % columns)) {
                        kept[count++] = at;
                    }
                }
            }
        }
        return Arrays.copyOf(kept, count);
    }

    /** Reads Q at the linearization point. */
    void load() {
        roots.forEach(CurvatureRoot::load);
    }

    /** Elements of {@code sums} for matrices of m columns. */
    long sums(long m) {
        return b * positions * m;
    }

    /** Elements of {@code scratch} for matrices of m columns. */
    static long scratch(CompiledNetwork at, long m) {
        return (at.heads().size() == 1 ? 1 : 2) * at.batchSize() * at.outputs() * m;
    }

    /**
     * Appends {@code rows ← Sᵀ·rows}; the first b·R rows hold the result.
     *
     * @param rows [b·C, m]
     * @param scratch a vector, see {@link #scratch}
     * @param sums a vector, see {@link #sums}
     */
    void appendTransposed(Program program, INDArray rows, INDArray scratch, INDArray sums) {
        long m = rows.size(1);
        if (columns.isSingle()) {
            long n = roots.get(0).rows();
            roots.get(0).appendTransposed(program, rows, Views.part(scratch, 0, b * c, m), Views.part(sums, 0, n, m));
            return;
        }
        INDArray examples = Views.reshape(rows, b, c * m);
        List<INDArray> mixed = new ArrayList<>();
        long from = 0;
        INDArray vector = Views.reshape(scratch, scratch.length());
        for (int i = 0; i < roots.size(); i++) {
            Part part = parts.get(i);
            INDArray own = slice(vector, from, b * part.length, m);
            INDArray room = slice(vector, b * c * m, b * part.length, m);
            program.columns(examples, columns.offset(i) * m, Views.reshape(own, b, part.length * m));
            roots.get(i)
                    .appendTransposed(
                            program, own, room, Views.part(sums, 0, roots.get(i).rows(), m));
            mixed.add(slice(vector, from, b, part.kept * m));
            from += b * part.length * m;
        }
        INDArray result = Views.part(Views.reshape(rows, rows.length()), 0, b, rank * m);
        program.concat(mixed, result);
    }

    /**
     * Appends {@code out ← S·y}.
     *
     * @param y [b, R]; overwritten
     * @param out [b, C]; may be y
     * @param scratch [b, C]
     * @param sums a vector, see {@link #sums}
     */
    void append(Program program, INDArray y, INDArray out, INDArray scratch, INDArray sums) {
        if (columns.isSingle()) {
            CurvatureRoot root = roots.get(0);
            long n = root.rows();
            root.append(
                    program,
                    Views.reshape(y, n, root.rank()),
                    Views.reshape(out, n, root.outputs()),
                    Views.reshape(scratch, n, root.outputs()),
                    Views.part(sums, 0, n));
            return;
        }
        long from = 0;
        List<INDArray> outs = new ArrayList<>();
        for (int i = 0; i < roots.size(); i++) {
            Part part = parts.get(i);
            INDArray own = part.front();
            program.columns(y, from, own);
            roots.get(i)
                    .append(
                            program,
                            Views.reshape(own, roots.get(i).rows(), roots.get(i).rank()),
                            part.out,
                            Views.reshape(part.scratch, part.out.shape()),
                            part.sums);
            outs.add(part.out);
            from += part.kept;
        }
        columns.appendJoined(program, outs, out, buffers);
    }

    /**
     * Appends {@code y ← S⁻¹r} for the residual r, which S reaches. See {@link #isSafePreimage}.
     *
     * @param residual r, [b, C]
     * @param y [b·C, 1]; the first b·R elements hold the result
     * @param scratch [b·C, 1]
     * @param sums a vector, see {@link #sums}
     */
    void appendPreimage(Program program, INDArray residual, INDArray y, INDArray scratch, INDArray sums) {
        if (columns.isSingle()) {
            CurvatureRoot root = roots.get(0);
            root.appendPreimage(
                    program,
                    Views.reshape(residual, root.rows(), root.outputs()),
                    y,
                    scratch,
                    Views.part(sums, 0, root.rows()));
            return;
        }
        columns.appendSplit(
                program, residual, parts.stream().map(p -> p.residual).toList(), buffers);
        List<INDArray> fronts = new ArrayList<>();
        for (int i = 0; i < roots.size(); i++) {
            Part part = parts.get(i);
            roots.get(i).appendPreimage(program, part.residual, part.y, part.scratch, part.sums);
            fronts.add(part.front());
        }
        program.concat(fronts, Views.part(Views.reshape(y, y.length()), 0, b, rank));
    }

    /**
     * Whether what {@link #appendPreimage} made is S⁻¹r with all its digits.
     *
     * @param y its front, [b·R, 1]
     */
    boolean isSafePreimage(INDArray y, INDArray residual) {
        if (columns.isSingle()) {
            return roots.get(0).isSafePreimage(y, residual);
        }
        for (int i = 0; i < roots.size(); i++) {
            if (!roots.get(i).isSafePreimage(parts.get(i).front(), parts.get(i).residual)) {
                return false;
            }
        }
        return true;
    }

    private static INDArray slice(INDArray vector, long from, long rows, long columns) {
        return Views.part(vector, from, rows, columns);
    }

    /** Bytes that this takes, an upper bound. */
    static long bytes(long b, long c, int width) {
        return CurvatureRoot.bytes(b, c, width) + width * 6 * b * c;
    }

    /** Bytes that this allocated. */
    long bytes() {
        return roots.stream().mapToLong(CurvatureRoot::bytes).sum() + buffers.bytes();
    }

    @Override
    public void close() {
        roots.forEach(CurvatureRoot::close);
        buffers.close();
    }
}
