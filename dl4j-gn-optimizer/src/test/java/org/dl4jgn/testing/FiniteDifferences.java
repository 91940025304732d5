package org.dl4jgn.testing;

import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Central differences of whatever depends on a network's parameters. */
public final class FiniteDifferences {

    private static final double STEP = 1e-5;

    private FiniteDifferences() {}

    /** The derivative of {@code f}, an array, along {@code v}; the network's parameters are put back. */
    public static INDArray along(Model net, INDArray v, Supplier<INDArray> f) {
        INDArray origin = net.params().dup();
        INDArray step = v.reshape(origin.shape()).mul(STEP);
        try {
            net.setParams(origin.add(step));
            INDArray ahead = f.get().dup();
            net.setParams(origin.sub(step));
            return ahead.sub(f.get()).div(2 * STEP);
        } finally {
            net.setParams(origin);
        }
    }

    /** The derivative of {@code f}, a number, along {@code v}. */
    public static double along(Model net, INDArray v, DoubleSupplier f) {
        return along(net, v, () -> Nd4j.scalar(f.getAsDouble())).getDouble(0);
    }
}
