package org.dl4jgn.examples.sine;

import java.util.List;

/** Runs that did not take place, to show. */
final class Runs {

    private Runs() {}

    static Run of(Contender contender, double trainLoss, Curve.Point... points) {
        return new Run(contender, new Curve(List.of(points)), trainLoss);
    }

    static final Run SGD = of(Contender.sgd(0.1), 0.5, new Curve.Point(1, 0.1, 0.9), new Curve.Point(100, 4.0, 0.4));
    static final Run ADAM = of(
            Contender.adam(0.01),
            0.03,
            new Curve.Point(1, 0.2, 0.8),
            new Curve.Point(50, 3.0, 0.02),
            new Curve.Point(90, 4.1, 0.025));
    static final Run SGN = of(
            Contender.sgn(10),
            1e-4,
            new Curve.Point(1, 0.3, 0.5),
            new Curve.Point(8, 1.5, 0.01),
            new Curve.Point(40, 4.2, 2e-4));
}
