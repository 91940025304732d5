package org.dl4jgn.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
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

    private static final int WIDTH = 760;
    private static final int HEIGHT = 640;
    private static final int FONT = 19;
    private static final int BAND_ALPHA = 45;
    private static final float LINE = 3f;
    private static final float THIN = 1.6f;

    /** What the figures are drawn against. */
    static final List<String> AXES = List.of("time", "epochs");

    private Charts() {}

    /** Of the file with the curves of a measure. */
    static String fileName(Measure measure, String axis) {
        return measure.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-by-" + axis + ".png";
    }

    /** A measure against training time, or against epochs, as PNG. */
    static byte[] curves(Standings s, Measure measure, String axis) throws IOException {
        boolean byTime = axis.equals("time");
        ToDoubleFunction<Point> x = byTime ? Point::seconds : Point::epoch;
        XYChart chart = chart(
                s.problem() + ", by " + (byTime ? "training time" : "epochs"),
                (byTime ? "seconds of training" : "epochs") + " (line: mean of the seeds, band: all of them)",
                measure.label());
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(measure.isLogarithmic());
        Map<Group, Band> bands = new LinkedHashMap<>();
        for (Group group : drawn(s)) {
            Band.of(group, measure, x).ifPresent(band -> bands.put(group, band));
        }
        // All bands first, so that no band covers a line.
        bands.forEach((group, band) -> {
            if (group.runs().size() > 1 && isThick(s, group)) {
                band(chart, group.optimizer() + " band", band, Colours.of(group.kind()));
            }
        });
        bands.forEach((group, band) -> {
            XYSeries line =
                    line(chart, group.title(), band.x(), band.mean(), Colours.of(group.kind()), SeriesMarkers.NONE);
            line.setLineStyle(stroke(isThick(s, group) ? LINE : THIN, group.isUntuned()));
        });
        if (measure == s.measure() && Double.isFinite(s.target()) && !bands.isEmpty()) {
            target(chart, s, bands, x);
        }
        limits(chart, bands.values().stream().toList(), measure);
        labelTicks(chart);
        return png(List.of(chart));
    }

    /** This library's, the tuned rivals, and of the untuned ones the best: more lines than that nobody can tell apart. */
    private static List<Group> drawn(Standings s) {
        Optional<Group> untuned = s.groups().stream()
                .filter(Group::isUntuned)
                .filter(group -> Double.isFinite(group.medianBest(s.measure())))
                .min((a, b) -> Group.compare(s.measure(), a.medianBest(s.measure()), b.medianBest(s.measure())));
        boolean anyTuned = s.groups().stream().anyMatch(Group::isTuned);
        return s.groups().stream()
                .filter(group -> !anyTuned
                        || !group.isUntuned()
                        || untuned.filter(group::equals).isPresent())
                .toList();
    }

    private static boolean isThick(Standings s, Group group) {
        return !group.isRival() || s.rival().filter(group::equals).isPresent();
    }

    /** The target as a line, and for each optimizer the moment at which its median run gets there. */
    private static void target(XYChart chart, Standings s, Map<Group, Band> bands, ToDoubleFunction<Point> x) {
        double from =
                bands.values().stream().mapToDouble(band -> band.x()[0]).min().orElseThrow();
        double to = bands.values().stream()
                .mapToDouble(band -> band.x()[band.x().length - 1])
                .max()
                .orElseThrow();
        double[] level = {s.target(), s.target()};
        String name = s.goal().isOne() ? "target: the best tuned rival's best" : "the best rival's best: no target";
        XYSeries line = line(chart, name, new double[] {from, to}, level, Color.DARK_GRAY, SeriesMarkers.NONE);
        line.setLineStyle(stroke(THIN, true));
        boolean named = false;
        for (Group group : bands.keySet()) {
            double moment = group.medianTo(s.measure(), s.target(), x);
            if (Double.isFinite(moment) && moment > 0) {
                String title = named ? group.optimizer() + " gets there" : "the median seed gets there";
                XYSeries point = line(
                        chart,
                        title,
                        new double[] {moment},
                        new double[] {s.target()},
                        Colours.of(group.kind()),
                        SeriesMarkers.CIRCLE);
                point.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
                point.setShowInLegend(!named);
                named = true;
            }
        }
    }

    private static BasicStroke stroke(float width, boolean dashed) {
        return dashed
                ? new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {9, 6}, 0)
                : new BasicStroke(width);
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

    private static XYSeries line(XYChart chart, String name, double[] x, double[] y, Color colour, Marker marker) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(marker);
        series.setMarkerColor(colour);
        series.setLineColor(colour);
        series.setLineStyle(stroke(LINE, false));
        return series;
    }

    /** Of the file with the sweep of a setting. */
    static String fileName(Robustness family) {
        return "sweep-" + family.name().replace(' ', '-') + ".png";
    }

    /** Final measure over one setting, as PNG; the axis holds all that were swept on the problem. */
    static byte[] robustness(String problem, Robustness family, List<Robustness> all, Measure measure)
            throws IOException {
        XYChart chart = chart(
                problem + ", " + family.name(),
                "times the default (line: median, band: all seeds)",
                measure.label() + " at the end");
        chart.getStyler()
                .setXAxisLogarithmic(true)
                .setYAxisLogarithmic(measure.isLogarithmic())
                .setLegendVisible(false);
        Color colour = Colours.of(family.kind());
        band(chart, "range", new Band(family.values(), family.median(), family.low(), family.high()), colour);
        line(chart, family.kind(), family.values(), family.median(), colour, SeriesMarkers.CIRCLE);
        double from = all.stream()
                .flatMapToDouble(f -> DoubleStream.of(f.low()))
                .min()
                .orElseThrow();
        double to = all.stream()
                .flatMapToDouble(f -> DoubleStream.of(f.high()))
                .max()
                .orElseThrow();
        if (to > from) {
            chart.getStyler().setYAxisMin(from).setYAxisMax(to);
        }
        labelTicks(chart);
        return png(List.of(chart));
    }

    private static byte[] png(List<XYChart> charts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BitmapEncoder.saveBitmap(charts, charts.size(), 1, out, BitmapEncoder.BitmapFormat.PNG);
        return out.toByteArray();
    }

    private static XYChart chart(String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, FONT);
        chart.getStyler()
                .setAxisTickLabelsFont(font)
                .setAxisTitleFont(font)
                .setPlotGridLinesColor(new Color(0xE4E4E4))
                .setChartTitleFont(font.deriveFont(Font.BOLD, FONT + 2f))
                .setLegendFont(font.deriveFont(FONT - 2f))
                .setLegendPadding(4)
                .setLegendSeriesLineLength(36)
                .setLegendPosition(Styler.LegendPosition.OutsideS)
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
                ? String.format(Locale.ROOT, "%.0e", value)
                : value == 0
                        ? "0"
                        : new BigDecimal(value, new MathContext(6))
                                .stripTrailingZeros()
                                .toPlainString();
    }
}
