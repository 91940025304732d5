package org.dl4jgn.gram;

import java.util.Optional;
import java.util.function.LongToDoubleFunction;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Views;
import org.dl4jgn.problem.LayerFactors;
import org.dl4jgn.translate.AffineUse;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarAdd;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A dense layer z = xW + b: row i·c + k of its Jacobian is xᵢ ⊗ δᵢₖ for W and δᵢₖ for b, so that, with A = [xᵢ] and
 * Δ = [δᵢₖ],
 *
 * <pre>J_B P⁻¹ J_Bᵀ = (G ⊗ 1) ∘ ΔΔᵀ,    G = AAᵀ/p_W + 1/p_b,</pre>
 *
 * with the c × c matrix of ones, and p the damped diagonal of each array. That takes b²·nIn + (bc)²·nOut multiplications
 * in place of the (bc)²·nIn·nOut of the explicit product, and no memory beyond the result.
 */
final class AffineBlock implements JacobianBlock {

    private final AffineUse use;
    private final CompiledNetwork at;
    private final long b;
    private final long c;
    private final long q;
    private final long m;
    private final INDArray delta;
    private final INDArray gram;
    private final INDArray projected;
    private final INDArray smoothed;
    private final INDArray scratch;
    private final INDArray inputs;
    private final INDArray onesOfExamples;
    private final Buffers buffers = new Buffers();
    private final Program load = buffers.own(new Program());
    private final Program inner = buffers.own(new Program());
    private final Program add = buffers.own(new Program());
    private final Program shift = buffers.own(new Program());
    private final INDArray shiftBy;
    private final INDArray share;
    private INDArray input;

    /**
     * Makes a block.
     *
     * @param q rows kept of each example's c when they are mixed by Sᵀ
     * @param unit where the unit cotangents of z will be, [b·c, nOut]
     * @param type the type to compute in
     * @param scratch room for b·c·nOut elements, shared between blocks
     */
    AffineBlock(AffineUse use, CompiledNetwork at, long q, INDArray unit, DataType type, INDArray scratch) {
        this.use = use;
        this.at = at;
        b = at.batchSize();
        c = at.outputs();
        this.q = q;
        m = use.outputLength();
        input = at.array(use.input().name());
        delta = buffers.allocate(type, b * c, m);
        gram = buffers.allocate(type, b, b);
        projected = buffers.allocate(type, b, m);
        smoothed = buffers.allocate(type, b, m);
        share = buffers.allocate(type, b * q, 1);
        this.scratch = Views.part(scratch, 0, b * c, m);
        inputs = buffers.allocate(type, input.shape());
        onesOfExamples = buffers.allocate(type, 1, b).assign(1.0);

        load.convert(unit, delta).convert(input, inputs);
        inner.matmul(inputs, false, inputs, true, gram);
        shiftBy = buffers.allocate(type);
        shift.legacy(shiftOf(gram, shiftBy));

        INDArray products = Views.part(scratch, 0, b * q, m);
        INDArray columnOfOnes = buffers.allocate(type, m, 1).assign(1.0);
        add.matmul(gram, false, projected, false, smoothed)
                .multiply(
                        Views.reshape(Views.rows(delta, 0, b * q), b, q, m),
                        Views.reshape(smoothed, b, 1, m),
                        Views.reshape(products, b, q, m))
                .matmul(products, false, columnOfOnes, false, share);
    }

    /** gram ← gram + shift, whatever number is in {@code shift} then. */
    private static ScalarAdd shiftOf(INDArray gram, INDArray shift) {
        ScalarAdd op = new ScalarAdd(gram, null, gram, 0.0);
        op.scalar().close();
        op.setScalar(shift);
        return op;
    }

    /** Bytes of a block, with elements of {@code width} bytes; an upper bound. */
    public static long bytes(AffineUse use, long b, long c, int width) {
        long nIn = use.weight().shape()[0];
        long nOut = use.outputLength();
        return width * (b * c * (nOut + 1) + b * b + 2 * b * nOut + b * (nIn + 1) + nOut + 1);
    }

    @Override
    public void load() {
        INDArray current = at.array(use.input().name());
        if (current != input) {
            load.rebind(input, current);
            input = current;
        }
        load.run();
    }

    @Override
    public INDArray cotangents() {
        return delta;
    }

    /** The block's J_Bᵀr is Σᵢ xᵢ ⊗ δᵢ with δᵢ = Σₖ rᵢₖδᵢₖ; the δᵢ are all that needs to be remembered. */
    @Override
    public void appendProjection(Program program, INDArray residual) {
        appendWeightedSums(program, c, residual, projected);
    }

    /** {@code sums ← [Σₖ yᵢₖδᵢₖ]}, [b, m], over the first {@code n} rows of δ of each example. */
    private void appendWeightedSums(Program program, long n, INDArray y, INDArray sums) {
        INDArray rows = Views.rows(delta, 0, b * n);
        if (n == 1) {
            program.multiply(rows, Views.reshape(y, b, 1), sums);
            return;
        }
        INDArray weighted = Views.reshape(Views.rows(scratch, 0, b * n), b, n, m);
        program.multiply(Views.reshape(rows, b, n, m), Views.reshape(y, b, n, 1), weighted)
                .sum(weighted, 1, sums);
    }

    @Override
    public void weigh(LongToDoubleFunction inverse) {
        inner.run();
        Vectors.scale(inverse.applyAsDouble(use.weight().offset()), gram);
        if (use.bias() != null) {
            shiftBy.putScalar(0, inverse.applyAsDouble(use.bias().offset()));
            shift.run();
        }
    }

    /** (J_B P⁻¹ Σⱼ xⱼ ⊗ δⱼ)ᵢₖ = δᵢₖᵀ Σⱼ Gᵢⱼ δⱼ. */
    @Override
    public INDArray product() {
        add.run();
        return share;
    }

    /**
     * The factor G ⊗ 1 is written out before it is multiplied with: ND4J multiplies equal shapes four to eight times as
     * fast as it repeats one factor along the way (160 × 1280, float: 24 against 205 µs, with 31 for writing it out).
     */
    @Override
    public void appendGram(Program program, long first, long examples, INDArray rows, INDArray room, boolean fresh) {
        long columns = rows.size(1);
        long length = examples * q * columns;
        INDArray left = Views.rows(delta, first * q, examples * q);
        INDArray right = Views.rows(delta, 0, columns);
        INDArray product = fresh ? rows : Views.part(room, 0, examples * q, columns);
        INDArray factor =
                gram.get(NDArrayIndex.interval(first, first + examples), NDArrayIndex.interval(0, columns / q));
        program.matmul(left, false, right, true, product);
        if (q > 1) {
            INDArray repeated = Views.part(room, length, examples, q, columns);
            INDArray row = Views.part(room, 2 * length, examples, columns / q, q);
            program.copy(Views.reshape(factor, examples, columns / q, 1), row)
                    .copy(Views.reshape(row, examples, 1, columns), repeated);
            factor = Views.reshape(repeated, examples * q, columns);
        }
        program.multiply(product, factor, product);
        if (!fresh) {
            program.add(rows, product, rows);
        }
    }

    @Override
    public void addGram(KeptGram gram) {
        gram.gather(delta, scratch);
        gram.addProducts(scratch, m, this.gram, q);
    }

    @Override
    public void appendColumns(Program program, long first, long examples, INDArray jacobian) {
        INDArray rows = Views.rows(delta, first * c, examples * c);
        appendOuterProducts(program, Views.rows(inputs, first, examples), rows, c, jacobian);
    }

    @Override
    public void appendProjected(Program program, INDArray jacobian) {
        appendOuterProducts(program, inputs, projected, 1, jacobian);
    }

    @Override
    public boolean hasTransposed() {
        return true;
    }

    /** Σᵢ xᵢ ⊗ Σₖ yᵢₖδᵢₖ. */
    @Override
    public void appendTransposed(Program program, INDArray y, INDArray v) {
        appendWeightedSums(program, q, y, smoothed);
        program.matmul(inputs, true, smoothed, false, Views.part(v, use.weight().offset(), inputs.size(1), m), 1, 1);
        if (use.bias() != null) {
            program.matmul(
                    onesOfExamples,
                    false,
                    smoothed,
                    false,
                    Views.part(v, use.bias().offset(), 1, m),
                    1,
                    1);
        }
    }

    @Override
    public Optional<LayerFactors> factors() {
        Span weights = new Span(use.weight().offset(), use.weight().length());
        Span biases = use.bias() == null
                ? null
                : new Span(use.bias().offset(), use.bias().length());
        return Optional.of(new LayerFactors(weights, biases, inputs, Views.rows(delta, 0, b * q)));
    }

    /** Writes x ⊗ δ for n examples with q rows of δ each into the block's columns of a matrix [nq, d]. */
    private void appendOuterProducts(Program program, INDArray x, INDArray rows, long q, INDArray jacobian) {
        long n = x.size(0);
        long nIn = x.size(1);
        long d = jacobian.size(1);
        long[] shape = {n, q, nIn, m};
        INDArray weights = Nd4j.create(
                jacobian.data(),
                shape,
                new long[] {q * d, d, m, 1},
                use.weight().offset(),
                'c');
        program.multiply(Views.reshape(x, n, 1, nIn, 1), Views.reshape(rows, n, q, 1, m), weights);
        if (use.bias() != null) {
            long from = use.bias().offset();
            program.copy(rows, jacobian.get(NDArrayIndex.all(), NDArrayIndex.interval(from, from + m)));
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
