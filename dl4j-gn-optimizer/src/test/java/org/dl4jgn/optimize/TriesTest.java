package org.dl4jgn.optimize;

import static org.dl4jgn.testing.Small.bits;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.optimize.StepOutcome.Outcome;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.Problem;
import org.dl4jgn.testing.DelegatingProblem;
import org.dl4jgn.testing.DenseModel;
import org.dl4jgn.testing.DenseProblem;
import org.dl4jgn.testing.DenseProblem.Loss;
import org.dl4jgn.testing.Tolerances;
import org.dl4jgn.testing.Training;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A rejected trial takes another damping within the step: the same point, and the steps that single tries would take. */
class TriesTest {

    private static final double[] START = {0.003, -0.002, 0.005, 0.001, -0.004};

    /** So curved that the first dampings lead uphill. */
    private static final DenseProblem CURVED =
            DenseProblem.random(Loss.LEAST_SQUARES, 6, 3, START.length, 17).withBend(40);

    private static Egn settings(double damping, int tries) {
        return Egn.levenbergMarquardt()
                .damping(Damping.nielsen(damping))
                .tries(tries)
                .build();
    }

    /** A problem that counts what is asked of it. */
    private static final class Counted extends DelegatingProblem {

        private int linearized;
        private int evaluated;

        Counted(Problem problem) {
            super(problem);
        }

        @Override
        public double value(INDArray theta) {
            evaluated++;
            return problem.value(theta);
        }

        @Override
        public double value(INDArray base, double step, INDArray direction) {
            evaluated++;
            return problem.value(base, step, direction);
        }

        @Override
        public Point linearize(INDArray theta) {
            linearized++;
            return problem.linearize(theta);
        }
    }

    @Test
    void theDirectionAfterRejectionsIsThatOfTheNewDamping() {
        Counted counted = new Counted(CURVED);
        try (Training training = new Training(settings(1e-6, 60), CURVED.vector(START))) {
            Step step = training.step(counted);
            assertEquals(Outcome.ACCEPTED, step.outcome());
            assertTrue(step.evaluations() > 3, step::toString);
            assertEquals(step.evaluations(), counted.evaluated, "trials");
            assertEquals(1, counted.linearized, "linearizations");
            assertEquals(0, step.rejectionsInARow());
            double[] exact = CURVED.exact(START, step.damping());
            INDArray expected = CURVED.vector(DenseModel.plus(START, 1, exact));
            assertClose(expected, training.theta(), Tolerances.DOUBLE, "θ");
        }
    }

    /** With one try, with three and with as many as it takes: the same sequence of dampings and the same iterates. */
    @Test
    void triesAreTheStepsThatWouldFollow() {
        for (int tries : new int[] {3, 60}) {
            try (Training single = new Training(settings(1e-6, 1), CURVED.vector(START));
                    Training several = new Training(settings(1e-6, tries), CURVED.vector(START))) {
                while (several.history().size() < 8) {
                    Step step = several.step(CURVED);
                    for (int i = 0; i < step.evaluations(); i++) {
                        single.step(CURVED);
                    }
                    Step last = single.history().get(single.history().size() - 1);
                    assertEquals(last.outcome(), step.outcome());
                    assertEquals(last.damping(), step.damping());
                    assertEquals(last.rejectionsInARow(), step.rejectionsInARow());
                    assertArrayEquals(bits(single.theta()), bits(several.theta()), "θ");
                }
                assertTrue(single.history().size() > several.history().size(), "something was rejected");
            }
        }
    }

    @Test
    void aStepThatRunsOutOfTriesIsRejectedAndGoesOnFromThere() {
        Egn settings = settings(1e-6, 3);
        INDArray start = CURVED.vector(START);
        INDArray array;
        try (Training training = new Training(settings, start)) {
            Step step = training.step(CURVED);
            assertEquals(Outcome.REJECTED, step.outcome());
            assertEquals(3, step.evaluations());
            assertEquals(3, step.rejectionsInARow());
            assertArrayEquals(bits(start), bits(training.theta()), "θ");
            array = training.array().dup();
            training.steps(CURVED, 5);
            try (Training resumed = new Training(settings, start, array)) {
                resumed.steps(CURVED, 5);
                assertArrayEquals(bits(training.theta()), bits(resumed.theta()), "resumed θ");
                assertArrayEquals(bits(training.array()), bits(resumed.array()), "resumed state");
            }
        }
    }

    /** Training stops after as many rejections, whatever step they are in. */
    @Test
    void noStepTriesMoreThanAreAllowedInARow() {
        Egn settings = settings(1e-12, 60).toBuilder().maxRejections(4).build();
        try (Training training = new Training(settings, CURVED.vector(START))) {
            Step step = training.step(CURVED);
            assertEquals(Outcome.REJECTED, step.outcome());
            assertEquals(4, step.rejectionsInARow());
            assertEquals(4, step.evaluations());
        }
    }
}
