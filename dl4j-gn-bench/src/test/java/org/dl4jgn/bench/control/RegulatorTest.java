package org.dl4jgn.bench.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.bench.control.Regulator.Point;
import org.dl4jgn.bench.rivals.Sqn;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.curvature.Linearization;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

class RegulatorTest {

    private static final Egn UNDAMPED = Egn.builder()
            .damping(Damping.constant(1e-10))
            .lineSearch(LineSearch.none())
            .build();

    private final LinearSystem system = LinearSystem.springs(2);
    private final Regulator regulator = new Regulator(system, 50);

    /** ∂C/∂K by central differences of the mean cost; the states' second moment is made to be the stationary one. */
    @Test
    void theLossHasThePolicyGradient() {
        RealMatrix k = LinearSystemTest.random(2, 4, 1).scalarMultiply(0.1);
        int n = 4;
        RealMatrix states =
                new CholeskyDecomposition(covariance(k), 1e-12, 1e-12).getLT().scalarMultiply(Math.sqrt(n));
        MultiLayerNetwork net = regulator.network(new Sgd(1));
        net.getParam("0_W")
                .assign(Nd4j.createFromArray(k.transpose().scalarMultiply(-1).getData()));
        DataSet regression = regulator.regression(states, k);
        double norm = new SingularValueDecomposition(system.curvature(system.costToGo(k))).getNorm();

        RealMatrix expected = MatrixUtils.createRealMatrix(2, n);
        double h = 1e-5;
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < n; j++) {
                RealMatrix more = k.copy();
                more.addToEntry(i, j, h);
                RealMatrix less = k.copy();
                less.addToEntry(i, j, -h);
                expected.setEntry(i, j, (system.cost(more) - system.cost(less)) / (2 * h) / (2 * norm));
            }
        }
        try (Linearization at = GaussNewton.linearize(net)) {
            INDArray gradient =
                    at.at(regression.getFeatures(), regression.getLabels()).gradient();
            // DL4J's weights are −Kᵀ, flattened column by column, that is, row by row of K.
            RealMatrix found =
                    new Array2DRowRealMatrix(gradient.neg().reshape(2, n).toDoubleMatrix());
            assertEquals(0, found.subtract(expected).getFrobeniusNorm() / expected.getFrobeniusNorm(), 1e-8);
        }
    }

    /** Σ = Σ Aₖᵗ (Aₖᵗ)ᵀ, the covariance of the states under a policy with noise of covariance 1: costs of the transposed system. */
    private RealMatrix covariance(RealMatrix k) {
        RealMatrix closed = system.closedLoop(k);
        RealMatrix identity = MatrixUtils.createRealIdentityMatrix(4);
        LinearSystem transposed = new LinearSystem(closed.transpose(), identity, identity, identity);
        return transposed.costToGo(MatrixUtils.createRealMatrix(4, 4));
    }

    /** Policy iteration (Hewer 1971): K ← (R + BᵀP_KB)⁻¹ BᵀP_KA. */
    @Test
    void withOneControlAnUndampedStepIsPolicyIteration() {
        LinearSystem single = LinearSystem.springs(1);
        RealMatrix k = MatrixUtils.createRealMatrix(1, 2);
        for (int steps = 1; steps <= 4; steps++) {
            RealMatrix p = single.costToGo(k);
            k = new LUDecomposition(single.curvature(p))
                    .getSolver()
                    .solve(single.b().transpose().multiply(p).multiply(single.a()));
            RealMatrix found = new Regulator(single, 20)
                    .run(UNDAMPED, 1, Budget.steps(steps), point -> {})
                    .gain();
            assertEquals(0, found.subtract(k).getFrobeniusNorm() / k.getFrobeniusNorm(), 1e-7, "step " + steps);
        }
    }

    /** Without the momentum of the authors, which averages noise that is not here. */
    @Test
    void egnFindsTheOptimumToRounding() {
        Point last = last(regulator.run(Egn.paper().momentum(0).build(), 1, Budget.steps(50), point -> {}));
        assertTrue(last.gainDistance() < 1e-12, last.toString());
        assertEquals(0, last.costGap(), 1e-13);
    }

    /** Its conjugate gradients end at their tolerance. */
    @Test
    void sgnFindsTheOptimum() {
        Point last = last(regulator.run(Sgn.paper().build(), 1, Budget.steps(50), point -> {}));
        assertTrue(last.gainDistance() < 1e-5, last.toString());
    }

    @Test
    void firstOrderMethodsComeNearer() {
        for (Regulator.Result result : List.of(
                regulator.run(new Sgd(0.01), 1, Budget.steps(100), point -> {}),
                regulator.run(new Adam(0.01), 1, Budget.steps(100), point -> {}),
                regulator.run(new Sgd(1), net -> new Sqn(net, 1, 10, 0), 1, Budget.steps(100), point -> {}))) {
            double before = result.points().get(0).costGap();
            assertTrue(last(result).costGap() < 0.2 * before, last(result).toString());
        }
    }

    @Test
    void aRunEndsWithThePolicyThatIsNotStable() {
        Regulator.Result result = regulator.run(new Sgd(5), 1, Budget.steps(100), point -> {});
        assertTrue(result.points().size() < 100);
        assertEquals(Double.POSITIVE_INFINITY, last(result).costGap());
        assertFalse(system.isStableWith(result.gain()));
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        assertEquals(
                regulator.run(new Adam(0.01), 3, Budget.steps(20), point -> {}).gain(),
                regulator.run(new Adam(0.01), 3, Budget.steps(20), point -> {}).gain());
    }

    @Test
    void aSystemThatIsNotStableIsRefused() {
        RealMatrix two = MatrixUtils.createRealMatrix(new double[][] {{2}});
        LinearSystem unstable = new LinearSystem(two, two, two, two);
        assertThrows(IllegalArgumentException.class, () -> new Regulator(unstable, 10));
    }

    private static Point last(Regulator.Result result) {
        return result.points().get(result.points().size() - 1);
    }
}
