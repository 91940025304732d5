package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.lossfunctions.impl.LossMultiLabel;

/**
 * ℓ = (1/s) Σₖₗ yₖ exp(oₗ − oₖ) over the classes k that an example has and l that it has not (yₗ = 0), with s the sum of the yₖ
 * times the number of the others: DL4J's multi-label loss (Zhang and Zhou 2006). An example that has all classes or none has no
 * loss.
 *
 * <p>With aₖ = yₖ exp(−oₖ), bₗ = exp(oₗ), A and B their sums, ℓ = AB/s, and its Hessian is
 * (diag(aB + bA) − abᵀ − baᵀ)/s ⪰ 0: ℓ is convex in o. Cost: c, not c², for each example.
 */
final class MultiLabel implements LossTranslator<LossMultiLabel> {

    @Override
    public String name() {
        return "MULTI_LABEL";
    }

    @Override
    public boolean isJoint() {
        return true;
    }

    @Override
    public OutputLoss create(LossMultiLabel loss, LossInputs inputs) {
        return inputs.joint(Term::new);
    }

    private static final class Term extends JointLoss {

        private final INDArray share;
        private final INDArray others;
        private final INDArray sums;
        private final INDArray otherSums;
        private final INDArray product;
        private final Program prepare;

        Term(Arrays at) {
            super(at);
            LossMemory memory = at.memory();
            share = memory.array();
            others = memory.array();
            sums = memory.column();
            otherSums = memory.column();
            product = memory.array();
            INDArray one = memory.scalar(1.0);
            prepare = memory.program()
                    .legacy(new Step(at.y(), others, 0))
                    .subtract(one, others, others)
                    .sum(at.y(), 1, sums)
                    .sum(others, 1, otherSums)
                    .multiply(SoftmaxRows.spread(sums), SoftmaxRows.spread(otherSums), SoftmaxRows.spread(sums))
                    // an example with all classes or none has a sum of zero, and no share
                    .legacy(new Step(sums, otherSums, 0))
                    .maximum(SoftmaxRows.spread(sums), memory.scalar(1e-30), SoftmaxRows.spread(sums))
                    .divide(SoftmaxRows.spread(otherSums), SoftmaxRows.spread(sums), SoftmaxRows.spread(sums))
                    .multiply(memory.filled(1.0), SoftmaxRows.spread(sums), share);
            weigh(prepare, share);

            Exponentials trial = new Exponentials(evaluate);
            evaluate.multiply(trial.a, SoftmaxRows.spread(trial.sumOfB), product)
                    .multiply(product, share, product);

            Exponentials fixed = new Exponentials(differentiate);
            INDArray up = memory.array();
            INDArray dot = memory.column();
            INDArray scratch = memory.array();
            differentiate
                    .multiply(fixed.a, SoftmaxRows.spread(fixed.sumOfB), up)
                    .multiply(fixed.b, SoftmaxRows.spread(fixed.sumOfA), scratch)
                    .subtract(scratch, up, at.first())
                    .multiply(at.first(), share, at.first())
                    .add(scratch, up, up)
                    .multiply(up, share, at.diagonal())
                    .multiply(up, share, up);
            multiply.multiply(at.in(), up, at.out());
            appendOuter(fixed.a, fixed.b, scratch, dot);
            appendOuter(fixed.b, fixed.a, scratch, dot);
        }

        /** Appends {@code out ← out − share∘x(yᵀin)}. */
        private void appendOuter(INDArray x, INDArray y, INDArray scratch, INDArray dot) {
            multiply.multiply(y, at.in(), scratch)
                    .sum(scratch, 1, dot)
                    .multiply(x, SoftmaxRows.spread(dot), scratch)
                    .multiply(scratch, share, scratch)
                    .subtract(at.out(), scratch, at.out());
        }

        /** a and b, with the largest output of a row taken from all of its outputs: only differences matter. */
        private final class Exponentials {

            final INDArray a = at.memory().array();
            final INDArray b = at.memory().array();
            final INDArray sumOfA = at.memory().column();
            final INDArray sumOfB = at.memory().column();

            Exponentials(Program program) {
                INDArray largest = at.memory().column();
                program.call(
                                "reduce_max",
                                new INDArray[] {at.o()},
                                new INDArray[] {largest},
                                new long[] {1},
                                new double[0])
                        .subtract(at.o(), SoftmaxRows.spread(largest), b)
                        .multiply(b, at.memory().scalar(-1.0), a)
                        .legacy(new Exp(a, a))
                        .legacy(new Exp(b, b))
                        .multiply(a, at.y(), a)
                        .multiply(b, others, b)
                        .sum(a, 1, sumOfA)
                        .sum(b, 1, sumOfB);
            }
        }

        @Override
        protected void prepareLabels() {
            if (at.y().minNumber().doubleValue() < 0) {
                throw new IllegalArgumentException(
                        "Labels of the loss MULTI_LABEL must be at least zero: one for each class"
                                + " that an example has, zero for the others");
            }
            prepare.run();
        }

        @Override
        public double sum() {
            evaluate.run();
            return Vectors.norm1(product);
        }
    }
}
