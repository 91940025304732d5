package org.dl4jgn.plan;

import java.util.ArrayList;
import java.util.List;
import org.dl4jgn.linalg.Buffers;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays in the place of an operation's inputs while a graph is compiled, with those of their elements that are known by then. */
final class StandIns {

    private final List<Value> inputs;

    StandIns(List<Value> inputs) {
        this.inputs = inputs;
    }

    /** Shapes and types of what comes out of an operation. */
    List<LongShapeDescriptor> shapes(String name, Arguments arguments) {
        try (Buffers buffers = new Buffers()) {
            CallContext context = buffers.own(new CallContext(arguments));
            return context.outputsOf(DynamicCustomOp.builder(name).build(), arrays(buffers));
        }
    }

    /** What comes out of what is known: integers, such as the place where a gradient of something padded begins. */
    long[] computed(String name, Arguments arguments, Value out) {
        try (Buffers buffers = new Buffers()) {
            CallContext context = buffers.own(new CallContext(arguments));
            INDArray result = buffers.allocate(out.type, out.shape);
            context.bind(arrays(buffers).toArray(INDArray[]::new), new INDArray[] {result});
            context.run(DynamicCustomOp.builder(name).build());
            return result.reshape(result.length()).toLongVector();
        }
    }

    private List<INDArray> arrays(Buffers buffers) {
        List<INDArray> arrays = new ArrayList<>();
        for (Value v : inputs) {
            INDArray array = v.array != null ? v.array : buffers.allocate(v.type, v.shape);
            if (v.array == null && v.known != null) {
                array.assign(buffers.own(Nd4j.createFromArray(v.known)).reshape(v.shape));
            }
            arrays.add(array);
        }
        return arrays;
    }
}
