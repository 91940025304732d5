package org.dl4jgn.plan;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Whatever else is to happen in its place, on arrays that are not replaced. */
final class ActionCall extends Instruction {

    private final String name;
    private final Runnable action;

    ActionCall(String name, Runnable action) {
        this.name = name;
        this.action = action;
    }

    @Override
    void execute() {
        action.run();
    }

    @Override
    void rebind(INDArray from, INDArray to) {}

    @Override
    String opName() {
        return name;
    }
}
