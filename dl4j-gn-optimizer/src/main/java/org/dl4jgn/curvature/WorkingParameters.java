package org.dl4jgn.curvature;

import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.network.ParameterOrder;
import org.dl4jgn.translate.Model;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A model's parameters in working order: read before a step, written after it. */
public final class WorkingParameters implements AutoCloseable {

    private final Model model;
    private final ParameterOrder order;
    private final Buffers buffers = new Buffers();
    private final INDArray theta;
    private final INDArray difference;
    private final INDArray written;
    private boolean hasWritten;

    /** The parameters of a model, which has not been read yet. */
    public WorkingParameters(Model model, ParameterOrder order) {
        this.model = model;
        this.order = order;
        theta = buffers.allocate(model.type(), model.parameterCount());
        difference = buffers.allocate(model.type(), model.parameterCount());
        written = buffers.allocate(model.type(), model.parameterCount());
    }

    /**
     * θ ← the model's parameters.
     *
     * @return θ, in working order; valid until the next call, not to be changed
     */
    public INDArray read() {
        INDArray params = model.params();
        if (hasWritten) {
            // the usual case: nobody changed the parameters since the last step, and a comparison is ten times cheaper
            Vectors.copy(params, difference);
            Vectors.axpy(-1.0, written, difference);
            if (Vectors.norm1(difference) == 0) {
                return theta;
            }
        }
        order.toWorkingOrder(params, theta);
        return theta;
    }

    /** The model's parameters ← {@code next}, in working order. */
    public void write(INDArray next) {
        Vectors.copy(next, theta);
        order.toNetworkOrder(theta, model.params());
        Vectors.copy(model.params(), written);
        hasWritten = true;
    }

    @Override
    public void close() {
        buffers.close();
    }
}
