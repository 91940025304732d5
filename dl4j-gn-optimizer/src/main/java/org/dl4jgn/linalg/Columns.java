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

    /** xᵀy of {@code count} numbers each; four sums, so that an addition need not wait for the one before. */
    static double dot(double[] x, int fromX, double[] y, int fromY, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 4 <= count; i += 4) {
            a += x[fromX + i] * y[fromY + i];
            b += x[fromX + i + 1] * y[fromY + i + 1];
            c += x[fromX + i + 2] * y[fromY + i + 2];
            d += x[fromX + i + 3] * y[fromY + i + 3];
        }
        for (; i < count; i++) {
            a += x[fromX + i] * y[fromY + i];
        }
        return a + b + (c + d);
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
