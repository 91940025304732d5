package org.dl4jgn.bench.curves;

import java.util.Arrays;
import org.dl4jgn.leastsquares.LeastSquaresResult;
import org.dl4jgn.leastsquares.LevenbergMarquardt;
import org.dl4jgn.leastsquares.Residuals;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresBuilder;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresOptimizer.Optimum;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LevenbergMarquardtOptimizer;
import org.hipparchus.util.Pair;

/** The two methods that are compared, on the same residuals with the same derivatives. */
enum CurveFitters {
    /** This library's. */
    LIBRARY("dl4j-gn") {
        @Override
        Fitted fit(Residuals residuals, double[] start) {
            long begin = System.nanoTime();
            LeastSquaresResult result = LevenbergMarquardt.defaults().minimize(residuals, start);
            double[] errors = Double.isFinite(result.condition()) ? result.standardErrors() : unknown(start.length);
            return new Fitted(
                    result.parameters(),
                    errors,
                    result.sumOfSquares(),
                    result.isConverged(),
                    result.ending().name(),
                    result.evaluations(),
                    System.nanoTime() - begin);
        }
    },
    /** Hipparchus' translation of MINPACK, as exact as it can be asked for. */
    HIPPARCHUS("Hipparchus") {
        @Override
        Fitted fit(Residuals residuals, double[] start) {
            long begin = System.nanoTime();
            LevenbergMarquardtOptimizer optimizer = new LevenbergMarquardtOptimizer()
                    .withCostRelativeTolerance(TOLERANCE)
                    .withParameterRelativeTolerance(TOLERANCE)
                    .withOrthoTolerance(TOLERANCE);
            try {
                Optimum found = optimizer.optimize(new LeastSquaresBuilder()
                        .start(start)
                        .target(new double[residuals.count()])
                        .model(point -> linearized(residuals, point))
                        .maxEvaluations(EVALUATIONS)
                        .maxIterations(EVALUATIONS)
                        .lazyEvaluation(false)
                        .build());
                double sum = found.getCost() * found.getCost();
                double s = Math.sqrt(sum / (residuals.count() - start.length));
                return new Fitted(
                        found.getPoint().toArray(),
                        errors(found, s, start.length),
                        sum,
                        true,
                        "returned",
                        found.getEvaluations(),
                        System.nanoTime() - begin);
            } catch (MathRuntimeException e) {
                double[] nothing = unknown(start.length);
                return new Fitted(
                        nothing,
                        nothing,
                        Double.NaN,
                        false,
                        String.valueOf(e.getMessage()),
                        0,
                        System.nanoTime() - begin);
            }
        }
    };

    private static final double TOLERANCE = 1e-15;
    private static final int EVALUATIONS = 10_000;

    private final String title;

    CurveFitters(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /**
     * What came of a fit.
     *
     * @param isConverged whether the method says so
     * @param ending what it says
     */
    record Fitted(
            double[] parameters,
            double[] errors,
            double sumOfSquares,
            boolean isConverged,
            String ending,
            int evaluations,
            long nanos) {}

    abstract Fitted fit(Residuals residuals, double[] start);

    private static double[] unknown(int n) {
        double[] nothing = new double[n];
        Arrays.fill(nothing, Double.NaN);
        return nothing;
    }

    private static double[] errors(Optimum found, double s, int n) {
        try {
            return found.getSigma(Double.MIN_NORMAL).mapMultiply(s).toArray();
        } catch (MathRuntimeException e) {
            return unknown(n);
        }
    }

    private static Pair<RealVector, RealMatrix> linearized(Residuals residuals, RealVector point) {
        int m = residuals.count();
        int n = residuals.parameters();
        double[] theta = point.toArray();
        double[] r = new double[m];
        double[] j = new double[m * n];
        residuals.values(theta, r);
        residuals.jacobian(theta, j, m);
        double[][] rows = new double[m][n];
        for (int column = 0; column < n; column++) {
            for (int i = 0; i < m; i++) {
                rows[i][column] = j[column * m + i];
            }
        }
        return new Pair<>(new ArrayRealVector(r, false), new Array2DRowRealMatrix(rows, false));
    }
}
