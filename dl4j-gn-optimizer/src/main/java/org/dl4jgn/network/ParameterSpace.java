package org.dl4jgn.network;

import java.util.List;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.translate.ParameterSlot;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The flat vectors of length d, in working order (see {@link ParameterOrder}), that all compiled networks of a model read and
 * write: where the native calls are bound to.
 *
 * <p>θ is written through {@link #moveTo} alone, so that whoever computed something at θ can ask whether that is still where
 * the vector is.
 */
public final class ParameterSpace implements AutoCloseable {

    private final List<ParameterSlot> slots;
    private final Buffers buffers = new Buffers();
    private final INDArray difference;
    private long place;

    /** θ, where forward passes read the parameters. */
    public final INDArray theta;

    /** v, where Jacobian-vector products read the tangent. */
    public final INDArray tangent;

    /** Where vector-Jacobian products write. */
    public final INDArray product;

    /** Vectors for the parameters in {@code slots}, which tile them. */
    public ParameterSpace(List<ParameterSlot> slots, DataType type) {
        this.slots = slots;
        long d = slots.stream().mapToLong(ParameterSlot::length).sum();
        theta = buffers.allocate(type, d).assign(0.0);
        tangent = buffers.allocate(type, d).assign(0.0);
        product = buffers.allocate(type, d).assign(0.0);
        difference = buffers.allocate(type, d);
    }

    public List<ParameterSlot> slots() {
        return slots;
    }

    /** A number that changes with θ. */
    public long place() {
        return place;
    }

    /** Sets θ; its {@link #place} stays if it is there. */
    public void moveTo(INDArray point) {
        if (!Vectors.areSame(point, theta, difference)) {
            Vectors.copy(point, theta);
            place++;
        }
    }

    /** Sets θ ← base + step·direction. */
    public void moveTo(INDArray base, double step, INDArray direction) {
        Vectors.copy(base, theta);
        Vectors.axpy(step, direction, theta);
        place++;
    }

    @Override
    public void close() {
        buffers.close();
    }
}
