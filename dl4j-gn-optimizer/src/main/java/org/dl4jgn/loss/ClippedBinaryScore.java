package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;

/** −Σ ωy log ô + ω(1 − y) log(1 − ô) with ô = o clipped to [ε, 1 − ε]: what DL4J reports as binary cross-entropy. */
final class ClippedBinaryScore {

    private final BinaryLabels labels;
    private final INDArray clipped;
    private final INDArray complement;
    private final Program program;

    /**
     * Appends to {@code program}, which computes {@code o}.
     *
     * @param clip ε, 0 for none
     */
    ClippedBinaryScore(LossMemory memory, Program program, INDArray o, BinaryLabels labels, double clip) {
        this.labels = labels;
        this.program = program;
        clipped = memory.array();
        complement = memory.array();
        if (clip > 0) {
            program.apply("clipbyvalue", o, clipped, clip, 1 - clip);
        } else {
            program.copy(o, clipped);
        }
        program.subtract(memory.scalar(1.0), clipped, complement)
                .legacy(new Log(complement, complement))
                .legacy(new Log(clipped, clipped));
    }

    double sum() {
        program.run();
        return -Vectors.dot(labels.ones, clipped) - Vectors.dot(labels.zeros, complement);
    }
}
