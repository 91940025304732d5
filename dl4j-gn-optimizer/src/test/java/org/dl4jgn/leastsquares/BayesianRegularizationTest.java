package org.dl4jgn.leastsquares;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.dl4jgn.linalg.Columns;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;

/** Evidence updates on linear residuals with orthogonal columns, where γ has a formula. */
class BayesianRegularizationTest {

    private static final int M = 400;
    private static final int N = 8;

    /** r = Aθ − y with AᵀA = diag(s²): the columns are unit vectors in blocks of rows, scaled. */
    private record Diagonal(double[] s, double[] y) implements Residuals {

        @Override
        public int count() {
            return M;
        }

        @Override
        public int parameters() {
            return N;
        }

        private double element(int i, int j) {
            return i % N == j ? s[j] / Math.sqrt(M / (double) N) : 0;
        }

        @Override
        public void values(double[] theta, double[] r) {
            for (int i = 0; i < M; i++) {
                r[i] = element(i, i % N) * theta[i % N] - y[i];
            }
        }

        @Override
        public void jacobian(double[] theta, double[] j, int rows) {
            for (int column = 0; column < N; column++) {
                for (int i = 0; i < M; i++) {
                    j[column * rows + i] = element(i, column);
                }
            }
        }

        @Override
        public double magnitude() {
            return Columns.norm(y);
        }
    }

    private static Diagonal noisy(double[] s, double noise) {
        Random random = new Random(3);
        double[] theta = random.doubles(N, -2, 2).toArray();
        double[] y = new double[M];
        Diagonal model = new Diagonal(s, y);
        for (int i = 0; i < M; i++) {
            y[i] = model.element(i, i % N) * theta[i % N] + noise * random.nextGaussian();
        }
        return model;
    }

    private static BayesianRegularization.Result fit(Residuals residuals) {
        return new BayesianRegularization(LevenbergMarquardt.defaults()).minimize(residuals, new double[N]);
    }

    /** γ = Σ βs²/(βs² + α), α = γ/‖θ‖², β = (m − γ)/‖r‖², all at once. */
    @Test
    void fixedPointIsThatOfTheFormulas() {
        double[] s = {20, 20, 10, 10, 5, 1, 0.1, 0.01};
        BayesianRegularization.Result result = fit(noisy(s, 0.1));
        assertEquals(Ending.STEP, result.ending());
        double gamma = 0;
        double weights = 0;
        for (int i = 0; i < N; i++) {
            double information = result.beta() * s[i] * s[i];
            gamma += information / (information + result.alpha());
            weights += result.parameters()[i] * result.parameters()[i];
        }
        assertEquals(gamma, result.effectiveParameters(), Tolerances.FINITE_DIFFERENCE * N);
        assertEquals(result.effectiveParameters() / weights, result.alpha(), 1e-3 * result.alpha());
        assertEquals((M - gamma) / result.sumOfSquares(), result.beta(), 1e-3 * result.beta());
    }

    /** The noise is found, and parameters that hardly act are not counted. */
    @Test
    void noiseAndEffectiveParametersAreFound() {
        double[] s = {50, 50, 50, 50, 1e-6, 1e-6, 1e-6, 1e-6};
        BayesianRegularization.Result result = fit(noisy(s, 0.1));
        assertEquals(0.1, 1 / Math.sqrt(result.beta()), 0.01);
        assertEquals(4, result.effectiveParameters(), 0.05);
        for (int i = 4; i < N; i++) {
            assertTrue(Math.abs(result.parameters()[i]) < 1e-3);
        }
    }
}
