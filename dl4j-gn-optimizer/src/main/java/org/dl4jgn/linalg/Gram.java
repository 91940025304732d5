package org.dl4jgn.linalg;

import java.util.Arrays;

/** G = VVᵀ of some vectors V, the rows of a matrix: known by what it makes of a number for each. */
public interface Gram {

    /** The vectors. */
    int size();

    /** Gy. */
    double[] times(double[] y);

    /**
     * The matrix itself.
     *
     * @param elements [n · n], symmetric
     */
    static Gram of(double[] elements) {
        int n = (int) Math.round(Math.sqrt(elements.length));
        if (elements.length != (long) n * n) {
            throw new IllegalArgumentException(elements.length + " elements make no square matrix");
        }
        return new Gram() {
            @Override
            public int size() {
                return n;
            }

            @Override
            public double[] times(double[] y) {
                double[] result = new double[n];
                for (int i = 0; i < n; i++) {
                    double yi = y[i];
                    int row = i * n;
                    for (int j = 0; j < n; j++) {
                        result[j] += yi * elements[row + j];
                    }
                }
                return result;
            }
        };
    }

    /**
     * The same vectors and one more, the last.
     *
     * @param products those of the others with it
     * @param square its own with itself
     */
    default Gram with(double[] products, double square) {
        Gram others = this;
        int n = others.size();
        return new Gram() {
            @Override
            public int size() {
                return n + 1;
            }

            @Override
            public double[] times(double[] y) {
                double last = y[n];
                double[] front = others.times(Arrays.copyOf(y, n));
                double[] result = Arrays.copyOf(front, n + 1);
                double sum = last * square;
                for (int i = 0; i < n; i++) {
                    result[i] += last * products[i];
                    sum += products[i] * y[i];
                }
                result[n] = sum;
                return result;
            }
        };
    }
}
