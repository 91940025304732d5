package org.dl4jgn.leastsquares;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.dl4jgn.linalg.Columns;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;

/** The search on residuals of a few lines, whose minima are known. */
class LevenbergMarquardtTest {

    /** r = (10(y − x²), 1 − x), with its minimum at (1, 1). */
    private static class Rosenbrock implements Residuals {

        int jacobians;
        int values;

        @Override
        public int count() {
            return 2;
        }

        @Override
        public int parameters() {
            return 2;
        }

        @Override
        public void values(double[] t, double[] r) {
            values++;
            r[0] = 10 * (t[1] - t[0] * t[0]);
            r[1] = 1 - t[0];
        }

        @Override
        public void jacobian(double[] t, double[] j, int rows) {
            jacobians++;
            j[0] = -20 * t[0];
            j[1] = -1;
            j[rows] = 10;
            j[rows + 1] = 0;
        }

        @Override
        public boolean hasCurvature() {
            return true;
        }

        @Override
        public void curvature(double[] t, double[] v, double[] second) {
            second[0] = -20 * v[0] * v[0];
            second[1] = 0;
        }
    }

    /** A straight line through points, r = a + bx − y, with as many columns repeated as asked for. */
    private record Line(double[] x, double[] y, boolean isRepeated) implements Residuals {

        @Override
        public int count() {
            return x.length;
        }

        @Override
        public int parameters() {
            return isRepeated ? 3 : 2;
        }

        @Override
        public void values(double[] t, double[] r) {
            for (int i = 0; i < x.length; i++) {
                r[i] = t[0] + (t[1] + (isRepeated ? t[2] : 0)) * x[i] - y[i];
            }
        }

        @Override
        public void jacobian(double[] t, double[] j, int rows) {
            for (int i = 0; i < x.length; i++) {
                j[i] = 1;
                j[rows + i] = x[i];
                if (isRepeated) {
                    j[2 * rows + i] = x[i];
                }
            }
        }

        @Override
        public double magnitude() {
            return Columns.norm(y);
        }
    }

    private static Line line(boolean isRepeated) {
        return new Line(new double[] {0, 1, 2, 3}, new double[] {1, 2.5, 2.5, 5}, isRepeated);
    }

    /** The residuals know where their starts are from, unless somebody says otherwise. */
    @Test
    void firstDampingIsTheResidualsOrWhatIsSet() {
        Rosenbrock drawn = new Rosenbrock() {
            @Override
            public double initialDamping() {
                return 0.25;
            }
        };
        List<Double> used = new ArrayList<>();
        LevenbergMarquardt.Builder once =
                LevenbergMarquardt.builder().maxIterations(1).monitor(p -> used.add(p.damping()));
        once.build().minimize(new Rosenbrock(), -1.2, 1);
        once.build().minimize(drawn, -1.2, 1);
        once.build().minimize(new RidgeResiduals(drawn, 0.0), -1.2, 1);
        once.initialDamping(0.5).build().minimize(drawn, -1.2, 1);
        assertEquals(List.of(1e-3, 0.25, 0.25, 0.5), used);
    }

    @Test
    void findsTheMinimumOfACurvedValley() {
        LeastSquaresResult result = LevenbergMarquardt.defaults().minimize(new Rosenbrock(), -1.2, 1);
        assertTrue(result.isConverged(), result::toString);
        assertArrayEquals(new double[] {1, 1}, result.parameters(), Tolerances.ROUNDING);
    }

    @Test
    void rejectedTrialFormsNothingOfTheJacobianAgain() {
        Rosenbrock residuals = new Rosenbrock();
        int[] accepted = {0};
        int[] rejected = {0};
        LevenbergMarquardt.builder()
                .geodesicAcceleration(false)
                .monitor(progress -> {
                    (progress.isAccepted() ? accepted : rejected)[0]++;
                    return true;
                })
                .build()
                .minimize(residuals, -1.2, 1);
        assertTrue(rejected[0] > 0, "no trial was rejected: the test tests nothing");
        // one at the start and one after each accepted trial
        assertEquals(accepted[0] + 1, residuals.jacobians);
        assertEquals(accepted[0] + rejected[0] + 1, residuals.values);
    }

    @Test
    void geodesicAccelerationTakesFewerIterations() {
        LevenbergMarquardt.Builder settings = LevenbergMarquardt.builder();
        int plain = settings.geodesicAcceleration(false)
                .build()
                .minimize(new Rosenbrock(), 8, -3)
                .iterations();
        int accelerated = settings.geodesicAcceleration(true)
                .build()
                .minimize(new Rosenbrock(), 8, -3)
                .iterations();
        assertTrue(accelerated < plain, accelerated + " against " + plain);
    }

    /** The regression line and its errors by the textbook: x̄ = 1.5, Sxx = 5. */
    @Test
    void errorsOfALineAreThoseOfTheTextbook() {
        LeastSquaresResult result = LevenbergMarquardt.defaults().minimize(line(false), 0, 0);
        assertTrue(result.isConverged(), result::toString);
        assertArrayEquals(new double[] {0.95, 1.2}, result.parameters(), Tolerances.ROUNDING);
        double s = Math.sqrt((0.05 * 0.05 + 0.35 * 0.35 + 0.85 * 0.85 + 0.45 * 0.45) / 2);
        assertEquals(2, result.degreesOfFreedom());
        assertEquals(s, result.residualStandardDeviation(), Tolerances.ROUNDING);
        double slope = s / Math.sqrt(5);
        double intercept = s * Math.sqrt(1.0 / 4 + 1.5 * 1.5 / 5);
        assertArrayEquals(new double[] {intercept, slope}, result.standardErrors(), Tolerances.ROUNDING);
        assertEquals(-1.5 * slope * slope, result.covariance()[0][1], Tolerances.ROUNDING);
        // of the line itself at x̄: s/√m
        assertEquals(s / 2, result.standardError(1, 1.5), Tolerances.ROUNDING);
        assertArrayEquals(
                new double[] {s / 2, intercept},
                result.predictionErrors(new double[][] {{1, 1.5}, {1, 0}}),
                Tolerances.ROUNDING);
    }

    @Test
    void parameterThatDataDoNotDetermineIsNotCalledConverged() {
        LeastSquaresResult result = LevenbergMarquardt.defaults().minimize(line(true), 0, 0, 0);
        assertEquals(Ending.SINGULAR, result.ending());
        assertFalse(result.isConverged());
        assertThrows(IllegalStateException.class, result::covariance);
    }

    @Test
    void iterationLimitIsNotCalledConverged() {
        LeastSquaresResult result =
                LevenbergMarquardt.builder().maxIterations(2).build().minimize(new Rosenbrock(), -1.2, 1);
        assertEquals(Ending.ITERATIONS, result.ending());
        assertEquals(2, result.iterations());
    }

    @Test
    void monitorEndsTheSearch() {
        LevenbergMarquardt method =
                LevenbergMarquardt.builder().monitor(p -> p.iteration() < 3).build();
        LeastSquaresResult result = method.minimize(new Rosenbrock(), -1.2, 1);
        assertEquals(Ending.STOPPED, result.ending());
        assertEquals(3, result.iterations());
    }

    @Test
    void wrongJacobianIsNotCalledConverged() {
        Residuals wrong = new Rosenbrock() {
            @Override
            public void jacobian(double[] t, double[] j, int rows) {
                super.jacobian(t, j, rows);
                j[0] = -j[0];
                j[1] = -j[1];
                j[rows] = -j[rows];
            }
        };
        LeastSquaresResult result =
                LevenbergMarquardt.builder().geodesicAcceleration(false).build().minimize(wrong, -1.2, 1);
        assertEquals(Ending.STALLED, result.ending());
    }

    @Test
    void startWhereNothingIsFiniteIsRefused() {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class,
                () -> LevenbergMarquardt.defaults().minimize(new Rosenbrock(), Double.NaN, 1));
        assertTrue(refusal.getMessage().contains("not finite at the start"), refusal.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> LevenbergMarquardt.defaults().minimize(new Rosenbrock(), 1));
    }

    /** J = (0 1 0 0; 0 0 0 1): a unit that is dead must not end the search for the others. */
    @Test
    void columnsOfZerosDoNotEndTheSearch() {
        Residuals residuals = new Residuals() {
            @Override
            public int count() {
                return 2;
            }

            @Override
            public int parameters() {
                return 4;
            }

            @Override
            public void values(double[] t, double[] r) {
                r[0] = t[1] - 4;
                r[1] = t[3] - 6;
            }

            @Override
            public void jacobian(double[] t, double[] j, int rows) {
                j[rows] = 1;
                j[3 * rows + 1] = 1;
            }
        };
        LeastSquaresResult result = LevenbergMarquardt.defaults().minimize(residuals, 1, 3, 2, 5);
        assertArrayEquals(new double[] {1, 4, 2, 6}, result.parameters(), Tolerances.ROUNDING);
    }

    /** r = (x − 1, 1e-6 (y − 1)) from 0: scaled by columns both go half of the way, by the larger one y hardly moves. */
    @Test
    void leastScaleHoldsBackWhatHasHardlyAnyEffect() {
        Residuals residuals = new Residuals() {
            @Override
            public int count() {
                return 2;
            }

            @Override
            public int parameters() {
                return 2;
            }

            @Override
            public void values(double[] t, double[] r) {
                r[0] = t[0] - 1;
                r[1] = 1e-6 * (t[1] - 1);
            }

            @Override
            public void jacobian(double[] t, double[] j, int rows) {
                j[0] = 1;
                j[rows + 1] = 1e-6;
            }
        };
        LevenbergMarquardt.Builder one =
                LevenbergMarquardt.builder().maxIterations(1).initialDamping(1);
        // −g/(‖J‖² + λD²) with D = (1, 1e-6), then (1, 0.3)
        assertArrayEquals(
                new double[] {0.5, 0.5}, one.build().minimize(residuals, 0, 0).parameters(), Tolerances.ROUNDING);
        assertArrayEquals(
                new double[] {0.5, 1e-12 / (1e-12 + 0.09)},
                one.leastScale(0.3).build().minimize(residuals, 0, 0).parameters(),
                Tolerances.ROUNDING);
        assertThrows(
                IllegalArgumentException.class,
                () -> LevenbergMarquardt.builder().leastScale(2).build());
    }
}
