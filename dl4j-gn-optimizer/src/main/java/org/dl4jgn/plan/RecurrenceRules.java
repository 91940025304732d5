package org.dl4jgn.plan;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.dl4jgn.ops.PeepholeProduct;
import org.dl4jgn.ops.PeepholeSums;
import org.dl4jgn.ops.Recurrence;
import org.dl4jgn.ops.RecurrentCotangent;
import org.dl4jgn.ops.RecurrentLoop;
import org.dl4jgn.ops.RecurrentTangent;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Lowering rules of what recurrent layers are made of. */
final class RecurrenceRules {

    private RecurrenceRules() {}

    static Map<String, LoweringRule> all() {
        return Map.of(
                Recurrence.NAME, RecurrenceRules::recurrence,
                RecurrentTangent.NAME,
                        op -> loop(op, (to, arrays) -> to.kernels().recurrentTangent(to.program(), arrays)),
                RecurrentCotangent.NAME,
                        op -> loop(op, (to, arrays) -> to.kernels().recurrentCotangent(to.program(), arrays)),
                PeepholeProduct.NAME, RecurrenceRules::peepholeProduct,
                PeepholeSums.NAME, RecurrenceRules::peepholeSums);
    }

    private static void recurrence(Lowering op) {
        Recurrence layer = (Recurrence) op.op;
        op.emit(
                layer.shapes(),
                Collections.nCopies(layer.getNumOutputs(), op.input(0).type),
                (to, in, out) -> to.kernels()
                        .recurrence(
                                to.program(),
                                new RecurrenceArrays(
                                        layer.cell(),
                                        layer.steps(),
                                        in[0],
                                        in[1],
                                        optional(layer, 0, in),
                                        optional(layer, 1, in),
                                        optional(layer, 2, in),
                                        optional(layer, 3, in),
                                        out)));
    }

    private static @Nullable INDArray optional(Recurrence layer, int i, INDArray[] in) {
        int position = layer.position(i);
        return position < 0 ? null : in[position];
    }

    private interface LoopWriter {
        void write(Assembly to, LoopArrays arrays);
    }

    private static void loop(Lowering op, LoopWriter writer) {
        RecurrentLoop loop = (RecurrentLoop) op.op;
        op.emit(
                loop.shape(),
                List.of(op.input(0).type),
                (to, in, out) -> writer.write(
                        to,
                        new LoopArrays(
                                loop.cell(),
                                loop.steps(),
                                in[0],
                                in[1],
                                in[2],
                                loop.cell().peepholes() ? in[3] : null,
                                out[0])));
    }

    private static void peepholeProduct(Lowering op) {
        op.emit(
                ((PeepholeProduct) op.op).shape(),
                List.of(op.input(0).type),
                (to, in, out) -> to.kernels().peepholeProduct(to.program(), in[0], in[1], in[2], out[0]));
    }

    private static void peepholeSums(Lowering op) {
        op.emit(
                ((PeepholeSums) op.op).shape(),
                List.of(op.input(0).type),
                (to, in, out) -> to.kernels().peepholeSums(to.program(), in[0], in[1], in[2], out[0]));
    }
}
