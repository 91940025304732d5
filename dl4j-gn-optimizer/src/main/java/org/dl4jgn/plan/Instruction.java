package org.dl4jgn.plan;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One call with everything about it decided: operation, arguments, input and output arrays. It belongs to the program that
 * it was first added to, which closes it.
 */
abstract class Instruction implements AutoCloseable {

    private boolean closed;

    /**
     * Does its work.
     *
     * @throws IllegalStateException if it was closed
     */
    final void run() {
        if (closed) {
            throw new IllegalStateException("Operation '" + opName()
                    + "' was closed with the plan or program that it belongs to; run it before closing that");
        }
        execute();
    }

    abstract void execute();

    /** Replaces {@code from} by {@code to} wherever it is an input; shapes, types and order must be the same. */
    abstract void rebind(INDArray from, INDArray to);

    abstract String opName();

    /** Frees what it made for itself, once; arrays are their owner's. */
    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            release();
        }
    }

    void release() {}
}
