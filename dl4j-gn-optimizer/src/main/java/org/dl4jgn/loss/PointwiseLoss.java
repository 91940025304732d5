package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;

/**
 * A loss that is a sum over the elements of the output, Σᵢₖ ωᵢₖ ℓ(oᵢₖ, yᵢₖ), with its first two derivatives in o.
 *
 * <p>ω holds DL4J's loss weights and masks; null where there are none. Instances are bound to their arrays.
 */
abstract class PointwiseLoss {

    /** Arrays of one batch, all [b, c]: activations o, labels y, weights ω or null, and room for ωℓ′ and ωℓ″. */
    record Arrays(
            INDArray o, INDArray y, @Nullable INDArray omega, INDArray first, INDArray second, INDArray scratch) {}

    final Arrays at;
    final Program evaluate = new Program();
    final Program differentiate = new Program();

    private PointwiseLoss(Arrays at) {
        this.at = at;
    }

    /** Σᵢₖ ωᵢₖ ℓ(oᵢₖ, yᵢₖ). */
    abstract double sum();

    /** Writes ωℓ′ and ωℓ″ at o. */
    final void differentiate() {
        differentiate.run();
    }

    private static void weigh(Program program, INDArray array, @Nullable INDArray omega) {
        if (omega != null) {
            program.multiply(array, omega, array);
        }
    }

    /** ℓ = s(o − y)²: DL4J's L2 (s = 1) and MSE (s = 1/c). No factor ½. */
    static final class SquaredError extends PointwiseLoss {

        private final double s;
        private final INDArray error;

        SquaredError(Arrays at, double s) {
            super(at);
            this.s = s;
            this.error = at.scratch;
            INDArray twice = at.o.ulike().assign(2 * s);
            evaluate.subtract(at.o, at.y, error);
            if (at.omega != null) {
                evaluate.multiply(error, at.omega, at.first);
            }
            differentiate.subtract(at.o, at.y, error).multiply(error, twice, at.first);
            weigh(differentiate, at.first, at.omega);
            if (at.omega == null) {
                differentiate.copy(twice, at.second);
            } else {
                differentiate.multiply(twice, at.omega, at.second);
            }
        }

        @Override
        double sum() {
            evaluate.run();
            return s * Vectors.dot(error, at.omega == null ? error : at.first);
        }
    }

    /** ℓ = −y log o: DL4J's MCXENT on an activation that is not softmax. */
    static final class CrossEntropy extends PointwiseLoss {

        private final INDArray labels;

        CrossEntropy(Arrays at) {
            super(at);
            labels = at.omega == null ? at.y : at.first;
            if (at.omega != null) {
                evaluate.multiply(at.y, at.omega, labels);
            }
            evaluate.legacy(new Log(at.o, at.scratch));
            INDArray minusOne = at.o.ulike().assign(-1.0);
            differentiate.divide(at.y, at.o, at.first);
            weigh(differentiate, at.first, at.omega);
            differentiate.divide(at.first, at.o, at.second).multiply(at.first, minusOne, at.first);
        }

        @Override
        double sum() {
            evaluate.run();
            return -Vectors.dot(labels, at.scratch);
        }
    }

    /** ℓ = −y log ô − (1 − y) log(1 − ô) with ô = o clipped to [ε, 1 − ε]: DL4J's XENT. */
    static final class BinaryCrossEntropy extends PointwiseLoss {

        private final INDArray weightedLabels;
        private final INDArray weightedComplement;
        private final INDArray clipped;
        private final INDArray logComplement;

        BinaryCrossEntropy(Arrays at, double clip) {
            super(at);
            INDArray one = at.o.ulike().assign(1.0);
            weightedLabels = at.y.ulike();
            weightedComplement = at.y.ulike();
            clipped = at.o.ulike();
            logComplement = at.scratch;
            INDArray variance = at.o.ulike();
            evaluate.copy(at.y, weightedLabels).subtract(one, at.y, weightedComplement);
            weigh(evaluate, weightedLabels, at.omega);
            weigh(evaluate, weightedComplement, at.omega);
            clip(evaluate, clip);
            evaluate.subtract(one, clipped, logComplement)
                    .legacy(new Log(logComplement, logComplement))
                    .legacy(new Log(clipped, clipped));

            clip(differentiate, clip);
            // ℓ′ = (ô − y) / (ô(1 − ô)); ℓ″ = y/ô² + (1 − y)/(1 − ô)² = (ô² − 2ôy + y) / (ô(1 − ô))²
            differentiate
                    .subtract(one, clipped, variance)
                    .multiply(variance, clipped, variance)
                    .subtract(clipped, at.y, at.first)
                    .multiply(clipped, at.first, at.second)
                    .subtract(one, clipped, at.scratch)
                    .multiply(at.scratch, at.y, at.scratch)
                    .add(at.second, at.scratch, at.second)
                    .divide(at.first, variance, at.first)
                    .divide(at.second, variance, at.second)
                    .divide(at.second, variance, at.second);
            weigh(differentiate, at.first, at.omega);
            weigh(differentiate, at.second, at.omega);
        }

        private void clip(Program program, double epsilon) {
            if (epsilon > 0) {
                program.apply("clipbyvalue", at.o, clipped, epsilon, 1 - epsilon);
            } else {
                program.copy(at.o, clipped);
            }
        }

        @Override
        double sum() {
            evaluate.run();
            return -Vectors.dot(weightedLabels, clipped) - Vectors.dot(weightedComplement, logComplement);
        }
    }

    /** ℓ = o − y log o: DL4J's POISSON. */
    static final class Poisson extends PointwiseLoss {

        private final INDArray ones;
        private final INDArray labels;

        Poisson(Arrays at) {
            super(at);
            ones = at.omega == null ? at.o.ulike().assign(1.0) : at.omega;
            labels = at.omega == null ? at.y : at.first;
            if (at.omega != null) {
                evaluate.multiply(at.y, at.omega, labels);
            }
            evaluate.legacy(new Log(at.o, at.scratch));
            differentiate.divide(at.y, at.o, at.scratch);
            weigh(differentiate, at.scratch, at.omega);
            differentiate.subtract(ones, at.scratch, at.first).divide(at.scratch, at.o, at.second);
        }

        @Override
        double sum() {
            evaluate.run();
            return Vectors.dot(ones, at.o) - Vectors.dot(labels, at.scratch);
        }
    }
}
