package org.dl4jgn.examples;

import java.awt.Color;
import java.io.IOException;
import java.util.Map;
import org.dl4jgn.leastsquares.LevenbergMarquardt;
import org.dl4jgn.samediff.InputDerivatives;
import org.dl4jgn.samediff.SameDiffFit;
import org.dl4jgn.samediff.SameDiffResiduals;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How a rod cools: ∂u/∂t = 0.2 ∂²u/∂x² on [0, 1] × [0, 1], with u = sin(πx) at the start and 0 at both ends; one
 * network of x and t is the solution everywhere.
 *
 * <p>It is compared with u = sin(πx) exp(−0.2π²t), which the network never sees but at the start.
 */
public final class HeatEquation {

    private static final double DIFFUSIVITY = 0.2;
    private static final int HIDDEN = 24;
    private static final int GRID = 14;

    private HeatEquation() {}

    /** Solves, prints the error, and draws {@code target/heat.png}. */
    public static void main(String[] args) throws IOException {
        SameDiff sd = SameDiff.create();
        System.out.printf("relative L2 error: %.2e%n", solve(sd, 150));
        draw(sd);
    }

    /** Makes the graph of the solution u, and returns its relative L2 error after so many trials. */
    static double solve(SameDiff sd, int trials) {
        Nd4j.getRandom().setSeed(1);
        SDVariable w = sd.var("w", Nd4j.randn(DataType.DOUBLE, 2, HIDDEN));
        SDVariable b = sd.var("b", Nd4j.randn(DataType.DOUBLE, HIDDEN));
        SDVariable v = sd.var("v", Nd4j.randn(DataType.DOUBLE, HIDDEN, 1).divi(HIDDEN));
        SDVariable x = sd.placeHolder("x", DataType.DOUBLE, -1, 2);
        SDVariable edge = sd.placeHolder("edge", DataType.DOUBLE, -1, 2);
        SDVariable given = sd.placeHolder("given", DataType.DOUBLE, -1, 1);
        SDVariable u = network(x, w, b, v).rename("u");
        SDVariable equation = InputDerivatives.first(u, x, 1)
                .sub(InputDerivatives.second(u, x, 0).mul(DIFFUSIVITY));
        SDVariable boundary = network(edge, w, b, v).sub(given);

        INDArray inside = grid(0.5 / GRID);
        INDArray edges = edges();
        try (SameDiffResiduals residuals = SameDiffResiduals.of(sd)
                .given(x, inside)
                .given(edge, edges)
                .given(given, solution(edges))
                .vanish(equation, 1.0 / inside.rows())
                .vanish(boundary, 100.0 / edges.rows())
                .build()) {
            SameDiffFit fit = residuals.fit(LevenbergMarquardt.builder()
                    .leastScale(0.3)
                    .maxIterations(trials)
                    .build());
            System.out.println(fit.result());
        }
        INDArray everywhere = grid(0.3 / GRID);
        INDArray exact = solution(everywhere);
        return sd.outputSingle(Map.of("x", everywhere), "u").distance2(exact)
                / exact.norm2Number().doubleValue();
    }

    /** tanh(xw + b)v. */
    private static SDVariable network(SDVariable x, SDVariable w, SDVariable b, SDVariable v) {
        return x.getSameDiff().math().tanh(x.mmul(w).add(b)).mmul(v);
    }

    /** Points (x, t), evenly, the first one so far from the corner. */
    private static INDArray grid(double first) {
        double[][] points = new double[GRID * GRID][];
        for (int i = 0; i < points.length; i++) {
            points[i] = new double[] {first + (double) (i % GRID) / GRID, first + (double) (i / GRID) / GRID};
        }
        return Nd4j.createFromArray(points);
    }

    /** The start, and both ends of the rod. */
    private static INDArray edges() {
        int side = 2 * GRID;
        double[][] points = new double[3 * (side + 1)][];
        for (int i = 0; i <= side; i++) {
            double at = (double) i / side;
            points[i] = new double[] {at, 0};
            points[side + 1 + i] = new double[] {0, at};
            points[2 * side + 2 + i] = new double[] {1, at};
        }
        return Nd4j.createFromArray(points);
    }

    private static INDArray solution(INDArray points) {
        INDArray u = Nd4j.create(DataType.DOUBLE, points.rows(), 1);
        for (int i = 0; i < points.rows(); i++) {
            u.putScalar(i, 0, solution(points.getDouble(i, 0), points.getDouble(i, 1)));
        }
        return u;
    }

    private static double solution(double x, double t) {
        return Math.sin(Math.PI * x) * Math.exp(-DIFFUSIVITY * Math.PI * Math.PI * t);
    }

    private static void draw(SameDiff sd) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(640)
                .height(400)
                .title("A rod that cools: lines by the network, dots exact")
                .xAxisTitle("x")
                .yAxisTitle("temperature")
                .build();
        double[] dots = Nd4j.linspace(DataType.DOUBLE, 0, 0.05, 21).toDoubleVector();
        double[] fine = Nd4j.linspace(DataType.DOUBLE, 0, 0.005, 201).toDoubleVector();
        for (double time : new double[] {0, 0.1, 0.3, 1}) {
            INDArray at = Nd4j.create(DataType.DOUBLE, fine.length, 2);
            double[] exact = new double[dots.length];
            for (int i = 0; i < fine.length; i++) {
                at.putScalar(i, 0, fine[i]);
                at.putScalar(i, 1, time);
            }
            for (int i = 0; i < dots.length; i++) {
                exact[i] = solution(dots[i], time);
            }
            double[] found =
                    sd.outputSingle(Map.of("x", at), "u").reshape(fine.length).toDoubleVector();
            chart.addSeries("t = " + time, fine, found).setMarker(SeriesMarkers.NONE);
            chart.addSeries("exact at " + time, dots, exact)
                    .setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter)
                    .setMarker(SeriesMarkers.CIRCLE)
                    .setMarkerColor(Color.DARK_GRAY)
                    .setShowInLegend(false);
        }
        Pictures.save(chart, "heat.png");
    }
}
