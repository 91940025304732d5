package org.dl4jgn.plan;

import java.util.Map;
import java.util.Optional;
import org.dl4jgn.linalg.Buffers;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where the instructions of a plan go, and what they are made with.
 *
 * @param stage the stage that is being written
 * @param program its program
 * @param batch the program of the stage that takes a batch in, all of which is written before what reads it
 * @param kernels this library's own operations, as the backend has them
 * @param buffers owner of arrays that instructions need beside their operands
 * @param usedColumns those of the arrays of a batch that products read
 */
record Assembly(
        Stage stage,
        Program program,
        Program batch,
        Kernels kernels,
        Buffers buffers,
        Map<INDArray, Optional<UsedColumns>> usedColumns) {

    /**
     * {@code out = op(a)·op(b)} for matrices.
     *
     * @param known in which {@code a} is there
     */
    void multiply(INDArray a, Stage known, INDArray b, Arguments transposes, INDArray out) {
        Instruction whole = TurnedProduct.of(a, b, transposes, out, buffers)
                .orElseGet(() -> Program.instruction(ProductCall.NAME, Operand.all(a, b), transposes, out));
        boolean isOfProducts = stage == Stage.JVP || stage == Stage.VJP;
        Optional<UsedColumns> columns = known == Stage.BATCH && isOfProducts && NarrowProduct.isFor(transposes, b, out)
                ? columns(a)
                : Optional.empty();
        program.append(columns.<Instruction>map(used -> new NarrowProduct(used, stage, whole, transposes, b, out))
                .orElse(whole));
    }

    private Optional<UsedColumns> columns(INDArray a) {
        return usedColumns.computeIfAbsent(a, array -> {
            Optional<UsedColumns> used = UsedColumns.of(array, buffers);
            used.ifPresent(batch::append);
            return used;
        });
    }
}
