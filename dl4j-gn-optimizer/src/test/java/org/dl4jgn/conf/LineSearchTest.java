package org.dl4jgn.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.dl4jgn.conf.LineSearch.Decision;
import org.junit.jupiter.api.Test;

/** Line searches on a function of one variable, without a problem. */
class LineSearchTest {

    private static final List<Double> FORGOTTEN = List.of(0.0);

    /** φ with what was tried of it. */
    private static final class Function implements Ray {

        private final DoubleUnaryOperator phi;
        private final double slope;
        private final double rounding;
        private final List<Double> tried = new ArrayList<>();

        Function(DoubleUnaryOperator phi, double slope, double rounding) {
            this.phi = phi;
            this.slope = slope;
            this.rounding = rounding;
        }

        @Override
        public double loss() {
            return phi.applyAsDouble(0);
        }

        @Override
        public double slope() {
            return slope;
        }

        @Override
        public double rounding() {
            return rounding;
        }

        @Override
        public double value(double step) {
            tried.add(step);
            return phi.applyAsDouble(step);
        }
    }

    /** (α − ⅛)², which falls from α = 0 to ⅛. */
    private static Function valley() {
        return new Function(a -> (a - 0.125) * (a - 0.125), -0.25, 0);
    }

    @Test
    void backtrackingHalvesUntilArmijosConditionHolds() {
        Function phi = valley();
        Decision found = LineSearch.armijo(0.1, 0.5, 10).search(phi, 1, FORGOTTEN);
        // φ(¼) = φ(0): no decrease; φ(⅛) = 0
        assertEquals(List.of(1.0, 0.5, 0.25, 0.125), phi.tried);
        assertEquals(0.125, found.step());
    }

    @Test
    void sufficientDecreaseIsSufficient() {
        // φ(α) = φ(0) − α·slope·(1 − 4α): at α the decrease is 1 − 4α of the slope's
        for (double c : new double[] {0, 0.2, 0.45, 0.7}) {
            Function phi = valley();
            double step =
                    LineSearch.armijo(c, 0.9, 100).search(phi, 1, FORGOTTEN).step();
            assertTrue(phi.phi.applyAsDouble(step) <= phi.loss() + c * step * phi.slope(), "at c = " + c);
            double before = step / 0.9;
            assertFalse(phi.phi.applyAsDouble(before) <= phi.loss() + c * before * phi.slope(), "at c = " + c);
        }
    }

    @Test
    void backtrackingGivesUpAfterItsTrials() {
        Function up = new Function(a -> a, -1, 0);
        assertEquals(Decision.none(), LineSearch.armijo(1e-4, 0.5, 3).search(up, 1, FORGOTTEN));
        assertEquals(List.of(1.0, 0.5, 0.25, 0.125), up.tried);
    }

    @Test
    void aRiseWithinRoundingIsNone() {
        Function flat = new Function(a -> a > 0 ? 1e-9 : 0, -1e-12, 2e-9);
        assertEquals(1, LineSearch.armijo().search(flat, 1, FORGOTTEN).step());
    }

    @Test
    void whatIsNotFiniteIsNeverAccepted() {
        for (double bad : new double[] {Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY}) {
            Function phi = new Function(a -> a > 0.3 ? bad : -a, -1, 0);
            assertEquals(0.25, LineSearch.armijo().search(phi, 1, FORGOTTEN).step());
            assertEquals(Decision.none(), LineSearch.none().search(phi, 1, List.of()));
        }
    }

    @Test
    void withoutASearchAnyFiniteLossIsAccepted() {
        Function up = new Function(a -> 100 * a, -1, 0);
        assertEquals(Decision.of(0.7), LineSearch.none().search(up, 0.7, List.of()));
        assertEquals(List.of(0.7), up.tried);
        assertFalse(LineSearch.none().requiresDecrease());
        assertTrue(LineSearch.armijo().requiresDecrease());
    }

    @Test
    void theNextSearchStartsWhereTheRuleSays() {
        for (StepReset reset : StepReset.values()) {
            LineSearch search = LineSearch.armijo(0.9, 0.5, 1.5, 10, reset);
            assertEquals(1, search.slots().size());
            Decision first = search.search(valley(), 1, FORGOTTEN);
            // at ⅛ the decrease is half the slope's: not too short
            double expected = switch (reset) {
                case LEARNING_RATE -> 1;
                case CONSERVATIVE, GOLDSTEIN -> 0.125;
                case INCREASE -> 1.5 * 0.125;
            };
            Function again = valley();
            search.search(again, 1, first.remembered());
            assertEquals(expected, again.tried.get(0), reset.name());
            Function shorter = valley();
            search.search(shorter, 0.01, first.remembered());
            assertEquals(0.01, shorter.tried.get(0), "the learning rate bounds it");
        }
    }

    @Test
    void goldsteinGrowsFromStepsThatWereTooShort() {
        LineSearch search = LineSearch.armijo(0.9, 0.5, 1.5, 10, StepReset.GOLDSTEIN);
        // down all the way, and more steeply than at first
        Function slide = new Function(a -> -2 * a, -1, 0);
        Decision found = search.search(slide, 1, List.of(0.1));
        assertEquals(0.1, found.step());
        assertEquals(1.5 * 0.1, found.remembered().get(0));
    }
}
