package org.dl4jgn.plan;

import java.util.List;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.ScalarOp;

/** One operation of the graph under compilation, on {@link Value}s. */
final class Node {

    final List<Value> inputs;
    final List<Value> outputs;

    /** The output may take the memory of an input: every element depends on the elements at its own place only. */
    final boolean elementwise;

    private final Writer writer;

    /** Writes the operation, with its arrays decided, into a program. */
    @FunctionalInterface
    interface Writer {
        void write(Assembly to, INDArray[] in, INDArray[] out);
    }

    Node(List<Value> inputs, List<Value> outputs, boolean elementwise, Writer writer) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.elementwise = elementwise;
        this.writer = writer;
    }

    /** A registered operation of ND4J. */
    static Node call(String op, List<Value> inputs, List<Value> outputs, Arguments arguments, boolean elementwise) {
        return new Node(inputs, outputs, elementwise, calling(op, arguments));
    }

    /** Writes a registered operation of ND4J. */
    static Writer calling(String op, Arguments arguments) {
        return (to, in, out) -> to.program().call(op, Operand.all(in), arguments, out);
    }

    /** An operation of ND4J that exists in its older form only: {@code prototype} holds its scalar and extra arguments. */
    static Node legacy(Op prototype, Value input, Value output) {
        return new Node(
                List.of(input),
                List.of(output),
                true,
                (to, in, out) -> to.program().append(LegacyCall.of(prototype, in[0], out[0], to.buffers())));
    }

    /** An operation of ND4J's older form with a scalar. */
    static Node scalar(Supplier<? extends ScalarOp> op, double scalar, Value input, Value output) {
        return new Node(
                List.of(input),
                List.of(output),
                true,
                (to, in, out) -> to.program().append(LegacyCall.of(op.get(), scalar, in[0], out[0], to.buffers())));
    }

    Stage stage() {
        return outputs.get(0).stage;
    }

    void write(Assembly to) {
        writer.write(
                to,
                inputs.stream().map(Value::array).toArray(INDArray[]::new),
                outputs.stream().map(Value::array).toArray(INDArray[]::new));
    }
}
