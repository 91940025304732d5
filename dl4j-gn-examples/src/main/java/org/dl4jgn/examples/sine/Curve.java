package org.dl4jgn.examples.sine;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The test loss of a network in the course of its training.
 *
 * @param points at least one, in order of time
 */
public record Curve(List<Point> points) {

    /**
     * A network as it was tested.
     *
     * @param epoch passes through the data before the test
     * @param seconds time of training alone before the test
     * @param testLoss mean loss over the test data
     */
    public record Point(int epoch, double seconds, double testLoss) {}

    /** Copies the points. */
    public Curve {
        points = List.copyOf(points);
        if (points.isEmpty()) {
            throw new IllegalArgumentException("A curve needs at least one point");
        }
    }

    /** The end of the training. */
    public Point last() {
        return points.get(points.size() - 1);
    }

    /** The smallest test loss on the way; ∞ if none was a number. */
    public double lowestTestLoss() {
        return points.stream()
                .mapToDouble(Point::testLoss)
                .filter(loss -> !Double.isNaN(loss))
                .min()
                .orElse(Double.POSITIVE_INFINITY);
    }

    /** Seconds of training until a test first showed {@code loss} or less; empty if none did. */
    public OptionalDouble secondsTo(double loss) {
        return points.stream()
                .filter(p -> p.testLoss() <= loss)
                .mapToDouble(Point::seconds)
                .findFirst();
    }
}
