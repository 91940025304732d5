package org.dl4jgn.gram;

import java.util.List;
import java.util.function.LongToDoubleFunction;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Views;
import org.dl4jgn.translate.PeepholeUse;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The peepholes of an LSTM: rows of 3n elements, [Σₜ c₋ₜ ∘ δᶠₜ, Σₜ cₜ ∘ δᵒₜ, Σₜ c₋ₜ ∘ δᵍₜ], which are so short that all are formed:
 * 3·b·c·T·n multiplications, and (bc)²·3n/2 for their products.
 *
 * <p>They are linear in the cotangents, so that they are mixed themselves where other blocks have their cotangents mixed.
 */
final class PeepholeBlock implements JacobianBlock {

    /** Gates that have a peephole. */
    private static final int GATES = 3;

    private final PeepholeUse use;
    private final CompiledNetwork at;
    private final long b;
    private final long c;
    private final long n;
    private final long q;
    private final INDArray rows;
    private final INDArray weighed;
    private final INDArray projected;
    private final INDArray gradient;
    private final INDArray share;
    private final INDArray scratch;
    private final Buffers buffers = new Buffers();
    private final Program load = buffers.own(new Program());
    private final Program weigh = buffers.own(new Program());
    private final Program sumGradient = buffers.own(new Program());
    private final Program multiply = buffers.own(new Program());
    private double factor = 1;

    /**
     * Makes a block.
     *
     * @param q rows kept of each example's c when they are mixed by Sᵀ
     * @param unit where the unit cotangents of the pre-activations will be, [b·c·T, 4n]
     * @param type the type to compute in
     * @param scratch room for b·c·T·4n elements, shared between blocks
     */
    PeepholeBlock(PeepholeUse use, CompiledNetwork at, long q, INDArray unit, DataType type, INDArray scratch) {
        this.use = use;
        this.at = at;
        this.q = q;
        b = at.batchSize();
        c = at.outputs();
        n = use.units();
        rows = buffers.allocate(type, b * c, GATES * n);
        weighed = buffers.allocate(type, b * q, GATES * n);
        projected = buffers.allocate(type, b, GATES * n);
        gradient = buffers.allocate(type, GATES * n, 1);
        share = buffers.allocate(type, b * q, 1);
        this.scratch = Views.part(scratch, 0, b, c, GATES * n);
        appendRows(unit, type, scratch);
        INDArray kept = Views.rows(rows, 0, b * q);
        weigh.copy(kept, weighed);
        sumGradient.sum(projected, 0, Views.reshape(gradient, GATES * n));
        multiply.matmul(kept, false, gradient, false, share);
    }

    private void appendRows(INDArray unit, DataType type, INDArray scratch) {
        long steps = use.steps();
        INDArray cotangents = Views.part(scratch, 0, b * c * steps, PeepholeUse.BLOCKS * n);
        load.convert(unit, cotangents);
        INDArray blocks = Views.reshape(cotangents, b, c, steps, PeepholeUse.BLOCKS, n);
        INDArray products = buffers.allocate(type, b, c, steps, n);
        INDArray before = state(use.before().name(), type);
        INDArray[] states = {before, state(use.cells().name(), type), before};
        INDArray[] sums = new INDArray[GATES];
        for (int gate = 0; gate < GATES; gate++) {
            INDArray of = blocks.get(
                    NDArrayIndex.all(),
                    NDArrayIndex.all(),
                    NDArrayIndex.all(),
                    NDArrayIndex.point(gate + 1),
                    NDArrayIndex.all());
            sums[gate] = buffers.allocate(type, b * c, n);
            load.multiply(of, states[gate], products).sum(products, 2, Views.reshape(sums[gate], b, c, n));
        }
        load.concat(List.of(sums), rows);
    }

    /** A value of the forward pass, [b·T, n], where it is taken in, as [b, 1, T, n]. */
    private INDArray state(String name, DataType type) {
        INDArray value = at.array(name);
        INDArray taken = buffers.allocate(type, value.shape());
        load.convert(value, taken);
        return Views.reshape(taken, b, 1, use.steps(), n);
    }

    /** Bytes of a block, with elements of {@code width} bytes; an upper bound. */
    static long bytes(PeepholeUse use, long b, long c, int width) {
        long n = use.units();
        return width
                * (b * c * (3 * GATES * n + use.steps() * n + 1) + b * GATES * n + 2 * b * use.steps() * n + GATES * n);
    }

    @Override
    public void load() {
        load.run();
    }

    /** The rows themselves, which are linear in the cotangents. */
    @Override
    public INDArray cotangents() {
        return rows;
    }

    @Override
    public void appendProjection(Program program, INDArray residual) {
        program.multiply(Views.reshape(rows, b, c, GATES * n), Views.reshape(residual, b, c, 1), scratch)
                .sum(scratch, 1, projected);
    }

    @Override
    public void weigh(LongToDoubleFunction inverse) {
        factor = inverse.applyAsDouble(use.offset());
        weigh.run();
        Vectors.scale(Math.sqrt(factor), weighed);
    }

    @Override
    public INDArray product() {
        sumGradient.run();
        Vectors.scale(factor, gradient);
        multiply.run();
        return share;
    }

    @Override
    public void appendGram(Program program, long first, long examples, INDArray target, INDArray room, boolean fresh) {
        long columns = target.size(1);
        INDArray product = fresh ? target : Views.part(room, 0, examples * q, columns);
        program.matmul(
                Views.rows(weighed, first * q, examples * q), false, Views.rows(weighed, 0, columns), true, product);
        if (!fresh) {
            program.add(target, product, target);
        }
    }

    @Override
    public void addGram(KeptGram gram) {
        gram.gather(weighed, scratch);
        gram.addProducts(scratch, weighed.size(1));
    }

    @Override
    public void appendColumns(Program program, long first, long examples, INDArray jacobian) {
        append(program, Views.rows(rows, first * c, examples * c), jacobian);
    }

    @Override
    public void appendProjected(Program program, INDArray jacobian) {
        append(program, projected, jacobian);
    }

    /** The gates of a unit lie side by side in the parameters. */
    private void append(Program program, INDArray from, INDArray jacobian) {
        long count = from.size(0);
        INDArray columns = Nd4j.create(
                jacobian.data(),
                new long[] {count, n, GATES},
                new long[] {jacobian.size(1), GATES, 1},
                use.offset(),
                'c');
        program.copy(Views.reshape(from, count, GATES, n).permute(0, 2, 1), columns);
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
