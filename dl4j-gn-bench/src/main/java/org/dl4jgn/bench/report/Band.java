package org.dl4jgn.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.interpolation.LinearInterpolator;
import org.dl4jgn.bench.paper.Spread;
import org.dl4jgn.bench.problem.Measure;
import org.dl4jgn.bench.run.Point;
import org.dl4jgn.bench.run.RunRecord;

/**
 * The course of a measure over several runs: mean, smallest and largest at each place, interpolated between what was
 * measured, where all runs have measurements. Runs that ended early, in less than half of the longest, are left out.
 */
record Band(double[] x, double[] mean, double[] low, double[] high) {

    private static final int PLACES = 160;

    private record Course(double from, double to, UnivariateFunction at) {

        static Optional<Course> of(RunRecord run, Measure measure, ToDoubleFunction<Point> x, boolean logarithmic) {
            List<double[]> points = new ArrayList<>();
            for (Point point : run.curve()) {
                double place = x.applyAsDouble(point);
                double value = point.value(measure);
                boolean good = Double.isFinite(value) && place > 0 && (!logarithmic || value > 0);
                if (good && (points.isEmpty() || place > points.get(points.size() - 1)[0])) {
                    points.add(new double[] {place, value});
                }
            }
            if (points.size() < 2) {
                return Optional.empty();
            }
            double[] places = points.stream().mapToDouble(p -> p[0]).toArray();
            double[] values = points.stream().mapToDouble(p -> p[1]).toArray();
            return Optional.of(new Course(
                    places[0], places[places.length - 1], new LinearInterpolator().interpolate(places, values)));
        }
    }

    static Optional<Band> of(Group group, Measure measure, ToDoubleFunction<Point> x) {
        List<Course> all = group.runs().stream()
                .flatMap(run -> Course.of(run, measure, x, measure.isLogarithmic()).stream())
                .toList();
        double longest = all.stream().mapToDouble(Course::to).max().orElse(0);
        List<Course> courses =
                all.stream().filter(course -> course.to() >= longest / 2).toList();
        double from = courses.stream().mapToDouble(Course::from).max().orElse(1);
        double to = courses.stream().mapToDouble(Course::to).min().orElse(0);
        if (!(to > from)) {
            return Optional.empty();
        }
        double[] places = IntStream.rangeClosed(0, PLACES)
                .mapToDouble(i -> Math.min(to, Math.max(from, from * Math.pow(to / from, (double) i / PLACES))))
                .toArray();
        Spread[] spreads = DoubleStream.of(places)
                .mapToObj(place -> Spread.of(courses.stream()
                        .mapToDouble(course -> course.at().value(place))
                        .toArray()))
                .toArray(Spread[]::new);
        return Optional.of(new Band(
                places,
                IntStream.range(0, places.length)
                        .mapToDouble(i -> spreads[i].mean())
                        .toArray(),
                IntStream.range(0, places.length)
                        .mapToDouble(i -> spreads[i].min())
                        .toArray(),
                IntStream.range(0, places.length)
                        .mapToDouble(i -> spreads[i].max())
                        .toArray()));
    }
}
