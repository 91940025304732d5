package org.dl4jgn.loss;

import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;

/** Sums of w·log y over labels y ≥ 0, where 0·log 0 is 0. */
final class LogOfLabels {

    private final INDArray logarithm;
    private final Program program;

    LogOfLabels(LossMemory memory, INDArray y) {
        logarithm = memory.array();
        INDArray smallest = memory.scalar(y.dataType() == DataType.DOUBLE ? Double.MIN_NORMAL : Float.MIN_NORMAL);
        program = memory.program().maximum(y, smallest, logarithm).legacy(new Log(logarithm, logarithm));
    }

    /** Σ w·log y; w must be zero where y is. */
    double weightedSum(INDArray w) {
        program.run();
        return Vectors.dot(w, logarithm);
    }
}
