package org.dl4jgn.bench.speed;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
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

/** Two sweeps of {@link EgnScaling} as a picture: time and memory, EGN's and the explicit Jacobian's. */
final class EgnScalingChart {

    private static final Color EGN = new Color(0x0072B2);
    private static final Color EXPLICIT = new Color(0xD55E00);

    private EgnScalingChart() {}

    static void write(List<EgnScaling.Point> byRows, List<EgnScaling.Point> byParameters, Path file)
            throws IOException {
        ToDoubleFunction<EgnScaling.Point> rows = EgnScaling.Point::rows;
        ToDoubleFunction<EgnScaling.Point> parameters = EgnScaling.Point::parameters;
        List<XYChart> charts = List.of(
                time("Time, 784-100-8", "b·c", byRows, rows),
                time("Time, b·c = 512", "d", byParameters, parameters),
                memory("Memory (computed), 784-100-8", "b·c", byRows, rows),
                memory("Memory (computed), b·c = 512", "d", byParameters, parameters));
        try (var out = Files.newOutputStream(file)) {
            BitmapEncoder.saveBitmap(charts, 2, 2, out, BitmapEncoder.BitmapFormat.PNG);
        }
    }

    private static XYChart time(
            String title, String x, List<EgnScaling.Point> points, ToDoubleFunction<EgnScaling.Point> at) {
        XYChart chart = chart(title, x, "milliseconds");
        add(chart, "EGN, the whole step", points, at, EgnScaling.Point::stepMillis, EGN);
        add(chart, "explicit JJᵀ: computed, not run", points, at, EgnScaling.Point::explicitMillis, EXPLICIT);
        return chart;
    }

    private static XYChart memory(
            String title, String x, List<EgnScaling.Point> points, ToDoubleFunction<EgnScaling.Point> at) {
        XYChart chart = chart(title, x, "MB");
        add(chart, "EGN, the linear system", points, at, p -> p.systemBytes() / 1e6, EGN);
        add(chart, "explicit Jacobian, computed: 4·b·c·d bytes", points, at, p -> p.explicitBytes() / 1e6, EXPLICIT);
        return chart;
    }

    private static XYChart chart(String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(560)
                .height(420)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        chart.getStyler()
                .setXAxisLogarithmic(true)
                .setYAxisLogarithmic(true)
                .setPlotGridLinesColor(new Color(0xDDDDDD))
                .setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(Styler.LegendLayout.Horizontal)
                .setLegendBorderColor(Color.WHITE)
                .setChartBackgroundColor(Color.WHITE);
        return chart;
    }

    private static void add(
            XYChart chart,
            String name,
            List<EgnScaling.Point> points,
            ToDoubleFunction<EgnScaling.Point> x,
            ToDoubleFunction<EgnScaling.Point> y,
            Color colour) {
        XYSeries series = chart.addSeries(
                name,
                points.stream().mapToDouble(x).toArray(),
                points.stream().mapToDouble(y).toArray());
        series.setMarker(SeriesMarkers.CIRCLE);
        series.setMarkerColor(colour);
        series.setLineColor(colour);
        series.setLineStyle(new BasicStroke(2f));
    }
}
