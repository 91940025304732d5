package org.dl4jgn.plan;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/** A registered operation of ND4J with its context prepared. */
final class PreparedCall extends Instruction {

    private final CustomOp op;
    private final Operand[] in;
    private final INDArray[] out;
    private final CallContext context;

    PreparedCall(String op, Operand[] in, INDArray[] out, Arguments arguments) {
        this(op, in, out, new CallContext(arguments));
    }

    PreparedCall(String op, Operand[] in, INDArray[] out, CallContext context) {
        this.op = DynamicCustomOp.builder(op).build();
        this.in = in;
        this.out = out;
        this.context = context;
        context.bind(views(), out);
    }

    private INDArray[] views() {
        INDArray[] views = new INDArray[in.length];
        for (int i = 0; i < in.length; i++) {
            views[i] = in[i].view();
        }
        return views;
    }

    @Override
    void execute() {
        context.run(op);
    }

    @Override
    void rebind(INDArray from, INDArray to) {
        boolean changed = false;
        for (Operand operand : in) {
            changed |= operand.rebind(from, to);
        }
        if (changed) {
            context.bind(views(), out);
        }
    }

    @Override
    String opName() {
        return op.opName();
    }

    /** Whether its native context was deleted. */
    boolean isDeleted() {
        return context.isDeleted();
    }

    @Override
    void release() {
        context.close();
    }
}
