package org.dl4jgn.bench.rivals;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CurvaturePairsTest {

    private static final int D = 6;
    private static final double ROUNDING = 1e-12;

    private final Random random = new Random(5);

    private record Dense(RealVector s, RealVector y) {}

    /** H ← (I − ρsyᵀ) H (I − ρysᵀ) + ρssᵀ from γI, over the pairs that are remembered. */
    private static RealMatrix inverseHessian(List<Dense> pairs) {
        double gamma = pairs.stream()
                .mapToDouble(p -> p.s.dotProduct(p.y) / p.y.dotProduct(p.y))
                .average()
                .orElse(1);
        RealMatrix identity = MatrixUtils.createRealIdentityMatrix(D);
        RealMatrix h = identity.scalarMultiply(gamma);
        for (Dense pair : pairs) {
            double rho = 1 / pair.s.dotProduct(pair.y);
            RealMatrix left = identity.subtract(pair.s.outerProduct(pair.y).scalarMultiply(rho));
            h = left.multiply(h)
                    .multiply(left.transpose())
                    .add(pair.s.outerProduct(pair.s).scalarMultiply(rho));
        }
        return h;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 9})
    void twoLoopsAreTheDenseInverseOfTheRememberedPairs(int count) {
        int memory = 4;
        RealMatrix hessian = positiveDefinite();
        CurvaturePairs pairs = new CurvaturePairs(memory);
        List<Dense> dense = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RealVector s = vector();
            RealVector y = hessian.operate(s);
            pairs.add(array(s), array(y));
            dense.add(new Dense(s, y));
        }
        RealMatrix h = inverseHessian(dense.subList(Math.max(0, count - memory), count));
        RealVector g = vector();
        assertArrayEquals(h.operate(g).toArray(), pairs.times(array(g)).toDoubleVector(), ROUNDING * h.getNorm());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 0, Double.NaN, Double.POSITIVE_INFINITY})
    void pairsWithoutPositiveCurvatureAreNotTaken(double curvature) {
        CurvaturePairs pairs = new CurvaturePairs(3);
        RealVector s = vector();
        pairs.add(array(s), array(s.mapMultiply(curvature)));
        assertTrue(pairs.isEmpty());
        assertEquals(1, pairs.gamma());
    }

    private RealMatrix positiveDefinite() {
        RealMatrix a = new Array2DRowRealMatrix(D, D);
        for (int i = 0; i < D; i++) {
            a.setRowVector(i, vector());
        }
        return a.multiply(a.transpose()).add(MatrixUtils.createRealIdentityMatrix(D));
    }

    private RealVector vector() {
        return new ArrayRealVector(random.doubles(D, -1, 1).toArray());
    }

    private static INDArray array(RealVector v) {
        return Nd4j.createFromArray(v.toArray());
    }
}
