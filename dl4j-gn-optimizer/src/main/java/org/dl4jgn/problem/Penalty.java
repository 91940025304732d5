package org.dl4jgn.problem;

import java.util.Arrays;
import java.util.List;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.linalg.Vectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * ½θᵀDθ with a diagonal D ⪰ 0 that is constant within each of some spans of the parameters, as l2 regularization has it.
 *
 * <p>Like DL4J's score, it is added to the mean loss, so D is in units of the mean loss. Values and products cost a pass over
 * the parameters, and nothing where D = 0. Not safe for use by several threads at once.
 */
public final class Penalty implements AutoCloseable {

    private final List<Span> spans;
    private final double[] coefficients;
    private final Buffers buffers = new Buffers();
    private final boolean isZero;
    private final INDArray diagonal;
    private final INDArray product;

    /**
     * A penalty.
     *
     * @param spans parts that tile the parameter vector, in order
     * @param coefficients D on each, ≥ 0
     * @param type the type of the vectors
     */
    public Penalty(List<Span> spans, double[] coefficients, DataType type) {
        if (spans.size() != coefficients.length) {
            throw new IllegalArgumentException(
                    coefficients.length + " coefficients for " + spans.size() + " spans; one for each is needed");
        }
        for (double coefficient : coefficients) {
            if (!(coefficient >= 0 && Double.isFinite(coefficient))) {
                throw new IllegalArgumentException(
                        "A coefficient of l2 is " + coefficient + ", but must be a finite number ≥ 0");
            }
        }
        this.spans = List.copyOf(spans);
        this.coefficients = coefficients.clone();
        isZero = Arrays.stream(coefficients).allMatch(c -> c == 0);
        long d = isZero ? 1 : spans.stream().mapToLong(Span::length).sum();
        diagonal = buffers.allocate(type, d);
        product = buffers.allocate(type, d);
        for (int i = 0; i < coefficients.length && !isZero; i++) {
            spans.get(i).of(diagonal).assign(coefficients[i]);
        }
    }

    /** Whether D = 0. */
    public boolean isZero() {
        return isZero;
    }

    /** Whether D is that of {@code others}, one coefficient for each span. */
    public boolean hasCoefficients(double[] others) {
        return Arrays.equals(coefficients, others);
    }

    /** Whether D is constant on a part of the parameters. */
    public boolean isConstantOn(Span part) {
        double first = coefficientAt(part.from());
        long end = part.from() + part.length();
        for (int i = 0; i < coefficients.length; i++) {
            Span span = spans.get(i);
            boolean overlaps = span.from() < end && part.from() < span.from() + span.length();
            if (overlaps && coefficients[i] != first) {
                return false;
            }
        }
        return true;
    }

    /** D at the parameter {@code index}. */
    public double coefficientAt(long index) {
        for (int i = 0; i < coefficients.length; i++) {
            Span span = spans.get(i);
            if (index >= span.from() && index < span.from() + span.length()) {
                return coefficients[i];
            }
        }
        throw new IllegalArgumentException("Parameter " + index + " is in none of the spans " + spans);
    }

    /** The different values that D has, in the order in which they come first. */
    public double[] levels() {
        return Arrays.stream(coefficients).distinct().toArray();
    }

    /** {@code v ← v}, with zeros where D has another value than {@code level}. */
    public void restrict(double level, INDArray v) {
        for (int i = 0; i < coefficients.length; i++) {
            if (coefficients[i] != level) {
                spans.get(i).of(v).assign(0.0);
            }
        }
    }

    /** ½θᵀDθ. */
    public double value(INDArray theta) {
        if (isZero) {
            return 0;
        }
        theta.muli(diagonal, product);
        return 0.5 * Vectors.dot(theta, product);
    }

    /** {@code result ← result + Dv}. */
    public void addProduct(INDArray v, INDArray result) {
        if (!isZero) {
            v.muli(diagonal, product);
            Vectors.axpy(1.0, product, result);
        }
    }

    /** {@code v ← (D + λI)⁻¹ v}. */
    public void divideByDamped(INDArray v, double lambda) {
        if (isZero) {
            Vectors.scale(1 / lambda, v);
            return;
        }
        for (int i = 0; i < coefficients.length; i++) {
            Vectors.scale(1 / (coefficients[i] + lambda), spans.get(i).of(v));
        }
    }

    @Override
    public void close() {
        buffers.close();
    }
}
