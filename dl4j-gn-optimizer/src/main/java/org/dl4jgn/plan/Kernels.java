package org.dl4jgn.plan;

import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.HostMemory;
import org.dl4jgn.ops.IndexMap;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The operations of {@link org.dl4jgn.ops} as instructions, for one backend. Arrays hold the examples one behind the other,
 * each as the operation's map has it, in whatever shape.
 */
interface Kernels {

    /** y = Sx of {@link org.dl4jgn.ops.Pick}. */
    void pick(Program program, IndexMap map, INDArray x, INDArray y);

    /** x = Sᵀy of {@link org.dl4jgn.ops.Scatter}. */
    void scatter(Program program, IndexMap map, INDArray y, INDArray x);

    /** y = x[i] of {@link org.dl4jgn.ops.Take}. */
    void take(Program program, IndexMap windows, INDArray x, INDArray indices, INDArray y);

    /** The transpose of {@link #take}, {@link org.dl4jgn.ops.Put}. */
    void put(Program program, IndexMap windows, INDArray y, INDArray indices, INDArray x);

    /** Maxima y and where they are, {@link org.dl4jgn.ops.WindowMaximum}. */
    void windowMaximum(Program program, IndexMap windows, INDArray x, INDArray y, INDArray indices);

    /** {@link org.dl4jgn.ops.OneHotRows}; running it refuses what is no index of a row's element. */
    void oneHotRows(Program program, INDArray indices, INDArray rows);

    /** y = 1/(1 + e⁻ˣ), element by element; y may be x. */
    default void sigmoid(Program program, INDArray x, INDArray y) {
        program.apply("sigmoid", x, y);
    }

    /** y = tanh x, element by element; y may be x. */
    default void tanh(Program program, INDArray x, INDArray y) {
        program.apply("tanh", x, y);
    }

    /** {@link org.dl4jgn.ops.Recurrence}. */
    void recurrence(Program program, RecurrenceArrays arrays);

    /** {@link org.dl4jgn.ops.RecurrentTangent}. */
    void recurrentTangent(Program program, LoopArrays arrays);

    /** {@link org.dl4jgn.ops.RecurrentCotangent}. */
    void recurrentCotangent(Program program, LoopArrays arrays);

    /** {@link org.dl4jgn.ops.PeepholeProduct}. */
    void peepholeProduct(Program program, INDArray peepholes, INDArray before, INDArray cells, INDArray out);

    /** {@link org.dl4jgn.ops.PeepholeSums}. */
    void peepholeSums(Program program, INDArray q, INDArray before, INDArray cells, INDArray out);

    /**
     * Loops in Java where the memory of arrays is the host's, ND4J's own operations elsewhere.
     *
     * @param buffers owner of what they need beside their operands
     */
    static Kernels create(Buffers buffers) {
        return HostMemory.isAddressable() ? new HostKernels(buffers) : new BackendKernels(buffers);
    }
}
