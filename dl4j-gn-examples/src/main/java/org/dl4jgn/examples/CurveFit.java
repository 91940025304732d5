package org.dl4jgn.examples;

import java.io.IOException;
import java.util.Map;
import org.dl4jgn.leastsquares.LevenbergMarquardt;
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

/** A curve through measurements: data, formula, start, and what came of it with standard errors, in five lines; then a plot. */
public final class CurveFit {

    /** Oxygen demand of bacteria over days, from Box, Hunter and Hunter, "Statistics for Experimenters", 1978. */
    private static final INDArray DAYS = Nd4j.createFromArray(1.0, 2, 3, 5, 7, 10);

    private static final INDArray DEMAND = Nd4j.createFromArray(109.0, 149, 149, 191, 213, 224);

    private CurveFit() {}

    /** Fits y = a (1 − exp(−k x)), prints the parameters and draws {@code target/curve-fit.png}. */
    public static void main(String[] args) throws IOException {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", DataType.DOUBLE, -1);
        SDVariable f = sd.var("a", Nd4j.scalar(100.0))
                .mul(sd.math().exp(sd.var("k", Nd4j.scalar(0.75)).mul(x).neg()).rsub(1.0))
                .rename("f");
        SameDiffFit fit;
        try (SameDiffResiduals residuals =
                SameDiffResiduals.of(sd).given(x, DAYS).match(f, DEMAND).build()) {
            fit = residuals.fit(LevenbergMarquardt.defaults());
        }
        System.out.println(fit);
        System.out.printf(
                "standard deviation of an observation: %.4g with %d degrees of freedom%n",
                fit.result().residualStandardDeviation(), fit.result().degreesOfFreedom());
        draw(sd);
    }

    private static void draw(SameDiff sd) throws IOException {
        INDArray days = Nd4j.linspace(DataType.DOUBLE, 0, 0.1, 111);
        INDArray curve = sd.outputSingle(Map.of("x", days), "f");
        XYChart chart = new XYChartBuilder()
                .width(640)
                .height(400)
                .title("y = a (1 - exp(-k x))")
                .xAxisTitle("days")
                .yAxisTitle("oxygen demand, mg/l")
                .build();
        chart.addSeries("fit", days.toDoubleVector(), curve.toDoubleVector()).setMarker(SeriesMarkers.NONE);
        chart.addSeries("measured", DAYS.toDoubleVector(), DEMAND.toDoubleVector())
                .setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        Pictures.save(chart, "curve-fit.png");
    }
}
