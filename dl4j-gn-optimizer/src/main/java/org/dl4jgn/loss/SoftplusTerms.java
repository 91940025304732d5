package org.dl4jgn.loss;

import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;

/**
 * Softplus of z and of −z with all their digits: log(1 + eᶻ) = max(z, 0) + τ and log(1 + e⁻ᶻ) = −min(z, 0) + τ, with
 * τ = log(1 + e^−|z|). The first is −log(1 − σ(z)), the second −log σ(z) for the sigmoid σ.
 */
final class SoftplusTerms {

    /** max(z, 0). */
    final INDArray positive;

    /** min(z, 0). */
    final INDArray negative;

    /** τ, which is at most log 2. */
    final INDArray tail;

    private final INDArray z;
    private final INDArray exponential;
    private final Log1p log1p;

    SoftplusTerms(LossMemory memory, INDArray z) {
        this.z = z;
        positive = memory.array();
        negative = memory.array();
        tail = memory.array();
        exponential = memory.array();
        log1p = new Log1p(memory, memory.array());
    }

    /** Appends what computes the three. */
    void append(Program program) {
        program.apply("relu", z, positive, 0.0)
                .subtract(z, positive, negative)
                .subtract(negative, positive, exponential)
                .legacy(new Exp(exponential, exponential));
        log1p.append(program, exponential, tail);
    }
}
