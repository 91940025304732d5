package org.dl4jgn.linalg;

/** Vectors and triangles in Java's arrays, matrices column by column. */
public final class Columns {

    private Columns() {}

    /** The Euclidean norm of {@code count} numbers from {@code from} on, without overflow. */
    public static double norm(double[] x, int from, int count) {
        double largest = 0;
        for (int i = from; i < from + count; i++) {
            largest = Math.max(largest, Math.abs(x[i]));
        }
        if (largest == 0 || !Double.isFinite(largest)) {
            return largest;
        }
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            double share = x[i] / largest;
            sum += share * share;
        }
        return largest * Math.sqrt(sum);
    }

    /** The same of a whole vector. */
    public static double norm(double[] x) {
        return norm(x, 0, x.length);
    }

    /**
     * {@code y ← R⁻¹y} for the first n numbers of y.
     *
     * @param r a matrix of {@code rows} rows, in whose first n rows and columns R is the upper triangle
     * @return false if R has a zero on its diagonal; {@code y} is of no use then
     */
    static boolean solveUpper(double[] r, int rows, int n, double[] y) {
        for (int j = n - 1; j >= 0; j--) {
            double pivot = r[j * rows + j];
            if (pivot == 0) {
                return false;
            }
            y[j] /= pivot;
            for (int i = 0; i < j; i++) {
                y[i] -= y[j] * r[j * rows + i];
            }
        }
        return true;
    }
}
