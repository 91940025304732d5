package org.dl4jgn.curvature;

import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.network.ParameterSpace;
import org.dl4jgn.translate.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A compiled network with all that its problems and their points keep: one problem at a time, and one point of it. */
final class Compilation implements AutoCloseable {

    private final CompiledNetwork network;
    private final ParameterSpace space;
    private final Buffers buffers = new Buffers();
    private @Nullable INDArray origin;
    private @Nullable INDArray gradient;
    private long point;

    Compilation(Model model, ParameterSpace space, long batch, boolean masked, long... example) {
        this.space = space;
        network = new CompiledNetwork(model, space, batch, masked, example);
    }

    CompiledNetwork network() {
        return network;
    }

    /** Ends the point before; returns the number of the next. */
    long nextPoint() {
        return ++point;
    }

    /** The number of the point that the vectors belong to. */
    long point() {
        return point;
    }

    /** θ of the point. */
    INDArray origin() {
        if (origin == null) {
            origin = buffers.allocate(space.theta.dataType(), space.theta.length());
        }
        return origin;
    }

    /** g of the point. */
    INDArray gradient() {
        if (gradient == null) {
            gradient = buffers.allocate(space.theta.dataType(), space.theta.length());
        }
        return gradient;
    }

    @Override
    public void close() {
        point++;
        network.close();
        buffers.close();
    }
}
