package org.dl4jgn.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damping rules as state machines, without a network. */
class DampingTest {

    private static void assertRho(double expected, Damping rule, Damping.State state, long step) {
        Tolerances.assertClose(expected, rule.value(state, step), Tolerances.ROUNDING, "ρ of step " + step);
    }

    static Stream<Damping> rules() {
        return Stream.of(
                Damping.constant(0.01),
                Damping.constant(0),
                Damping.linear(0.1, 0.01, 10),
                Damping.linear(0.1, 0, 1),
                Damping.cosine(0.1, 0.01, 10),
                Damping.trustRegion(1e-4),
                Damping.trustRegion(1e-4, 1e-5),
                Damping.nielsen(1e-4),
                Damping.adaptive(0.1),
                Damping.proportional(0.5),
                Damping.validated(0.3),
                Damping.hypergradient(0.1),
                Damping.proportional(Damping.validated(4)));
    }

    @Test
    void proportionalDampingFollowsTheLossAndItsCurvature() {
        Damping rule = Damping.proportional(2);
        assertEquals(6.0, rule.value(rule.initial(), 5, 3.0, 1.0));
        assertEquals(1.5, rule.value(rule.initial(), 5, 3.0, 0.25));
        assertEquals(2e-3, rule.value(rule.accepted(rule.initial(), 0.1), 6, 1e-3, 1.0), 1e-18);
        assertTrue(rule.value(rule.rejected(rule.initial()), 6, 3.0, 1.0) > 6.0);
        assertTrue(rule.value(rule.initial(), 0, 0.0, 1.0) > 0, "a system without damping need not have a solution");
        assertTrue(rule.value(rule.initial(), 0, -1.0, 1.0) > 0);
        Damping constant = Damping.constant(0.01);
        assertEquals(0.01, constant.value(constant.initial(), 0, 3.0, 2.0), "others do not");
    }

    /** 0.9 of the sums before, plus the step's own; under 0.1 a tenth more, over 0.4 a tenth less, between as it is. */
    @Test
    void validatedFollowsTheNextMiniBatch() {
        Damping rule = Damping.validated(2);
        assertTrue(rule.isValidated());
        Damping.State start = rule.initial();
        assertRho(2, rule, rule.validated(start, 1, 4), 1);
        assertRho(1.8, rule, rule.validated(start, 2, 4), 1);
        assertRho(2.2, rule, rule.validated(start, -2, 4), 1);
        // (0.9·2 − 0.5) / (0.9·4 + 1) = 0.283, (0.9·2 − 2) / (0.9·4 + 1) < 0
        Damping.State good = rule.validated(start, 2, 4);
        assertRho(1.8, rule, rule.validated(good, -0.5, 1), 2);
        assertRho(1.8 * 1.1, rule, rule.validated(good, -2, 1), 2);
        assertEquals(good, rule.accepted(good, -3), "its own mini-batch does not matter");
        assertRho(3.6, rule, rule.rejected(good), 2);
        assertRho(3.6 * 0.9, rule, rule.validated(rule.rejected(good), 2, 4), 2);
    }

    /** Below 0.02 by up to a tenth more, over 0.4 less, between back to 0.1; sums with 0.97; all times the largest curvature. */
    @Test
    void hypergradientFollowsWhatLessDampingWouldHaveDone() {
        Damping rule = Damping.hypergradient(0.2);
        assertTrue(rule.isSensed() && rule.isPaced() && !rule.isValidated());
        Damping.State start = rule.begun(rule.initial(), 0.5);
        assertFactor(0.2 * Math.exp(0.1), rule.sensed(start, 1, -4));
        assertFactor(0.2 * Math.exp(0.01), rule.sensed(start, -0.01, -1));
        assertFactor(0.2 * Math.exp(-0.3 * 0.6), rule.sensed(start, -5, -5));
        assertFactor(0.2 * Math.exp(0.01 * Math.log(0.5)), rule.sensed(start, -1, -5));
        Damping.State once = rule.sensed(start, -5, -5);
        // (−0.97·5 + 1)/(−0.97·5 − 2) = 0.562
        assertFactor(once.value() * Math.exp(-0.3 * (3.85 / 6.85 - 0.4)), rule.sensed(once, 1, -2));
        assertEquals(0.2 * 0.5, rule.value(start, 1, 9, 0.1), "the largest curvature counts");
        assertEquals(0.2 * 2, rule.value(start, 1, 9, 2));
        assertEquals(0.2 * 0.5, rule.value(rule.begun(start, 0.1), 1, 9, 0.1));
    }

    /** One mini-batch with an outlier among those that say 0 and −1; its own step promises as much. */
    @Test
    void hypergradientHearsAnOutlierAsOneOfMany() {
        Damping rule = Damping.hypergradient(0.2);
        Damping.State state = rule.initial();
        for (int i = 0; i < 300; i++) {
            state = rule.sensed(state, 0, -1);
        }
        // 33 mean promises and one more
        double sum = (1 - Math.pow(0.97, 300)) / 0.03;
        Damping.State loud = rule.sensed(state, -1000, -1);
        assertFactor(state.value() * Math.exp(0.01 * Math.log(0.1 / state.value())), loud);
        Tolerances.assertClose(-5, loud.first(), Tolerances.ROUNDING, "actual");
        Damping.State promised = rule.sensed(state, 0, -1000);
        Tolerances.assertClose(-0.97 * sum - 5, promised.second(), Tolerances.ROUNDING, "predicted");
        // of the other sign there are no others
        Tolerances.assertClose(
                -0.97 * sum + 1000, rule.sensed(state, 0, 1000).second(), Tolerances.ROUNDING, "predicted");
    }

    @Test
    void hypergradientKeepsToItsRangeUnlessRejected() {
        Damping rule = Damping.hypergradient(50);
        Damping.State low = rule.initial();
        assertFactor(2, low);
        Damping.State high = low;
        for (int i = 0; i < 300; i++) {
            low = rule.sensed(low, -1, -1);
            high = rule.sensed(high, 1, -1);
        }
        assertFactor(0.01, low);
        assertFactor(2, high);
        assertTrue(rule.isSpent(high) && !rule.isSpent(low));
        Damping.State rejected = rule.rejected(rule.invalid(high));
        assertFactor(128, rule.sensed(rejected, -1, -1));
        assertFactor(64, rule.accepted(rejected, Double.NaN));
    }

    private static void assertFactor(double expected, Damping.State state) {
        Tolerances.assertClose(expected, state.value(), Tolerances.ROUNDING, "factor");
    }

    @Test
    void validatedKeepsToItsFloorAndItsCeilingUnlessRejected() {
        Damping rule = Damping.validated(2);
        Damping.State low = rule.initial();
        Damping.State high = rule.initial();
        for (int i = 0; i < 300; i++) {
            low = rule.validated(low, 1, 1);
            high = rule.validated(high, -1, 1);
        }
        assertRho(2e-5, rule, low, 300);
        assertRho(12.5, rule, high, 300);
        Damping.State rejected = rule.rejected(rule.rejected(high));
        assertRho(50, rule, rule.validated(rejected, -1, 1), 301);
        assertRho(25, rule, rule.accepted(rejected, 1), 301);
        assertRho(12.5, rule, rule.accepted(rule.accepted(rule.accepted(rejected, 1), 1), 1), 303);
    }

    @Test
    void aFactorOfTheLossIsValidatedIfItsRuleIs() {
        assertTrue(Damping.proportional(Damping.validated(4)).isValidated());
        assertTrue(!Damping.proportional(4).isValidated()
                && !Damping.trustRegion(1).isValidated());
        Damping rule = Damping.proportional(Damping.validated(4));
        assertEquals(0.9 * 4 * 3 * 0.5, rule.value(rule.validated(rule.initial(), 1, 1), 1, 3, 0.5), 1e-12);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void rejectedRaisesAndInvalidRaisesAtLeastAsMuch(Damping rule) {
        Damping.State state = rule.initial();
        for (int step = 0; step < 30; step++) {
            double now = rule.value(state, step);
            double rejected = rule.value(rule.rejected(state), step);
            double invalid = rule.value(rule.invalid(state), step);
            assertTrue(now >= 0 && Double.isFinite(now), () -> "ρ is " + now);
            assertTrue(rejected > now, () -> "rejected: " + now + " -> " + rejected);
            assertTrue(invalid >= rejected, () -> "invalid: " + invalid + " after " + now);
            state = step % 3 == 0 ? rule.rejected(state) : rule.accepted(state, 0.5);
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void dampingStaysFiniteHoweverLongItGoesWrong(Damping rule) {
        Damping.State state = rule.initial();
        for (int step = 0; step < 10_000; step++) {
            state = step % 2 == 0 ? rule.invalid(state) : rule.rejected(state);
        }
        double worst = rule.value(state, 10_000);
        assertTrue(worst > rule.value(rule.initial(), 0) && worst <= 1e12, () -> "ρ is " + worst);
        for (int step = 0; step < 10_000; step++) {
            state = rule.accepted(state, Double.NEGATIVE_INFINITY);
        }
        assertTrue(Double.isFinite(rule.value(state, 0)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-6, 0.5})
    void constantStaysConstantWhileStepsAreAccepted(double rho) {
        Damping rule = Damping.constant(rho);
        Damping.State state = rule.initial();
        for (double ratio : new double[] {Double.NEGATIVE_INFINITY, -1, 0, 0.5, 1, 2}) {
            state = rule.accepted(state, ratio);
            assertEquals(rho, rule.value(state, 12));
        }
    }

    @Test
    void aScheduleDoublesWhenRejectedAndHalvesBackWhenAccepted() {
        Damping rule = Damping.constant(0.3);
        Damping.State once = rule.rejected(rule.initial());
        assertRho(0.6, rule, once, 0);
        Damping.State thrice = rule.rejected(rule.rejected(once));
        assertRho(2.4, rule, thrice, 0);
        assertRho(1.2, rule, rule.accepted(thrice, 1), 0);
        assertRho(3.0, rule, rule.invalid(rule.initial()), 0);
        assertRho(0.3, rule, rule.accepted(rule.accepted(rule.accepted(thrice, 1), 1), 1), 0);
    }

    /** The authors' ρ of step t = 1, 2, ...: from + (t − 1)·(to − from)/(steps − 1), not below to. */
    @Test
    void linearIsTheAuthorsLine() {
        Damping rule = Damping.linear(0.1, 0.01, 10);
        for (int t = 1; t <= 15; t++) {
            double slope = (0.01 - 0.1) / (10 - 1);
            assertRho(Math.max(0.01, 0.1 + slope * (t - 1)), rule, rule.initial(), t - 1);
        }
        assertEquals(0.1, rule.value(rule.initial(), 0));
        assertEquals(0.01, rule.value(rule.initial(), 9));
    }

    /** The authors' ρ of step t = 1, 2, ...: from·cos(π/2 · t/steps), not below to, and to after the last step. */
    @Test
    void cosineIsTheAuthorsCurve() {
        Damping rule = Damping.cosine(0.1, 0.01, 10);
        for (int t = 1; t <= 15; t++) {
            double curve = t > 10 ? 0 : 0.1 * Math.cos(Math.PI / 2 * t / 10);
            assertRho(Math.max(0.01, curve), rule, rule.initial(), t - 1);
        }
        assertRho(0.1 * Math.cos(Math.PI / 20), rule, rule.initial(), 0);
        assertEquals(0.01, rule.value(rule.initial(), 9));
    }

    /** The authors: ratio under ¼ → ρ·3/2, over ¾ → ρ·2/3, between → ρ. */
    @Test
    void trustRegionFollowsTheRatio() {
        Damping rule = Damping.trustRegion(1e-4);
        Damping.State start = rule.initial();
        assertEquals(1e-4, rule.value(start, 0));
        assertRho(1.5e-4, rule, rule.accepted(start, Double.NEGATIVE_INFINITY), 1);
        assertRho(1.5e-4, rule, rule.accepted(start, 0.2499), 1);
        assertRho(1e-4, rule, rule.accepted(start, 0.25), 1);
        assertRho(1e-4, rule, rule.accepted(start, 0.75), 1);
        assertRho(1e-4 * 2 / 3, rule, rule.accepted(start, 0.7501), 1);
        assertRho(1e-4 * 2 / 3, rule, rule.accepted(start, 7), 1);
        assertRho(1.5e-4, rule, rule.rejected(start), 1);
        assertRho(Math.pow(1.5, 4) * 1e-4, rule, rule.invalid(start), 1);
    }

    /** Twenty rejected steps, after which training gives up, cover any damping that may be needed. */
    @Test
    void trustRegionRisesFasterWhileStepsAreRejected() {
        Damping rule = Damping.trustRegion(1e-4);
        Damping.State state = rule.initial();
        double expected = 1e-4;
        for (int i = 1; i <= 5; i++) {
            state = rule.rejected(state);
            expected *= i == 1 ? 1.5 : 2;
            assertRho(expected, rule, state, i);
        }
        state = rule.accepted(state, 0.5);
        assertRho(expected, rule, state, 6);
        assertRho(1.5 * expected, rule, rule.rejected(state), 7);
    }

    @Test
    void adaptiveCreepsAfterTheRatioAndLeapsAfterARejection() {
        Damping rule = Damping.adaptive(0.1);
        Damping.State start = rule.initial();
        assertEquals(0.099, rule.accepted(start, 0.76).value(), 1e-15);
        assertEquals(0.1, rule.accepted(start, 0.5).value());
        assertEquals(0.101, rule.accepted(start, 0.24).value(), 1e-15);
        assertEquals(0.2, rule.rejected(start).value());
        assertEquals(0.05, Damping.adaptive(0.1, 0.5, 3).accepted(start, 1).value());
    }

    @Test
    void trustRegionKeepsToItsFloorAndCeiling() {
        Damping rule = Damping.trustRegion(1e-4);
        Damping.State good = rule.initial();
        Damping.State bad = rule.initial();
        for (int i = 0; i < 200; i++) {
            good = rule.accepted(good, 1);
            bad = rule.rejected(bad);
        }
        assertEquals(1e-6, rule.value(good, 200));
        assertEquals(1e8, rule.value(bad, 200));
        assertRho(1.5e-6, rule, rule.accepted(good, 0), 201);
        Damping own = Damping.trustRegion(1e-4, 1e-5);
        Damping.State low = own.initial();
        for (int i = 0; i < 200; i++) {
            low = own.accepted(low, 1);
        }
        assertEquals(1e-5, own.value(low, 200));
        Damping small = Damping.trustRegion(1e-8);
        assertEquals(1e-8, small.value(small.accepted(small.initial(), 1), 1));
    }

    /** Nielsen: accepted → μ·max(⅓, 1 − (2·ratio − 1)³) and ν = 2; rejected → μ·ν and ν·2. */
    @Test
    void nielsenIsSmoothInTheRatioAndGrowsFasterAndFaster() {
        Damping rule = Damping.nielsen(1e-3);
        Damping.State start = rule.initial();
        for (double ratio : new double[] {-3, 0, 0.1, 0.25, 0.5, 0.8, 0.9, 1, 5}) {
            double bounded = Math.max(-1, Math.min(2, ratio));
            double factor = Math.max(1.0 / 3, 1 - Math.pow(2 * bounded - 1, 3));
            assertRho(1e-3 * factor, rule, rule.accepted(start, ratio), 1);
        }
        Damping.State state = start;
        double expected = 1e-3;
        for (double growth : new double[] {2, 4, 8, 16}) {
            state = rule.rejected(state);
            expected *= growth;
            assertRho(expected, rule, state, 1);
        }
        assertRho(expected * 2, rule, rule.rejected(rule.accepted(state, 0.5)), 1);
        assertRho(1e-3 * 2 * 4, rule, rule.invalid(start), 1);
        assertRho(1e-3 / 3, rule, rule.accepted(start, 1), 1);
        assertRho(1e-3 * 28, rule, rule.accepted(start, Double.NEGATIVE_INFINITY), 1);
    }
}
