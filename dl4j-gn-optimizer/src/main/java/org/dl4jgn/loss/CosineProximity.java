package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossCosineProximity;

/**
 * ℓ = −ûᵀŷ with û = o/‖o‖ and ŷ = y/‖y‖: DL4J's COSINE_PROXIMITY. It is not convex in o, but it is ½‖û − ŷ‖² − 1, a squared
 * error of the direction û, and the generalized Gauss-Newton matrix is taken there: H = (I − ûûᵀ)/‖o‖² ⪰ 0.
 *
 * <p>As in DL4J's score, no length counts as less than 1e-5.
 */
final class CosineProximity implements LossTranslator<LossCosineProximity> {

    @Override
    public String name() {
        return "COSINE_PROXIMITY";
    }

    @Override
    public boolean isJoint() {
        return true;
    }

    @Override
    public OutputLoss create(LossCosineProximity loss, LossInputs inputs) {
        return inputs.joint(Term::new);
    }

    private static final class Term extends JointLoss {

        private final INDArray labels;
        private final INDArray direction;
        private final Program prepare;

        Term(Arrays at) {
            super(at);
            LossMemory memory = at.memory();
            labels = memory.array();
            direction = memory.array();
            prepare = memory.program();
            INDArray squares = memory.array();
            INDArray length = memory.column();
            append(prepare, at.y(), squares, length, labels);
            weigh(prepare, labels);
            append(evaluate, at.o(), squares, length, direction);

            INDArray fixed = memory.array();
            INDArray inverse = memory.array();
            INDArray ones = memory.filled(1.0);
            INDArray dot = memory.column();
            INDArray scratch = memory.array();
            append(differentiate, at.o(), squares, length, fixed);
            differentiate.divide(ones, SoftmaxRows.spread(length), inverse);
            appendProjected(differentiate, fixed, labels, scratch, dot, at.first());
            differentiate
                    .multiply(at.first(), inverse, at.first())
                    .multiply(at.first(), memory.scalar(-1.0), at.first())
                    .multiply(inverse, inverse, inverse);
            weigh(differentiate, inverse);
            differentiate
                    .multiply(fixed, fixed, scratch)
                    .subtract(ones, scratch, scratch)
                    .multiply(scratch, inverse, at.diagonal());
            appendProjected(multiply, fixed, at.in(), scratch, dot, at.out());
            multiply.multiply(at.out(), inverse, at.out());
        }

        /** Appends {@code unit ← x/‖x‖}. */
        private void append(Program program, INDArray x, INDArray squares, INDArray length, INDArray unit) {
            INDArray column = SoftmaxRows.spread(length);
            program.multiply(x, x, squares)
                    .sum(squares, 1, length)
                    .legacy(new Sqrt(length, length))
                    .maximum(column, at.memory().scalar(Nd4j.EPS_THRESHOLD), column)
                    .divide(x, column, unit);
        }

        /** Appends {@code out ← x − û(ûᵀx)}. */
        private static void appendProjected(
                Program program, INDArray unit, INDArray x, INDArray scratch, INDArray dot, INDArray out) {
            program.multiply(unit, x, scratch)
                    .sum(scratch, 1, dot)
                    .multiply(unit, SoftmaxRows.spread(dot), scratch)
                    .subtract(x, scratch, out);
        }

        @Override
        protected void prepareLabels() {
            prepare.run();
        }

        @Override
        public double sum() {
            evaluate.run();
            return -Vectors.dot(direction, labels);
        }

        /** Where all directions are those of the labels. */
        @Override
        protected double least() {
            double least = 0;
            for (long i = 0; i < labels.size(0); i++) {
                least -= Vectors.norm2(labels.getRow(i));
            }
            return least;
        }
    }
}
