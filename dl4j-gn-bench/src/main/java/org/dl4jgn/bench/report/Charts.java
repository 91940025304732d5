package org.dl4jgn.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.run.Point;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Pictures of runs. */
final class Charts {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 440;
    private static final int BAND_ALPHA = 45;

    /** Distinct to colour-blind eyes as well (Okabe and Ito). */
    private static final List<Color> COLOURS = List.of(
            new Color(0xD55E00),
            new Color(0x0072B2),
            new Color(0x009E73),
            new Color(0xCC79A7),
            new Color(0x56B4E9),
            new Color(0xE69F00),
            new Color(0x000000),
            new Color(0x999999));

    private Charts() {}

    /** Of the file with the curves of a measure. */
    static String fileName(Measure measure) {
        return "by-" + measure.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".png";
    }

    /** A measure against training time, and against epochs, as PNG. */
    static byte[] curves(String problem, List<Group> groups, Measure measure) throws IOException {
        return png(List.of(
                curves(problem + ", by training time", "seconds", groups, measure, Point::seconds),
                curves(problem + ", by epochs", "epochs", groups, measure, Point::epoch)));
    }

    private static XYChart curves(
            String title, String unit, List<Group> groups, Measure measure, ToDoubleFunction<Point> x) {
        XYChart chart = chart(title, unit, measure.label());
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(measure.isLogarithmic());
        Map<Group, Band> bands = new LinkedHashMap<>();
        for (Group group : groups) {
            Band.of(group, measure, x).ifPresent(band -> bands.put(group, band));
        }
        // All bands first, so that no band covers a line.
        bands.forEach((group, band) -> {
            if (group.runs().size() > 1) {
                band(chart, group.optimizer() + " band", band, colour(groups.indexOf(group)));
            }
        });
        bands.forEach((group, band) -> line(
                chart, group.optimizer(), band.x(), band.mean(), colour(groups.indexOf(group)), SeriesMarkers.NONE));
        limits(chart, bands.values().stream().toList(), measure);
        labelTicks(chart);
        return chart;
    }

    /** Losses of runs that went astray would press all others to the bottom. */
    private static void limits(XYChart chart, List<Band> bands, Measure measure) {
        double low = bands.stream()
                .flatMapToDouble(band -> DoubleStream.of(band.low()))
                .min()
                .orElse(Double.NaN);
        double start = bands.stream()
                .mapToDouble(band -> band.high()[0])
                .sorted()
                .skip(bands.size() / 2)
                .findFirst()
                .orElse(Double.NaN);
        double high = bands.stream()
                .flatMapToDouble(band -> DoubleStream.of(band.high()))
                .max()
                .orElse(Double.NaN);
        if (measure.isLogarithmic() && high > 10 * start && low < start) {
            chart.getStyler().setYAxisMax(3 * start);
        }
    }

    private static void band(XYChart chart, String name, Band band, Color colour) {
        int n = band.x().length;
        double[] x = new double[2 * n];
        double[] y = new double[2 * n];
        for (int i = 0; i < n; i++) {
            x[i] = band.x()[i];
            y[i] = band.low()[i];
            x[2 * n - 1 - i] = band.x()[i];
            y[2 * n - 1 - i] = band.high()[i];
        }
        XYSeries series = chart.addSeries(name, x, y);
        series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
        series.setFillColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), BAND_ALPHA));
        series.setLineColor(new Color(0, 0, 0, 0));
        series.setLineStyle(new BasicStroke(0f));
        series.setMarker(SeriesMarkers.NONE);
        series.setShowInLegend(false);
    }

    private static void line(XYChart chart, String name, double[] x, double[] y, Color colour, Marker marker) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(marker);
        series.setMarkerColor(colour);
        series.setLineColor(colour);
        series.setLineStyle(new BasicStroke(2.2f));
    }

    /** Final measure of families of optimizers over the setting that they are run with, as PNG; empty if there is none. */
    static Optional<byte[]> robustness(String problem, List<Robustness> families, Measure measure) throws IOException {
        List<XYChart> charts = new ArrayList<>();
        for (Robustness family : families) {
            XYChart chart = chart(
                    problem + ", " + family.kind(), family.setting(), measure.label() + " at the end, median, range");
            chart.getStyler()
                    .setXAxisLogarithmic(true)
                    .setYAxisLogarithmic(measure.isLogarithmic())
                    .setLegendVisible(false);
            Color colour = colour(families.indexOf(family));
            band(chart, "range", new Band(family.values(), family.median(), family.low(), family.high()), colour);
            line(chart, family.kind(), family.values(), family.median(), colour, SeriesMarkers.CIRCLE);
            double from = families.stream()
                    .flatMapToDouble(f -> DoubleStream.of(f.low()))
                    .min()
                    .orElseThrow();
            double to = families.stream()
                    .flatMapToDouble(f -> DoubleStream.of(f.high()))
                    .max()
                    .orElseThrow();
            if (to > from) {
                chart.getStyler().setYAxisMin(from).setYAxisMax(to);
            }
            labelTicks(chart);
            charts.add(chart);
        }
        return charts.isEmpty() ? Optional.empty() : Optional.of(png(charts));
    }

    private static byte[] png(List<XYChart> charts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BitmapEncoder.saveBitmap(charts, 1, charts.size(), out, BitmapEncoder.BitmapFormat.PNG);
        return out.toByteArray();
    }

    private static Color colour(int index) {
        return COLOURS.get(Math.floorMod(index, COLOURS.size()));
    }

    private static XYChart chart(String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
        chart.getStyler()
                .setAxisTickLabelsFont(font)
                .setAxisTitleFont(font)
                .setPlotGridLinesColor(new Color(0xE4E4E4))
                .setChartTitleFont(font.deriveFont(Font.BOLD, 15f))
                .setLegendFont(font)
                .setLegendPosition(Styler.LegendPosition.OutsideE)
                .setLegendLayout(Styler.LegendLayout.Vertical)
                .setLegendBorderColor(Color.WHITE)
                .setChartBackgroundColor(Color.WHITE);
        return chart;
    }

    /** Numbers at the ticks; on a logarithmic axis of less than two decades at more than powers of ten. */
    private static void labelTicks(XYChart chart) {
        var styler = chart.getStyler();
        var series = chart.getSeriesCollection();
        double right = series.stream().mapToDouble(XYSeries::getXMax).max().orElse(1);
        double left = series.stream().mapToDouble(XYSeries::getXMin).min().orElse(1);
        double top = series.stream().mapToDouble(XYSeries::getYMax).max().orElse(1);
        double bottom = series.stream().mapToDouble(XYSeries::getYMin).min().orElse(1);
        double across = Math.log10(right / left);
        double up = Math.log10((styler.getYAxisMax() == null ? top : styler.getYAxisMax()) / bottom);
        styler.setXAxisLogarithmicDecadeOnly(across > 2)
                .setYAxisLogarithmicDecadeOnly(up > 2)
                .setXAxisTickLabelsFormattingFunction(value -> isLabelled(value, across) ? tick(value) : " ")
                .setYAxisTickLabelsFormattingFunction(
                        value -> !styler.isYAxisLogarithmic() || isLabelled(value, up) ? tick(value) : " ");
    }

    /** Of 1, 2, ... 9 times a power of ten: all on a short axis, 1, 2 and 5 up to two decades. */
    private static boolean isLabelled(double value, double decades) {
        long digit = Math.round(value / Math.pow(10, Math.floor(Math.log10(value) + 1e-9)));
        return decades <= 0.7 || digit == 1 || (decades <= 2 && (digit == 2 || digit == 5));
    }

    private static String tick(Double value) {
        return value != 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6)
                ? String.format(java.util.Locale.ROOT, "%.0e", value)
                : value == 0
                        ? "0"
                        : new BigDecimal(value, new MathContext(6))
                                .stripTrailingZeros()
                                .toPlainString();
    }
}
