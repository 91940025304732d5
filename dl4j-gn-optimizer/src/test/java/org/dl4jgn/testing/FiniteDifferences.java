package org.dl4jgn.testing;

import java.util.function.Supplier;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Central differences of whatever depends on a network's parameters. */
public final class FiniteDifferences {

    private static final double STEP = 1e-5;

    private FiniteDifferences() {}

    /** The derivative of {@code f}, an array, along {@code v}; the network's parameters are put back. */
    public static INDArray along(MultiLayerNetwork net, INDArray v, Supplier<INDArray> f) {
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

    /** The gradient of the number {@code f}, [d]. */
    public static INDArray gradient(MultiLayerNetwork net, Supplier<Double> f) {
        INDArray gradient = Nd4j.create(DataType.DOUBLE, net.numParams());
        INDArray direction = Nd4j.create(DataType.DOUBLE, net.numParams());
        for (long i = 0; i < net.numParams(); i++) {
            direction.putScalar(i, 1.0);
            gradient.putScalar(
                    i, along(net, direction, () -> Nd4j.scalar(f.get())).getDouble(0));
            direction.putScalar(i, 0.0);
        }
        return gradient;
    }
}
