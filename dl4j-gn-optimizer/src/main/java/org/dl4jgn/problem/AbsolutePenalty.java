package org.dl4jgn.problem;

import java.util.Arrays;
import java.util.List;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.linalg.Vectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.api.ops.impl.transforms.same.Sign;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Σᵢ λᵢ|θᵢ| with λᵢ ≥ 0 constant within each of some spans of the parameters, as l1 regularization has it, and what a step has to
 * know of its kinks: the orthant face of a point, in which it is linear.
 *
 * <p>At a point θ with the gradient g of the rest of the loss, the gradient of least norm (the pseudo-gradient of Andrew and Gao
 * 2007) is gᵢ + λᵢ sign θᵢ where θᵢ ≠ 0, and sign(gᵢ) max(|gᵢ| − λᵢ, 0) where θᵢ = 0. Its face has the sign of θᵢ, or, where that
 * is zero, the one into which the loss falls; a parameter that is zero, and stays so because λᵢ is more than |gᵢ|, is not free.
 *
 * <p>Cost: some passes over the parameters, and nothing where all λᵢ = 0. Not safe for use by several threads at once.
 */
public final class AbsolutePenalty implements AutoCloseable {

    private final double[] coefficients;
    private final Buffers buffers = new Buffers();
    private final boolean isZero;
    private final OpExecutioner executioner = Nd4j.getExecutioner();
    private final INDArray lambda;
    private final INDArray smooth;
    private final INDArray face;
    private final INDArray free;
    private final INDArray nonzero;
    private final INDArray scratch;
    private final INDArray signs;
    private final INDArray gradient;
    private final INDArray trial;

    /**
     * A penalty.
     *
     * @param spans parts that tile the parameter vector, in order
     * @param coefficients λ on each, ≥ 0
     * @param type the type of the vectors
     */
    public AbsolutePenalty(List<Span> spans, double[] coefficients, DataType type) {
        for (double coefficient : coefficients) {
            if (!(coefficient >= 0 && Double.isFinite(coefficient))) {
                throw new IllegalArgumentException(
                        "A coefficient of l1 is " + coefficient + ", but must be a finite number ≥ 0");
            }
        }
        this.coefficients = coefficients.clone();
        isZero = Arrays.stream(coefficients).allMatch(c -> c == 0);
        long d = isZero ? 1 : spans.stream().mapToLong(Span::length).sum();
        lambda = buffers.allocate(type, d);
        smooth = buffers.allocate(type, d).assign(1.0);
        face = buffers.allocate(type, d);
        free = buffers.allocate(type, d);
        nonzero = buffers.allocate(type, d);
        scratch = buffers.allocate(type, d);
        signs = buffers.allocate(type, d);
        gradient = buffers.allocate(type, d);
        trial = buffers.allocate(type, d);
        for (int i = 0; i < coefficients.length && !isZero; i++) {
            spans.get(i).of(lambda).assign(coefficients[i]);
            spans.get(i).of(smooth).assign(coefficients[i] > 0 ? 0.0 : 1.0);
        }
    }

    /** Whether all λᵢ = 0. */
    public boolean isZero() {
        return isZero;
    }

    /** Whether λ is {@code others}, one for each span. */
    public boolean hasCoefficients(double[] others) {
        return Arrays.equals(coefficients, others);
    }

    /** Σᵢ λᵢ|θᵢ|. */
    public double value(INDArray theta) {
        if (isZero) {
            return 0;
        }
        theta.muli(lambda, scratch);
        return Vectors.norm1(scratch);
    }

    /**
     * Takes the face of a point.
     *
     * @param theta θ
     * @param ofRest g without this penalty
     * @return the pseudo-gradient with it, valid until the next call
     */
    INDArray take(INDArray theta, INDArray ofRest) {
        Vectors.copy(ofRest, gradient);
        executioner.exec(new Sign(theta, face));
        executioner.exec(new Abs(face, nonzero));
        executioner.exec(new Sign(gradient, signs));
        executioner.exec(new Abs(gradient, free));
        free.subi(lambda);
        executioner.exec(new Step(free, scratch, 0.0));
        // what is left of g where θ is zero
        free.muli(scratch).muli(signs);
        face.muli(lambda, scratch);
        gradient.addi(scratch).muli(nonzero);
        nonzero.subi(1.0).negi();
        free.muli(nonzero);
        gradient.addi(free);
        // into the orthant where the loss falls
        executioner.exec(new Sign(gradient, signs));
        signs.muli(nonzero);
        face.subi(signs);
        executioner.exec(new Abs(face, free));
        free.addi(smooth);
        executioner.exec(new Step(free, free, 0.0));
        return gradient;
    }

    /** A vector for whoever looks at another point. */
    INDArray trial() {
        return trial;
    }

    /** {@code v ← v} without the parameters that are zero and stay so, of the last {@link #take}. */
    void restrict(INDArray v) {
        v.muli(free);
    }

    /** {@code next ←} the nearest point of the face of the last {@link #take}: what would change its sign becomes zero. */
    void confine(INDArray next) {
        next.muli(face, scratch);
        executioner.exec(new Step(scratch, scratch, 0.0));
        scratch.addi(smooth);
        executioner.exec(new Step(scratch, scratch, 0.0));
        next.muli(scratch);
    }

    /** Makes zero in {@code to} what the penalty has made zero in {@code from}. */
    void copyZeros(INDArray from, INDArray to) {
        executioner.exec(new Abs(from, scratch));
        scratch.addi(smooth);
        executioner.exec(new Step(scratch, scratch, 0.0));
        to.muli(scratch);
    }

    @Override
    public void close() {
        buffers.close();
    }
}
