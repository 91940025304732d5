package org.dl4jgn.samediff;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Residuals √w (f − y) of one output.
 *
 * @param output name of f in the graph
 * @param observed y, row by row; null for zeros
 * @param roots √w, row by row; null for ones
 * @param shape the shape that f must have; null for any
 */
record Observation(String output, double @Nullable [] observed, double @Nullable [] roots, long @Nullable [] shape) {

    static Observation of(String output, INDArray observed, @Nullable INDArray weights) {
        double[] y = numbers(observed);
        for (double value : y) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("The observations of '" + output + "' hold " + value
                        + "; they must be finite. A weight of 0 leaves one out");
            }
        }
        return new Observation(output, y, weights == null ? null : roots(output, observed, weights), observed.shape());
    }

    /** f itself, with one weight. */
    static Observation zero(String output, double weight) {
        require(output, weight);
        return new Observation(output, null, new double[] {Math.sqrt(weight)}, null);
    }

    private static double[] roots(String output, INDArray observed, INDArray weights) {
        if (!weights.equalShapes(observed)) {
            throw new IllegalArgumentException("Weights of '" + output + "' have shape "
                    + Arrays.toString(weights.shape()) + ", its observations " + Arrays.toString(observed.shape())
                    + "; there must be one for each");
        }
        double[] roots = numbers(weights);
        for (int i = 0; i < roots.length; i++) {
            require(output, roots[i]);
            roots[i] = Math.sqrt(roots[i]);
        }
        return roots;
    }

    private static void require(String output, double weight) {
        if (!(weight >= 0 && Double.isFinite(weight))) {
            throw new IllegalArgumentException(
                    "A weight of '" + output + "' is " + weight + ", but must be a finite number ≥ 0");
        }
    }

    private static double[] numbers(INDArray array) {
        return array.castTo(org.nd4j.linalg.api.buffer.DataType.DOUBLE)
                .dup('c')
                .reshape(array.length())
                .toDoubleVector();
    }

    /** √w of element i. */
    private double root(int i) {
        return roots == null ? 1 : roots.length == 1 ? roots[0] : roots[i];
    }

    /** Turns f in {@code values} into residuals, at {@code from} of {@code r}. */
    void residuals(double[] values, double[] r, int from) {
        for (int i = 0; i < values.length; i++) {
            r[from + i] = root(i) * (observed == null ? values[i] : values[i] - observed[i]);
        }
    }

    /** Turns a derivative of f into one of the residuals. */
    void derivative(double[] values, double[] target, int from) {
        for (int i = 0; i < values.length; i++) {
            target[from + i] = root(i) * values[i];
        }
    }

    /** Σ w y². */
    double squaredMagnitude() {
        double sum = 0;
        if (observed != null) {
            for (int i = 0; i < observed.length; i++) {
                sum += root(i) * root(i) * observed[i] * observed[i];
            }
        }
        return sum;
    }
}
