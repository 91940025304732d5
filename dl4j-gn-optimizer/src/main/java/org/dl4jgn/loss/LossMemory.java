package org.dl4jgn.loss;

import java.util.ArrayList;
import java.util.List;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.plan.ExecutionPlan;
import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arrays, programs and plans of one loss, which live and end with it. Everything is made when the loss is; evaluating
 * it allocates nothing.
 */
public final class LossMemory implements AutoCloseable {

    private final Buffers buffers = new Buffers();
    private final List<Program> programs = new ArrayList<>();
    private final List<ExecutionPlan> plans = new ArrayList<>();
    private final DataType type;
    private final long b;
    private final long c;

    /** @param z the pre-activations, [b, c] */
    LossMemory(INDArray z) {
        type = z.dataType();
        b = z.size(0);
        c = z.size(1);
    }

    /** A new array of the shape and type of z, [b, c], not initialized. */
    public INDArray array() {
        return buffers.allocate(type, b, c);
    }

    /** A new array of so many columns, [b, columns], not initialized. */
    INDArray array(long columns) {
        return buffers.allocate(type, b, columns);
    }

    /** A new array of the shape and type of z, [b, c], with one value. */
    public INDArray filled(double value) {
        return array().assign(value);
    }

    /** A new array with one number for each example, [b], not initialized. */
    public INDArray column() {
        return buffers.allocate(type, b);
    }

    /** A new array with one number, [1, 1], which operations spread over the elements of another. */
    public INDArray scalar(double value) {
        return buffers.allocate(type, 1, 1).assign(value);
    }

    /** A new matrix of ones, [c, c]: a product with it is the sums of rows, each repeated along its row. */
    INDArray ones() {
        return buffers.allocate(type, c, c).assign(1.0);
    }

    /** A new array of flags, [b, c]. */
    INDArray flags() {
        return buffers.allocate(DataType.BOOL, b, c);
    }

    /** A new program. */
    public Program program() {
        Program program = new Program();
        programs.add(program);
        return program;
    }

    /** Takes a plan, which ends with the loss. */
    ExecutionPlan own(ExecutionPlan plan) {
        plans.add(plan);
        return plan;
    }

    /** Bytes of the arrays, without those of plans. */
    public long bytes() {
        return buffers.bytes();
    }

    /** Programs end before the arrays that they are bound to. */
    @Override
    public void close() {
        programs.forEach(Program::close);
        programs.clear();
        plans.forEach(ExecutionPlan::close);
        plans.clear();
        buffers.close();
    }
}
