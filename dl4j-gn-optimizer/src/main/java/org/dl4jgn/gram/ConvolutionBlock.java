package org.dl4jgn.gram;

import java.util.function.LongToDoubleFunction;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Views;
import org.dl4jgn.translate.ConvolutionUse;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A layer that shares its weights between q positions, z = pW + b: row i·c + k of its Jacobian is Σₚ p ⊗ δᵢₖₚ = PᵢᵀΔᵢₖ
 * for W, with the patches Pᵢ, [q, K], and Δᵢₖ, [q, m], and ΣₚΔᵢₖₚ for b.
 *
 * <p>Unlike a dense layer's, these rows are no outer products, so the rows themselves are formed, for so many of the K
 * elements of a patch at a time as fit into {@value #ROOM} numbers, and their products are added up. Cost: b·c·q·K·m
 * multiplications to form them, once or, where they do not fit all at once, for each panel of the Gram matrix; and
 * (bc)²·K·m/2 for the products.
 */
final class ConvolutionBlock implements JacobianBlock {

    /** Elements of rows that are formed at a time. */
    private static final long ROOM = 1 << 24;

    private final ConvolutionUse use;
    private final CompiledNetwork at;
    private final long b;
    private final long c;
    private final long q;
    private final long m;
    private final long k;
    private final long kept;
    private final INDArray delta;
    private final INDArray patches;
    private final INDArray scaled;
    private final INDArray ones;
    private final INDArray onesColumn;
    private final INDArray biasRows;
    private final INDArray projected;
    private final INDArray weightGradient;
    private final INDArray biasGradient;
    private final INDArray smoothed;
    private final INDArray share;
    private final INDArray rows;
    private final INDArray scratch;
    private final Buffers buffers = new Buffers();
    private final Program load = buffers.own(new Program());
    private final Program gradient = buffers.own(new Program());
    private final Program add = buffers.own(new Program());
    private final Program sumBiasRows = buffers.own(new Program());
    private INDArray input;
    private INDArray inputMatrix;
    private double weightFactor = 1;
    private double biasFactor = 1;

    /**
     * Makes a block.
     *
     * @param kept rows kept of each example's c when they are mixed by Sᵀ
     * @param unit where the unit cotangents of z will be, [b·c·q, m]
     * @param type the type to compute in
     * @param scratch room for b·c·q·m elements, shared between blocks
     */
    ConvolutionBlock(
            ConvolutionUse use, CompiledNetwork at, long kept, INDArray unit, DataType type, INDArray scratch) {
        this.use = use;
        this.at = at;
        this.kept = kept;
        b = at.batchSize();
        c = at.outputs();
        q = use.positions();
        m = use.weight().shape()[1];
        k = use.weight().shape()[0];
        input = at.array(use.patches().name());
        delta = buffers.allocate(type, b * c, q * m);
        patches = buffers.allocate(type, b * q, k);
        scaled = buffers.allocate(type, b * q, k);
        ones = buffers.allocate(type, 1, q).assign(1.0);
        onesColumn = buffers.allocate(type, q * m, 1).assign(1.0);
        biasRows = buffers.allocate(type, b * kept, m);
        projected = buffers.allocate(type, b * q, m);
        weightGradient = buffers.allocate(type, k, m);
        biasGradient = buffers.allocate(type, 1, m);
        smoothed = buffers.allocate(type, b * q, m);
        share = buffers.allocate(type, b * kept, 1);
        rows = buffers.allocate(type, b * c, elements(b, c, k, m) * m);
        this.scratch = Views.part(scratch, 0, b * c, q * m);
        inputMatrix = Views.reshape(input, b * q, k);
        load.convert(Views.reshape(unit, b * c, q * m), delta).convert(inputMatrix, patches);
        gradient.matmul(patches, true, projected, false, weightGradient)
                .sum(projected, 0, Views.reshape(biasGradient, m));
        // sums over positions
        sumBiasRows.sum(Views.reshape(Views.rows(delta, 0, b * kept), b * kept, q, m), 1, biasRows);
        INDArray products = Views.part(scratch, 0, b * kept, q * m);
        // Σ over the elements of δᵢₖ ∘ (PᵢG + g)
        add.matmul(patches, false, weightGradient, false, smoothed)
                .add(smoothed, biasGradient, smoothed)
                .multiply(
                        Views.reshape(Views.rows(delta, 0, b * kept), b, kept, q * m),
                        Views.reshape(smoothed, b, 1, q * m),
                        Views.reshape(products, b, kept, q * m))
                .matmul(products, false, onesColumn, false, share);
    }

    /** The elements of a patch whose columns are formed at a time. */
    private static long elements(long b, long c, long k, long m) {
        return Math.max(1, Math.min(k, ROOM / (b * c * m)));
    }

    /** Bytes of a block, with elements of {@code width} bytes; an upper bound. */
    public static long bytes(ConvolutionUse use, long b, long c, int width) {
        long q = use.positions();
        long m = use.weight().shape()[1];
        long k = use.weight().shape()[0];
        return width
                * (b * c * (q * m + m + 1)
                        + 2 * b * q * (k + m)
                        + b * c * elements(b, c, k, m) * m
                        + q * (m + 1)
                        + (k + 1) * m);
    }

    @Override
    public void load() {
        INDArray current = at.array(use.patches().name());
        if (current != input) {
            INDArray matrix = Views.reshape(current, b * q, k);
            load.rebind(inputMatrix, matrix);
            inputMatrix = matrix;
            input = current;
        }
        load.run();
    }

    @Override
    public INDArray cotangents() {
        return delta;
    }

    /** D = Σₖ rᵢₖΔᵢₖ, [b·q, m], of which J_Bᵀr is PᵀD. */
    @Override
    public void appendProjection(Program program, INDArray residual) {
        INDArray cube = Views.reshape(delta, b, c, q * m);
        INDArray weighted = Views.reshape(scratch, b, c, q * m);
        program.multiply(cube, Views.reshape(residual, b, c, 1), weighted)
                .sum(weighted, 1, Views.reshape(projected, b, q * m));
    }

    @Override
    public void weigh(LongToDoubleFunction inverse) {
        weightFactor = inverse.applyAsDouble(use.weight().offset());
        biasFactor = use.bias() == null ? 0 : inverse.applyAsDouble(use.bias().offset());
        Vectors.copy(patches, scaled);
        Vectors.scale(Math.sqrt(weightFactor), scaled);
    }

    @Override
    public INDArray product() {
        gradient.run();
        Vectors.scale(weightFactor, weightGradient);
        Vectors.scale(biasFactor, biasGradient);
        add.run();
        return share;
    }

    @Override
    public void appendGram(Program program, long first, long examples, INDArray target, INDArray room, boolean fresh) {
        long columns = target.size(1);
        long step = rows.size(1) / m;
        boolean overwrite = fresh;
        for (long from = 0; from < k; from += step) {
            long count = Math.min(step, k - from);
            boolean all = count == k;
            if (!all || first == 0) {
                // all rows at once serve every panel, else what this panel meets is formed for it
                appendRows(program, from, count, all ? b : columns / kept);
            }
            appendProduct(program, rows(count), first, examples, target, room, overwrite);
            overwrite = false;
        }
        if (use.bias() != null) {
            if (first == 0) {
                program.action("bias rows", this::formBiasRows);
            }
            appendProduct(program, biasRows, first, examples, target, room, false);
        }
    }

    /** As many elements of a patch at a time as fit for these rows. */
    @Override
    public void addGram(KeptGram gram) {
        KeptPositions positions = new KeptPositions(gram, delta, kept, q, m);
        long step = Math.max(1, Math.min(k, rows.length() / (gram.size() * m)));
        for (long from = 0; from < k; from += step) {
            long count = Math.min(step, k - from);
            positions.sum(1, scaled, q * k, k, from, count, rows);
            gram.addProducts(rows, count * m);
        }
        if (use.bias() != null) {
            positions.sum(Math.sqrt(biasFactor), ones, 0, 1, 0, 1, biasRows);
            gram.addProducts(biasRows, m);
        }
    }

    /** The rows of so many elements of a patch, dense. */
    private INDArray rows(long count) {
        return Views.part(Views.reshape(rows, rows.length()), 0, b * kept, count * m);
    }

    private void appendProduct(
            Program program,
            INDArray all,
            long first,
            long examples,
            INDArray target,
            INDArray room,
            boolean overwrite) {
        long columns = target.size(1);
        INDArray left = Views.rows(all, first * kept, examples * kept);
        INDArray right = Views.rows(all, 0, columns);
        INDArray product = overwrite ? target : Views.part(room, 0, examples * kept, columns);
        program.matmul(left, false, right, true, product);
        if (!overwrite) {
            program.add(target, product, target);
        }
    }

    private void appendRows(Program program, long from, long count, long examples) {
        INDArray block = rows(count);
        for (long i = 0; i < examples; i++) {
            INDArray p =
                    scaled.get(NDArrayIndex.interval(i * q, (i + 1) * q), NDArrayIndex.interval(from, from + count));
            for (long output = 0; output < kept; output++) {
                long row = i * kept + output;
                program.matmul(p, true, cotangent(delta, row), false, slice(block, row, 0, count));
            }
        }
    }

    /** Δᵢₖ, [q, m]. */
    private INDArray cotangent(INDArray of, long row) {
        return Views.reshape(of.get(NDArrayIndex.point(row), NDArrayIndex.all()), q, m);
    }

    /** {@code count}·m elements of a row, as a matrix. */
    private INDArray slice(INDArray matrix, long row, long from, long count) {
        INDArray elements = matrix.get(NDArrayIndex.point(row), NDArrayIndex.interval(from, from + count * m));
        return Views.reshape(elements, count, m);
    }

    private void formBiasRows() {
        sumBiasRows.run();
        Vectors.scale(Math.sqrt(biasFactor), biasRows);
    }

    @Override
    public void appendColumns(Program program, long first, long examples, INDArray jacobian) {
        for (long i = 0; i < examples; i++) {
            for (long output = 0; output < c; output++) {
                append(program, first + i, cotangent(delta, (first + i) * c + output), jacobian, i * c + output);
            }
        }
    }

    @Override
    public void appendProjected(Program program, INDArray jacobian) {
        for (long i = 0; i < b; i++) {
            append(program, i, Views.rows(projected, i * q, q), jacobian, i);
        }
    }

    private void append(Program program, long example, INDArray cotangent, INDArray jacobian, long row) {
        INDArray p = Views.rows(patches, example * q, q);
        program.matmul(
                p, true, cotangent, false, slice(jacobian, row, use.weight().offset(), k));
        if (use.bias() != null) {
            program.matmul(
                    ones,
                    false,
                    cotangent,
                    false,
                    slice(jacobian, row, use.bias().offset(), 1));
        }
    }

    @Override
    public long bytes() {
        return buffers.bytes();
    }

    @Override
    public void close() {
        buffers.close();
    }
}
