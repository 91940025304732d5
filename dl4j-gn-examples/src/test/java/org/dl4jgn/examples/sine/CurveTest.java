package org.dl4jgn.examples.sine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class CurveTest {

    private final Curve curve = new Curve(
            List.of(new Curve.Point(1, 0.5, 0.8), new Curve.Point(2, 1.0, 0.2), new Curve.Point(3, 1.5, 0.3)));

    @Test
    void aLossIsReachedAtTheFirstTestThatShowsItOrLess() {
        assertEquals(OptionalDouble.of(0.5), curve.secondsTo(0.9));
        assertEquals(OptionalDouble.of(1.0), curve.secondsTo(0.3));
        assertEquals(OptionalDouble.of(1.0), curve.secondsTo(0.2));
        assertEquals(OptionalDouble.empty(), curve.secondsTo(0.1));
    }

    @Test
    void theLowestLossNeedNotBeTheLast() {
        assertEquals(0.2, curve.lowestTestLoss());
        assertEquals(0.3, curve.last().testLoss());
    }

    @Test
    void aLossThatIsNotANumberReachesNothing() {
        Curve diverged = new Curve(List.of(new Curve.Point(1, 0.5, 0.8), new Curve.Point(2, 1.0, Double.NaN)));
        assertEquals(0.8, diverged.lowestTestLoss());
        assertEquals(OptionalDouble.empty(), diverged.secondsTo(0.5));
    }

    @Test
    void aCurveHasAPoint() {
        assertThrows(IllegalArgumentException.class, () -> new Curve(List.of()));
    }
}
