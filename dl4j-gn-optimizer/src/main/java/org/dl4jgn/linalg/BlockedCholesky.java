package org.dl4jgn.linalg;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Cholesky in float64 without LAPACK and its triangular kernels, for processors for which {@link OpenBlas#solvesTriangles}
 * is false: blocks of rows here, and symmetric products, which take nearly all of the time, by OpenBLAS. Float32, in which those
 * kernels are right, is LAPACK's.
 */
final class BlockedCholesky implements SpdSolver {

    private static final int BLOCK = 32;

    private final OpenBlasCholesky floats = new OpenBlasCholesky();
    private @Nullable INDArray factor;

    @Override
    public boolean factor(INDArray a) {
        if (a.dataType() != DataType.DOUBLE) {
            factor = null;
            return floats.factor(a);
        }
        floats.close();
        int n = Math.toIntExact(a.size(0));
        factor = a;
        double[] block = new double[BLOCK * BLOCK];
        double[] panel = new double[BLOCK * n];
        for (int from = 0; from < n; from += BLOCK) {
            int width = Math.min(BLOCK, n - from);
            if (!factorBlock(a, n, from, width, block)) {
                return false;
            }
            int below = n - from - width;
            if (below > 0) {
                solvePanel(a, n, from, width, block, panel);
                openblas.cblas_dsyrk(
                        openblas.CblasRowMajor,
                        openblas.CblasLower,
                        openblas.CblasNoTrans,
                        below,
                        width,
                        -1.0,
                        at(a, n, from + width, from),
                        n,
                        1.0,
                        at(a, n, from + width, from + width),
                        n);
            }
        }
        return true;
    }

    /** The lower triangle of the block on the diagonal, [width, width] row by row, becomes its factor. */
    private static boolean factorBlock(INDArray a, int n, int from, int width, double[] block) {
        for (int i = 0; i < width; i++) {
            at(a, n, from + i, from).get(block, i * width, i + 1);
        }
        for (int i = 0; i < width; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = block[i * width + j];
                for (int k = 0; k < j; k++) {
                    sum -= block[i * width + k] * block[j * width + k];
                }
                if (i > j) {
                    block[i * width + j] = sum / block[j * width + j];
                } else if (sum > 0) {
                    block[i * width + i] = Math.sqrt(sum);
                } else {
                    // not a number either
                    return false;
                }
            }
            at(a, n, from + i, from).put(block, i * width, i + 1);
        }
        return true;
    }

    /** The rows below the block times the inverse of the transposed block; in {@code panel} column by column, for loops over rows. */
    private static void solvePanel(INDArray a, int n, int from, int width, double[] block, double[] panel) {
        int first = from + width;
        int rows = n - first;
        double[] row = new double[width];
        for (int i = 0; i < rows; i++) {
            at(a, n, first + i, from).get(row, 0, width);
            for (int j = 0; j < width; j++) {
                panel[j * rows + i] = row[j];
            }
        }
        for (int j = 0; j < width; j++) {
            int column = j * rows;
            for (int k = 0; k < j; k++) {
                double l = block[j * width + k];
                int known = k * rows;
                for (int i = 0; i < rows; i++) {
                    panel[column + i] -= l * panel[known + i];
                }
            }
            double pivot = block[j * width + j];
            for (int i = 0; i < rows; i++) {
                panel[column + i] /= pivot;
            }
        }
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < width; j++) {
                row[j] = panel[j * rows + i];
            }
            at(a, n, first + i, from).put(row, 0, width);
        }
    }

    private static DoublePointer at(INDArray a, int n, int row, int column) {
        return new DoublePointer(a.data().addressPointer()).position((long) row * n + column);
    }

    @Override
    public void solve(INDArray y) {
        if (factor == null) {
            floats.solve(y);
            return;
        }
        int n = Math.toIntExact(factor.size(0));
        for (int transposed : new int[] {openblas.CblasNoTrans, openblas.CblasTrans}) {
            openblas.cblas_dtrsv(
                    openblas.CblasRowMajor,
                    openblas.CblasLower,
                    transposed,
                    openblas.CblasNonUnit,
                    n,
                    at(factor, n, 0, 0),
                    n,
                    new DoublePointer(y.data().addressPointer()),
                    1);
        }
    }

    /** The factor takes the place of A. */
    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public void close() {
        factor = null;
        floats.close();
    }
}
