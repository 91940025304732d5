package org.dl4jgn.curvature;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.dl4jgn.graph.ConvolutionUse;
import org.dl4jgn.graph.ParameterSlot;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
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
    private final BatchPlan at;
    private final long b;
    private final long c;
    private final long q;
    private final long m;
    private final long k;
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
    private final Program load = new Program();
    private final Program add = new Program();
    private final List<INDArray> owned = new ArrayList<>();
    private INDArray input;
    private double weightFactor = 1;
    private double biasFactor = 1;

    /**
     * Makes a block.
     *
     * @param unit where the unit cotangents of z will be, [b·c·q, m]
     * @param type the type to compute in
     * @param scratch room for b·c·q·m elements, shared between blocks
     */
    ConvolutionBlock(ConvolutionUse use, BatchPlan at, INDArray unit, DataType type, INDArray scratch) {
        this.use = use;
        this.at = at;
        b = at.preOutput.size(0);
        c = at.preOutput.size(1);
        q = use.positions();
        m = use.weight().shape()[1];
        k = use.weight().shape()[0];
        input = at.array(use.patches().name());
        delta = allocate(type, b * c, q * m);
        patches = allocate(type, b * q, k);
        scaled = allocate(type, b * q, k);
        ones = allocate(type, 1, q).assign(1.0);
        onesColumn = allocate(type, q * m, 1).assign(1.0);
        biasRows = allocate(type, b * c, m);
        projected = allocate(type, b * q, m);
        weightGradient = allocate(type, k, m);
        biasGradient = allocate(type, 1, m);
        smoothed = allocate(type, b * q, m);
        share = allocate(type, b * c, 1);
        rows = allocate(type, b * c, elements(b, c, k, m) * m);
        this.scratch = scratch.get(NDArrayIndex.interval(0, b * c * q * m)).reshape(b * c, q * m);
        load.copy(unit.reshape('c', b * c, q * m), delta).copy(input.reshape('c', b * q, k), patches);
        // Σ over the elements of δᵢₖ ∘ (PᵢG + g)
        add.matmul(patches, false, weightGradient, false, smoothed)
                .add(smoothed, biasGradient, smoothed)
                .multiply(delta.reshape(b, c, q * m), smoothed.reshape(b, 1, q * m), this.scratch.reshape(b, c, q * m))
                .matmul(this.scratch, false, onesColumn, false, share);
    }

    /** The elements of a patch whose columns are formed at a time. */
    private static long elements(long b, long c, long k, long m) {
        return Math.max(1, Math.min(k, ROOM / (b * c * m)));
    }

    /** Bytes of a block, with elements of {@code width} bytes; an upper bound. */
    static long bytes(ConvolutionUse use, long b, long c, int width) {
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

    /** Bytes of what lies between the layers when the unit cotangents are propagated back through this one. */
    static long backwardBytes(ConvolutionUse use, long b, long c, int networkWidth) {
        return networkWidth * b * c * use.positions() * use.weight().shape()[0];
    }

    private INDArray allocate(DataType type, long... shape) {
        INDArray array = Nd4j.createUninitializedDetached(type, shape);
        owned.add(array);
        return array;
    }

    @Override
    public void load() {
        INDArray current = at.array(use.patches().name());
        if (current != input) {
            INDArray from = current.reshape('c', b * q, k);
            new Program().copy(from, patches).run();
        }
        load.run();
        input = current;
    }

    @Override
    public INDArray cotangents() {
        return delta;
    }

    /** D = Σₖ rᵢₖΔᵢₖ, [b·q, m], of which J_Bᵀr is PᵀD. */
    @Override
    public void appendProjection(Program program, INDArray residual) {
        INDArray cube = delta.reshape(b, c, q * m);
        INDArray weighted = scratch.reshape(b, c, q * m);
        program.multiply(cube, residual.reshape(b, c, 1), weighted)
                .sum(weighted, 1, projected.reshape(b, q * m));
    }

    @Override
    public void weigh(ToDoubleFunction<ParameterSlot> inverse) {
        weightFactor = inverse.applyAsDouble(use.weight());
        biasFactor = use.bias() == null ? 0 : inverse.applyAsDouble(use.bias());
        Vectors.copy(patches, scaled);
        Vectors.scale(Math.sqrt(weightFactor), scaled);
    }

    @Override
    public void addProduct(INDArray result) {
        Program gradient = new Program().matmul(patches, true, projected, false, weightGradient);
        gradient.sum(projected, 0, biasGradient.reshape(m)).run();
        Vectors.scale(weightFactor, weightGradient);
        Vectors.scale(biasFactor, biasGradient);
        add.run();
        Vectors.axpy(1.0, share, result);
    }

    @Override
    public void appendGram(
            Program program, long first, long examples, long columns, INDArray target, INDArray room, boolean fresh) {
        INDArray part = room.get(NDArrayIndex.all(), NDArrayIndex.interval(0, columns));
        long step = rows.size(1) / m;
        boolean overwrite = fresh;
        for (long from = 0; from < k; from += step) {
            long count = Math.min(step, k - from);
            boolean all = count == k;
            if (!all || first == 0) {
                // all rows at once serve every panel, else what this panel meets is formed for it
                appendRows(program, from, count, all ? b : columns / c);
            }
            overwrite = appendProduct(program, rows(count), first, examples, columns, target, part, room, overwrite);
        }
        if (use.bias() != null) {
            if (first == 0) {
                program.action("bias rows", this::formBiasRows);
            }
            appendProduct(program, biasRows, first, examples, columns, target, part, room, overwrite);
        }
    }

    /** The rows of so many elements of a patch, dense. */
    private INDArray rows(long count) {
        return rows.reshape(rows.length()).get(NDArrayIndex.interval(0, b * c * count * m)).reshape(b * c, count * m);
    }

    private boolean appendProduct(
            Program program,
            INDArray all,
            long first,
            long examples,
            long columns,
            INDArray target,
            INDArray part,
            INDArray room,
            boolean overwrite) {
        INDArray left = all.get(NDArrayIndex.interval(first * c, (first + examples) * c), NDArrayIndex.all());
        INDArray right = all.get(NDArrayIndex.interval(0, columns), NDArrayIndex.all());
        program.matmul(left, false, right, true, part);
        if (overwrite) {
            program.copy(room, target);
        } else {
            program.add(target, room, target);
        }
        return false;
    }

    private void appendRows(Program program, long from, long count, long examples) {
        INDArray block = rows(count);
        for (long i = 0; i < examples; i++) {
            INDArray p = scaled.get(
                    NDArrayIndex.interval(i * q, (i + 1) * q), NDArrayIndex.interval(from, from + count));
            for (long output = 0; output < c; output++) {
                long row = i * c + output;
                program.matmul(p, true, cotangent(delta, row), false, slice(block, row, 0, count));
            }
        }
    }

    /** Δᵢₖ, [q, m]. */
    private INDArray cotangent(INDArray of, long row) {
        return of.get(NDArrayIndex.point(row), NDArrayIndex.all()).reshape('c', q, m);
    }

    /** {@code count}·m elements of a row, as a matrix. */
    private INDArray slice(INDArray matrix, long row, long from, long count) {
        return matrix.get(NDArrayIndex.point(row), NDArrayIndex.interval(from, from + count * m))
                .reshape('c', count, m);
    }

    private void formBiasRows() {
        biasSums(delta, biasRows);
        Vectors.scale(Math.sqrt(biasFactor), biasRows);
    }

    /** Sums over positions, for each row. */
    private void biasSums(INDArray of, INDArray sums) {
        new Program()
                .sum(of.reshape(sums.size(0), q, m), 1, sums)
                .run();
    }

    @Override
    public void writeColumns(long first, long examples, INDArray jacobian) {
        for (long i = 0; i < examples; i++) {
            for (long output = 0; output < c; output++) {
                write(first + i, cotangent(delta, (first + i) * c + output), jacobian, i * c + output);
            }
        }
    }

    @Override
    public void writeProjected(INDArray jacobian) {
        for (long i = 0; i < b; i++) {
            write(i, projected.get(NDArrayIndex.interval(i * q, (i + 1) * q), NDArrayIndex.all()), jacobian, i);
        }
    }

    private void write(long example, INDArray cotangent, INDArray jacobian, long row) {
        INDArray p = patches.get(NDArrayIndex.interval(example * q, (example + 1) * q), NDArrayIndex.all());
        Program once = new Program();
        once.matmul(p, true, cotangent, false, slice(jacobian, row, use.weight().offset(), k));
        if (use.bias() != null) {
            once.matmul(ones, false, cotangent, false, slice(jacobian, row, use.bias().offset(), 1));
        }
        once.run();
    }

    @Override
    public void close() {
        owned.forEach(INDArray::close);
    }
}
