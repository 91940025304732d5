package org.dl4jgn.problem;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.testing.DenseProblem;
import org.dl4jgn.testing.DenseProblem.Loss;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The contract of problems, for the dense reference and for problems made of others. */
class ProblemTest {

    private static final int D = 5;

    private static DenseProblem dense(Loss loss) {
        return DenseProblem.random(loss, 6, 3, D, 17);
    }

    private static INDArray theta(DataType type) {
        return dense(Loss.SOFTMAX).ofType(type).vector(0.3, -0.2, 0.5, 0.1, -0.4);
    }

    private static Penalty penalty(double... coefficients) {
        return new Penalty(List.of(new Span(0, 2), new Span(2, D - 2)), coefficients, DataType.DOUBLE);
    }

    /** A dense problem and its halves. */
    private abstract static class Dense extends ProblemContract {

        private final DenseProblem problem;

        Dense(DenseProblem problem) {
            this.problem = problem;
        }

        @Override
        protected Problem problem() {
            return problem;
        }

        @Override
        protected INDArray theta() {
            return ProblemTest.theta(problem.dataType());
        }

        @Override
        protected List<Problem> parts() {
            return List.of(problem.part(0, 2), problem.part(2, (int) problem.examples()));
        }
    }

    @Nested
    class OfLeastSquares extends Dense {
        OfLeastSquares() {
            super(dense(Loss.LEAST_SQUARES));
        }
    }

    @Nested
    class OfSoftmax extends Dense {
        OfSoftmax() {
            super(dense(Loss.SOFTMAX));
        }
    }

    @Nested
    class OfFloat extends Dense {
        OfFloat() {
            super(dense(Loss.SOFTMAX).ofType(DataType.FLOAT));
        }
    }

    /** With l2, its halves being one with l2 and one without. */
    @Nested
    class WithPenalty extends ProblemContract {

        private final Penalty penalty = penalty(0.4, 0);
        private final DenseProblem data = dense(Loss.SOFTMAX);
        private final RegularizedProblem whole = new RegularizedProblem(data, penalty);
        private final RegularizedProblem half = new RegularizedProblem(data.part(0, 3), penalty);

        @Override
        protected Problem problem() {
            return whole;
        }

        @Override
        protected INDArray theta() {
            return ProblemTest.theta(DataType.DOUBLE);
        }

        @Override
        protected List<Problem> parts() {
            return List.of(half, data.part(3, 6));
        }

        @Override
        protected void end() {
            whole.close();
            half.close();
            penalty.close();
        }
    }

    @Nested
    class OfSums extends ProblemContract {

        private final DenseProblem data = dense(Loss.LEAST_SQUARES);
        private final SumProblem sum = new SumProblem(List.of(data.part(0, 1), data.part(1, 4), data.part(4, 6)));

        @Override
        protected Problem problem() {
            return sum;
        }

        @Override
        protected INDArray theta() {
            return ProblemTest.theta(DataType.DOUBLE);
        }

        @Override
        protected List<Problem> parts() {
            return List.of(data);
        }

        @Override
        protected void end() {
            sum.close();
        }
    }

    @Test
    void anEmptySumAndProblemsThatDoNotFitAreRefused() {
        assertFails(IllegalArgumentException.class, () -> new SumProblem(List.of()), "at least one");
        DenseProblem other = DenseProblem.random(Loss.SOFTMAX, 3, 2, D + 1, 1);
        assertFails(
                IllegalArgumentException.class,
                () -> new SumProblem(List.of(dense(Loss.SOFTMAX), other)),
                "5 parameters",
                "6");
    }

    @Test
    void aPenaltyRefusesWhatIsNoPenalty() {
        assertFails(IllegalArgumentException.class, () -> penalty(-1, 0), "-1.0", "≥ 0");
        assertFails(IllegalArgumentException.class, () -> penalty(1), "1 coefficients for 2 spans");
        try (Penalty none = penalty(0, 0)) {
            assertTrue(none.isZero());
        }
    }
}
