package org.dl4jgn.examples;

import java.io.IOException;
import java.util.Map;
import org.dl4jgn.leastsquares.LevenbergMarquardt;
import org.dl4jgn.samediff.InputDerivatives;
import org.dl4jgn.samediff.SameDiffFit;
import org.dl4jgn.samediff.SameDiffResiduals;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A physics-informed network: it satisfies −u″ = f on [−1, 1] with u = 0 at both ends, without ever seeing u.
 *
 * <p>u″ is exact, by forward mode twice; the residuals of the equation and of the ends are squared and summed, with a weight for
 * the ends. The solution is u = sin(πx).
 */
public final class PoissonEquation {

    private static final int POINTS = 60;
    private static final int HIDDEN = 12;

    private PoissonEquation() {}

    /** Solves, prints the error, and draws {@code target/poisson.png}. */
    public static void main(String[] args) throws IOException {
        Nd4j.getRandom().setSeed(1);
        SameDiff sd = SameDiff.create();
        SDVariable w = sd.var("w", Nd4j.randn(DataType.DOUBLE, 1, HIDDEN).muli(2));
        SDVariable b = sd.var("b", Nd4j.randn(DataType.DOUBLE, HIDDEN));
        SDVariable v = sd.var("v", Nd4j.randn(DataType.DOUBLE, HIDDEN, 1).divi(HIDDEN));
        SDVariable x = sd.placeHolder("x", DataType.DOUBLE, -1, 1);
        SDVariable ends = sd.placeHolder("ends", DataType.DOUBLE, -1, 1);
        SDVariable f = sd.placeHolder("f", DataType.DOUBLE, -1, 1);
        SDVariable u = network(x, w, b, v).rename("u");
        SDVariable equation = InputDerivatives.second(u, x, 0).add(f);
        SDVariable boundary = network(ends, w, b, v);

        INDArray points =
                Nd4j.linspace(DataType.DOUBLE, -1, 2.0 / (POINTS - 1), POINTS).reshape(POINTS, 1);
        INDArray force = Transforms.sin(points.mul(Math.PI)).muli(Math.PI * Math.PI);
        SameDiffFit fit;
        try (SameDiffResiduals residuals = SameDiffResiduals.of(sd)
                .given(x, points)
                .given(ends, Nd4j.createFromArray(new double[][] {{-1}, {1}}))
                .given(f, force)
                .vanish(equation, 1.0 / POINTS)
                .vanish(boundary, 10.0)
                .build()) {
            fit = residuals.fit(LevenbergMarquardt.builder().maxIterations(400).build());
        }
        System.out.println(fit.result());
        draw(sd);
    }

    /** tanh(xw + b)v. */
    private static SDVariable network(SDVariable x, SDVariable w, SDVariable b, SDVariable v) {
        return x.getSameDiff().math().tanh(x.mmul(w).add(b)).mmul(v);
    }

    private static void draw(SameDiff sd) throws IOException {
        INDArray at = Nd4j.linspace(DataType.DOUBLE, -1, 0.005, 401);
        INDArray found = sd.outputSingle(Map.of("x", at.reshape(401, 1)), "u").reshape(401);
        INDArray exact = Transforms.sin(at.mul(Math.PI));
        INDArray error = Transforms.abs(found.sub(exact)).addi(1e-16);
        System.out.printf(
                "relative L2 error: %.2e%n",
                found.sub(exact).norm2Number().doubleValue()
                        / exact.norm2Number().doubleValue());
        XYChart chart = new XYChartBuilder()
                .width(640)
                .height(400)
                .title("Error of the network's solution of -u'' = f")
                .xAxisTitle("x")
                .build();
        chart.getStyler().setYAxisLogarithmic(true);
        chart.addSeries("|u - sin(pi x)|", at.toDoubleVector(), error.toDoubleVector())
                .setMarker(SeriesMarkers.NONE);
        Pictures.save(chart, "poisson.png");
    }
}
