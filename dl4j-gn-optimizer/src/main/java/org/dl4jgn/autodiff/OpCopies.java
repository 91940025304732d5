package org.dl4jgn.autodiff;

import java.util.List;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.serde.FlatBuffersMapper;

/** An operation once more in its graph, with its arguments and other inputs: the tangent of whatever is linear. */
final class OpCopies {

    private OpCopies() {}

    /**
     * Adds op(inputs) to the graph.
     *
     * @param output which of its outputs is wanted
     */
    static SDVariable apply(SameDiff graph, DifferentialFunction op, List<SDVariable> inputs, int output) {
        DifferentialFunction copy = FlatBuffersMapper.cloneViaSerialize(graph, op);
        copy.setSameDiff(graph);
        copy.setOwnName(graph.getOpName(op.opName()));
        graph.putOpForId(copy.getOwnName(), copy);
        graph.addArgsFor(inputs.toArray(SDVariable[]::new), copy);
        SDVariable[] outputs = copy.outputVariables();
        return outputs[output];
    }
}
