package org.dl4jgn.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ops.Op;

/** One operation of the graph under compilation, on {@link Value}s. */
final class Node {

    final String op;
    final List<Value> inputs;
    final List<Value> outputs;
    final long[] integers;
    final double[] reals;
    final boolean[] flags;

    /** Set for an operation that exists only in ND4J's older form: a prototype with its scalar and extra arguments. */
    final @Nullable Op legacy;

    /** The output may take the memory of an input: every element depends on the elements at its own place only. */
    final boolean elementwise;

    /** The shape under which the output is handed to the operation, where it is not the value's own. */
    final long @Nullable [] outputView;

    Node(
            String op,
            List<Value> inputs,
            List<Value> outputs,
            long[] integers,
            double[] reals,
            boolean[] flags,
            @Nullable Op legacy,
            boolean elementwise,
            long @Nullable [] outputView) {
        this.op = op;
        this.inputs = inputs;
        this.outputs = outputs;
        this.integers = integers;
        this.reals = reals;
        this.flags = flags;
        this.legacy = legacy;
        this.elementwise = elementwise;
        this.outputView = outputView;
    }

    Stage stage() {
        return outputs.get(0).stage;
    }
}
