package org.dl4jgn.loss;

import org.dl4jgn.plan.Program;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Labels between zero and one, as binary cross-entropy takes them: ωy and ω(1 − y). */
final class BinaryLabels {

    /** ωy. */
    final INDArray ones;

    /** ω(1 − y). */
    final INDArray zeros;

    private final Program prepare;
    private final LogOfLabels logOfOnes;
    private final LogOfLabels logOfZeros;

    BinaryLabels(LossMemory memory, INDArray y, @Nullable INDArray omega) {
        INDArray complement = memory.array();
        ones = omega == null ? y : memory.array();
        zeros = omega == null ? complement : memory.array();
        prepare = memory.program().subtract(memory.scalar(1.0), y, complement);
        if (omega != null) {
            prepare.multiply(y, omega, ones).multiply(complement, omega, zeros);
        }
        logOfOnes = new LogOfLabels(memory, y);
        logOfZeros = new LogOfLabels(memory, complement);
    }

    /** To be called when labels or weights have changed. */
    void prepare() {
        prepare.run();
    }

    /** −Σ ω(y log y + (1 − y) log(1 − y)): the least that their binary cross-entropy can be. */
    double entropy() {
        return -logOfOnes.weightedSum(ones) - logOfZeros.weightedSum(zeros);
    }
}
