package org.dl4jgn.bench.rivals;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.dl4jgn.leastsquares.Residuals;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresBuilder;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LevenbergMarquardtOptimizer;
import org.hipparchus.optim.nonlinear.vector.leastsquares.ValueAndJacobianFunction;
import org.hipparchus.util.Pair;
import org.jspecify.annotations.Nullable;

/**
 * Hipparchus' Levenberg-Marquardt, evaluation by evaluation, which it does not offer itself: it runs in a thread of its own that
 * waits after each evaluation until the next is asked for. One of the two threads works at a time. The Jacobian is evaluated
 * where it is needed only.
 */
final class HipparchusSearch implements FullBatchLeastSquares.Search {

    /** As exact as it can be asked for. */
    private static final double TOLERANCE = 1e-15;

    private final Residuals residuals;
    private final Thread worker;
    private final Semaphore wanted = new Semaphore(0);
    private final Semaphore evaluated = new Semaphore(0);

    // handed over by the semaphores
    private double[] best;
    private double sum = Double.POSITIVE_INFINITY;
    private long evaluations;
    private @Nullable String ended;
    private @Nullable RuntimeException failure;

    HipparchusSearch(Residuals residuals, double[] start) {
        this.residuals = residuals;
        best = start.clone();
        worker = new Thread(() -> run(start.clone()), "hipparchus-lm");
        worker.setDaemon(true);
        worker.start();
    }

    @Override
    public void next() {
        if (ended != null) {
            return;
        }
        wanted.release();
        evaluated.acquireUninterruptibly();
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public double[] parameters() {
        return best.clone();
    }

    @Override
    public double sumOfSquares() {
        return sum;
    }

    @Override
    public long evaluations() {
        return evaluations;
    }

    @Override
    public Optional<String> ended() {
        return Optional.ofNullable(ended);
    }

    private void run(double[] start) {
        try {
            wanted.acquire();
            new LevenbergMarquardtOptimizer()
                    .withCostRelativeTolerance(TOLERANCE)
                    .withParameterRelativeTolerance(TOLERANCE)
                    .withOrthoTolerance(TOLERANCE)
                    .optimize(new LeastSquaresBuilder()
                            .start(start)
                            .target(new double[residuals.count()])
                            .model(new Model())
                            .maxEvaluations(Integer.MAX_VALUE)
                            .maxIterations(Integer.MAX_VALUE)
                            .lazyEvaluation(true)
                            .build());
            ended = "its tolerances are reached";
        } catch (MathRuntimeException e) {
            ended = String.valueOf(e.getMessage());
        } catch (InterruptedException | Abandoned e) {
            ended = "it was given up";
        } catch (RuntimeException e) {
            failure = e;
        }
        evaluated.release();
    }

    /** Ends the thread. */
    @Override
    public void close() {
        worker.interrupt();
        try {
            worker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Leads out of the optimizer, where nobody wants the next evaluation. */
    private static final class Abandoned extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    /** Hands over after each evaluation. */
    private final class Model implements ValueAndJacobianFunction {

        @Override
        public RealVector computeValue(double[] theta) {
            double[] r = new double[residuals.count()];
            residuals.values(theta, r);
            ArrayRealVector values = new ArrayRealVector(r, false);
            double found = values.dotProduct(values);
            if (found < sum) {
                sum = found;
                best = theta.clone();
            }
            evaluations++;
            evaluated.release();
            try {
                wanted.acquire();
            } catch (InterruptedException e) {
                throw new Abandoned();
            }
            return values;
        }

        @Override
        public RealMatrix computeJacobian(double[] theta) {
            int m = residuals.count();
            int n = residuals.parameters();
            double[] j = new double[m * n];
            residuals.jacobian(theta, j, m);
            double[][] rows = new double[m][n];
            for (int column = 0; column < n; column++) {
                for (int i = 0; i < m; i++) {
                    rows[i][column] = j[column * m + i];
                }
            }
            return new Array2DRowRealMatrix(rows, false);
        }

        @Override
        public Pair<RealVector, RealMatrix> value(RealVector point) {
            double[] theta = point.toArray();
            return new Pair<>(computeValue(theta), computeJacobian(theta));
        }
    }
}
