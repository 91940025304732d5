package org.dl4jgn.examples.sine;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The result of a comparison as a picture: test loss against seconds, and against epochs. */
public final class ComparisonChart {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 540;

    /** Distinct to colour-blind eyes as well (Okabe and Ito). */
    static final List<Color> COLOURS = List.of(new Color(0x0072B2), new Color(0x009E73), new Color(0xD55E00));

    private ComparisonChart() {}

    /**
     * Writes the chart as PNG.
     *
     * @throws IOException if the file cannot be written
     */
    public static void write(List<Run> runs, Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        XYChart bySeconds = chart("Test loss by time of training", "seconds", runs, Curve.Point::seconds);
        XYChart byEpochs = chart("Test loss by epoch", "epochs", runs, Curve.Point::epoch);
        try (var out = Files.newOutputStream(file)) {
            BitmapEncoder.saveBitmap(List.of(bySeconds, byEpochs), 1, 2, out, BitmapEncoder.BitmapFormat.PNG);
        }
    }

    private static XYChart chart(String title, String unit, List<Run> runs, ToDoubleFunction<Curve.Point> x) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(unit)
                .yAxisTitle("mean squared error")
                .build();
        style(chart);
        for (int i = 0; i < runs.size(); i++) {
            draw(chart, runs.get(i), x, COLOURS.get(i % COLOURS.size()));
        }
        noiseFloor(chart, runs, x);
        return chart;
    }

    private static void style(XYChart chart) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 16);
        chart.getStyler()
                .setXAxisLogarithmic(true)
                .setYAxisLogarithmic(true)
                .setYAxisTickLabelsFormattingFunction(
                        y -> BigDecimal.valueOf(y).stripTrailingZeros().toPlainString())
                .setAxisTickLabelsFont(font)
                .setAxisTitleFont(font)
                .setPlotGridLinesColor(new Color(0xDDDDDD))
                .setChartTitleFont(font.deriveFont(Font.BOLD, 18f))
                .setLegendFont(font)
                .setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(Styler.LegendLayout.Horizontal)
                .setLegendBorderColor(Color.WHITE)
                .setChartBackgroundColor(Color.WHITE);
    }

    private static void draw(XYChart chart, Run run, ToDoubleFunction<Curve.Point> x, Color colour) {
        List<Curve.Point> points = run.curve().points().stream()
                .filter(p -> p.testLoss() > 0 && Double.isFinite(p.testLoss()))
                .toList();
        if (points.isEmpty()) {
            return; // it diverged within the first epoch; the table says so
        }
        XYSeries series = chart.addSeries(
                run.contender().name(),
                points.stream().mapToDouble(x).toArray(),
                points.stream().mapToDouble(Curve.Point::testLoss).toArray());
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(colour);
        series.setLineStyle(new BasicStroke(2.5f));
    }

    private static void noiseFloor(XYChart chart, List<Run> runs, ToDoubleFunction<Curve.Point> x) {
        double from = runs.stream()
                .mapToDouble(run -> x.applyAsDouble(run.curve().points().get(0)))
                .min()
                .orElseThrow();
        double to = runs.stream()
                .mapToDouble(run -> x.applyAsDouble(run.curve().last()))
                .max()
                .orElseThrow();
        double floor = SineData.NOISE * SineData.NOISE;
        XYSeries line = chart.addSeries("variance of the noise", new double[] {from, to}, new double[] {floor, floor});
        line.setMarker(SeriesMarkers.NONE);
        line.setLineColor(Color.GRAY);
        line.setLineStyle(
                new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, new float[] {6f}, 0f));
    }
}
