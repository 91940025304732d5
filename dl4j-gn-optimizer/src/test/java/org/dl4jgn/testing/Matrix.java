package org.dl4jgn.testing;

import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Dense matrices by plain loops in float64: an oracle that shares no code with ND4J. */
public final class Matrix {

    private final double[][] elements;

    private Matrix(double[][] elements) {
        this.elements = elements;
    }

    public static Matrix of(double[][] elements) {
        return new Matrix(elements);
    }

    public static Matrix of(INDArray array) {
        return new Matrix(array.castTo(DataType.DOUBLE).toDoubleMatrix());
    }

    public static Matrix zeros(int rows, int columns) {
        return new Matrix(new double[rows][columns]);
    }

    public static Matrix diagonal(double... diagonal) {
        Matrix result = zeros(diagonal.length, diagonal.length);
        for (int i = 0; i < diagonal.length; i++) {
            result.elements[i][i] = diagonal[i];
        }
        return result;
    }

    /** The matrix of the linear map {@code product} on vectors of length n. */
    public static Matrix ofProducts(long n, UnaryOperator<INDArray> product) {
        double[][] columns = new double[(int) n][];
        INDArray unit = Nd4j.create(DataType.DOUBLE, n);
        for (int j = 0; j < n; j++) {
            unit.putScalar(j, 1.0);
            columns[j] =
                    product.apply(unit).castTo(DataType.DOUBLE).dup('c').data().asDouble();
            unit.putScalar(j, 0.0);
        }
        return new Matrix(columns).transposed();
    }

    public double[][] elements() {
        return elements;
    }

    public int rows() {
        return elements.length;
    }

    public int columns() {
        return elements[0].length;
    }

    public double get(int i, int j) {
        return elements[i][j];
    }

    public void set(int i, int j, double value) {
        elements[i][j] = value;
    }

    public Matrix transposed() {
        Matrix result = zeros(columns(), rows());
        for (int i = 0; i < rows(); i++) {
            for (int j = 0; j < columns(); j++) {
                result.elements[j][i] = elements[i][j];
            }
        }
        return result;
    }

    public Matrix times(Matrix other) {
        Matrix result = zeros(rows(), other.columns());
        for (int i = 0; i < rows(); i++) {
            for (int k = 0; k < columns(); k++) {
                for (int j = 0; j < other.columns(); j++) {
                    result.elements[i][j] += elements[i][k] * other.elements[k][j];
                }
            }
        }
        return result;
    }

    public double[] times(double[] x) {
        double[] result = new double[rows()];
        for (int i = 0; i < rows(); i++) {
            result[i] = dot(elements[i], x);
        }
        return result;
    }

    public Matrix times(double factor) {
        Matrix result = zeros(rows(), columns());
        for (int i = 0; i < rows(); i++) {
            for (int j = 0; j < columns(); j++) {
                result.elements[i][j] = factor * elements[i][j];
            }
        }
        return result;
    }

    public Matrix plus(Matrix other) {
        Matrix result = zeros(rows(), columns());
        for (int i = 0; i < rows(); i++) {
            for (int j = 0; j < columns(); j++) {
                result.elements[i][j] = elements[i][j] + other.elements[i][j];
            }
        }
        return result;
    }

    public Matrix plusIdentity(double factor) {
        Matrix result = times(1.0);
        for (int i = 0; i < rows(); i++) {
            result.elements[i][i] += factor;
        }
        return result;
    }

    public double trace() {
        double sum = 0;
        for (int i = 0; i < rows(); i++) {
            sum += elements[i][i];
        }
        return sum;
    }

    /** The solution of Ax = y for a symmetric positive definite A, by Cholesky. */
    public double[] solve(double[] y) {
        double[][] l = cholesky();
        int n = rows();
        double[] x = y.clone();
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++) {
                x[i] -= l[i][k] * x[k];
            }
            x[i] /= l[i][i];
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                x[i] -= l[k][i] * x[k];
            }
            x[i] /= l[i][i];
        }
        return x;
    }

    /** Whether the matrix, symmetric, has no eigenvalue below −tolerance · trace. */
    public boolean isPositiveSemidefinite(double tolerance) {
        try {
            plusIdentity(tolerance * trace()).cholesky();
            return true;
        } catch (ArithmeticException e) {
            return false;
        }
    }

    private double[][] cholesky() {
        int n = rows();
        double[][] l = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = elements[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= l[i][k] * l[j][k];
                }
                if (i == j && !(sum > 0)) {
                    throw new ArithmeticException("not positive definite: pivot " + i + " is " + sum);
                }
                l[i][j] = i == j ? Math.sqrt(sum) : sum / l[j][j];
            }
        }
        return l;
    }

    public INDArray toArray() {
        return Nd4j.createFromArray(elements);
    }

    public static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }
}
