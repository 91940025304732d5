package org.dl4jgn.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.Op;

/** One operation of the graph under compilation, on {@link Value}s. */
final class Node {

    final List<Value> inputs;
    final List<Value> outputs;

    /** The output may take the memory of an input: every element depends on the elements at its own place only. */
    final boolean elementwise;

    private final Writer writer;

    /** Appends the operation, with its arrays decided, to a program. */
    @FunctionalInterface
    interface Writer {
        void append(Program program, INDArray[] in, INDArray[] out);
    }

    Node(List<Value> inputs, List<Value> outputs, boolean elementwise, Writer writer) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.elementwise = elementwise;
        this.writer = writer;
    }

    /**
     * A registered operation of ND4J.
     *
     * @param view the shape under which the output is handed to the operation, where it is not the value's own
     */
    static Node call(
            String op,
            List<Value> inputs,
            List<Value> outputs,
            Arguments arguments,
            boolean elementwise,
            long @Nullable [] view) {
        return new Node(inputs, outputs, elementwise, (program, in, out) -> {
            if (view != null) {
                out[0] = Views.reshape(out[0], view);
            }
            program.call(op, in, out, arguments.integers, arguments.reals, arguments.flags);
        });
    }

    /** An operation of ND4J that exists in its older form only: {@code prototype} holds its scalar and extra arguments. */
    static Node legacy(Op prototype, Value input, Value output) {
        return new Node(
                List.of(input),
                List.of(output),
                true,
                (program, in, out) -> program.legacy(LegacyOps.copyOf(prototype, in[0], out[0])));
    }

    /** Arguments of an operation other than arrays. */
    record Arguments(long[] integers, double[] reals, boolean[] flags) {

        static final Arguments NONE = new Arguments(new long[0], new double[0], new boolean[0]);

        static Arguments reals(double... reals) {
            return new Arguments(NONE.integers, reals, NONE.flags);
        }

        static Arguments integers(long... integers) {
            return new Arguments(integers, NONE.reals, NONE.flags);
        }
    }

    Stage stage() {
        return outputs.get(0).stage;
    }

    void append(Program program) {
        writer.append(
                program,
                inputs.stream().map(Value::array).toArray(INDArray[]::new),
                outputs.stream().map(Value::array).toArray(INDArray[]::new));
    }
}
