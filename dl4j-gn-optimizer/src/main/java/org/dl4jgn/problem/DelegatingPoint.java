package org.dl4jgn.problem;

/** A point of a problem that adds something to another problem's loss, without a curvature with respect to the outputs. */
abstract class DelegatingPoint implements Point {

    /** The other problem's. */
    protected final Point point;

    private final double value;

    /** A point with a loss of its own. */
    DelegatingPoint(Point point, double value) {
        this.point = point;
        this.value = value;
    }

    @Override
    public final double value() {
        return value;
    }

    @Override
    public final double leastValue() {
        return point.leastValue();
    }

    @Override
    public final double rounding() {
        return point.rounding();
    }

    @Override
    public final double lossCurvature() {
        return point.lossCurvature();
    }
}
