package org.dl4jgn.bench.speed;

import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A native operation on fixed arrays, prepared as the library's steps prepare theirs, so that nothing but it is timed. */
final class PreparedCall implements Runnable {

    private static final double[] NO_REALS = {};

    private final Program program;

    private PreparedCall(Program program) {
        this.program = program;
    }

    /** A matrix product. */
    static PreparedCall matmul(INDArray a, boolean transposeA, INDArray b, boolean transposeB, INDArray result) {
        return new PreparedCall(new Program().matmul(a, transposeA, b, transposeB, result));
    }

    /** An operation by its name in ND4J, with its integer arguments. */
    static PreparedCall of(String op, long[] integers, INDArray[] in, INDArray... out) {
        return new PreparedCall(new Program().call(op, in, out, integers, NO_REALS));
    }

    @Override
    public void run() {
        program.run();
    }
}
