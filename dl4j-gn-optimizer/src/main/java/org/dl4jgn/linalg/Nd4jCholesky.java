package org.dl4jgn.linalg;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.blas.BlasException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.custom.TriangularSolve;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Cholesky through ND4J alone, for backends other than the CPU's.
 *
 * <p>Not {@code Nd4j.linalg().cholesky}, which checks its argument by determinants: 21 s for n = 512.
 */
final class Nd4jCholesky implements SpdSolver {

    private @Nullable INDArray lower;

    @Override
    public boolean factor(INDArray a) {
        INDArray factor = a.dup('f');
        try {
            Nd4j.getBlasWrapper().lapack().potrf(factor, true);
        } catch (BlasException e) {
            return false;
        } catch (Error e) {
            // how ND4J's backends report a pivot that is not positive
            if (String.valueOf(e.getMessage()).contains("not positive definite")) {
                return false;
            }
            throw e;
        }
        lower = factor;
        return true;
    }

    @Override
    public void solve(INDArray y) {
        if (lower == null) {
            throw new IllegalStateException("No matrix was factored");
        }
        INDArray column = y.reshape(y.length(), 1);
        INDArray half = Nd4j.exec(new TriangularSolve(lower, column, true, false))[0];
        column.assign(Nd4j.exec(new TriangularSolve(lower, half, true, true))[0]);
    }
}
