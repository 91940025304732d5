package org.dl4jgn.examples;

import java.util.Map;
import java.util.Random;
import org.dl4jgn.leastsquares.LevenbergMarquardt;
import org.dl4jgn.samediff.InputDerivatives;
import org.dl4jgn.samediff.SameDiffResiduals;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * −Δu = f on the unit cube of 2 or 5 dimensions with u given on its faces, by a network of one layer that never sees u inside.
 *
 * <p>In two dimensions u = sin(πx) sin(πy), in more u = Σ cos(πxᵢ). Random points inside, random points on the faces; the
 * parameters are the weights of a network, so that the damping is by the larger columns of the Jacobian ({@code leastScale}): with
 * a scale for each column saturated units run away and the search ends at a thousand times the error.
 *
 * <p>In two dimensions the equation is written by {@link InputDerivatives}, which any network has. In more Δu of one layer is
 * written down: a Jacobian of five second derivatives of each point takes more than ten times as long else.
 */
public final class PoissonCube {

    private static final int HIDDEN = 40;
    private static final int TESTED = 2000;

    private PoissonCube() {}

    /** Solves and prints the error; {@code -Dexample.args="5"} for five dimensions, two without. */
    public static void main(String[] args) {
        int dimensions = args.length > 0 ? Integer.parseInt(args[0]) : 2;
        long start = System.nanoTime();
        double error = solve(dimensions, dimensions == 2 ? 120 : 100);
        System.out.printf(
                "relative L2 error in %d dimensions: %.2e%nafter %.0f s%n",
                dimensions, error, (System.nanoTime() - start) * 1e-9);
    }

    /** The relative L2 error at random points after so many trials. */
    static double solve(int dimensions, int trials) {
        Nd4j.getRandom().setSeed(1);
        Random random = new Random(1);
        SameDiff sd = SameDiff.create();
        SDVariable w =
                sd.var("w", Nd4j.randn(DataType.DOUBLE, dimensions, HIDDEN).divi(Math.sqrt(dimensions)));
        SDVariable b = sd.var("b", Nd4j.randn(DataType.DOUBLE, HIDDEN));
        SDVariable v = sd.var("v", Nd4j.randn(DataType.DOUBLE, HIDDEN, 1).divi(HIDDEN));
        SDVariable x = sd.placeHolder("x", DataType.DOUBLE, -1, dimensions);
        SDVariable faces = sd.placeHolder("faces", DataType.DOUBLE, -1, dimensions);
        SDVariable f = sd.placeHolder("f", DataType.DOUBLE, -1, 1);
        SDVariable given = sd.placeHolder("given", DataType.DOUBLE, -1, 1);
        SDVariable u = network(x, w, b, v).rename("u");
        SDVariable equation = (dimensions == 2 ? InputDerivatives.laplacian(u, x) : laplacian(x, w, b, v)).add(f);
        SDVariable boundary = network(faces, w, b, v).sub(given);

        INDArray inside = points(random, dimensions == 2 ? 400 : 1000, dimensions);
        INDArray outside = onFaces(points(random, dimensions == 2 ? 120 : 400, dimensions));
        double eigenvalue = Math.PI * Math.PI * (dimensions == 2 ? 2 : 1);
        try (SameDiffResiduals residuals = SameDiffResiduals.of(sd)
                .given(x, inside)
                .given(f, solution(inside).muli(eigenvalue))
                .given(faces, outside)
                .given(given, solution(outside))
                .vanish(equation, 1.0 / inside.rows())
                .vanish(boundary, 100.0 / outside.rows())
                .build()) {
            residuals.fit(LevenbergMarquardt.builder()
                    .leastScale(0.3)
                    .maxIterations(trials)
                    .build());
        }
        INDArray tested = points(random, TESTED, dimensions);
        INDArray exact = solution(tested);
        return sd.outputSingle(Map.of("x", tested), "u").distance2(exact)
                / exact.norm2Number().doubleValue();
    }

    /** tanh(xw + b)v. */
    private static SDVariable network(SDVariable x, SDVariable w, SDVariable b, SDVariable v) {
        return x.getSameDiff().math().tanh(x.mmul(w).add(b)).mmul(v);
    }

    /** Σᵢ ∂²/∂xᵢ² of tanh(xw + b)v: the second derivative of each unit, times the square of its column of w. */
    private static SDVariable laplacian(SDVariable x, SDVariable w, SDVariable b, SDVariable v) {
        SameDiff sd = x.getSameDiff();
        SDVariable t = sd.math().tanh(x.mmul(w).add(b));
        SDVariable bent = t.mul(t.mul(t).sub(1)).mul(2);
        SDVariable squares = sd.math().square(w).sum(true, 0).reshape(HIDDEN, 1);
        return bent.mmul(v.mul(squares));
    }

    private static INDArray points(Random random, int count, int dimensions) {
        return Nd4j.createFromArray(random.doubles((long) count * dimensions).toArray())
                .reshape(count, dimensions);
    }

    /** The points moved to the faces, one face after the other. */
    private static INDArray onFaces(INDArray points) {
        for (int i = 0; i < points.rows(); i++) {
            points.putScalar(i, i % points.columns(), i / points.columns() % 2);
        }
        return points;
    }

    /** u, an eigenfunction of −Δ. */
    private static INDArray solution(INDArray points) {
        INDArray u = Nd4j.create(DataType.DOUBLE, points.rows(), 1);
        for (int i = 0; i < points.rows(); i++) {
            double product = 1;
            double sum = 0;
            for (int k = 0; k < points.columns(); k++) {
                product *= Math.sin(Math.PI * points.getDouble(i, k));
                sum += Math.cos(Math.PI * points.getDouble(i, k));
            }
            u.putScalar(i, 0, points.columns() == 2 ? product : sum);
        }
        return u;
    }
}
