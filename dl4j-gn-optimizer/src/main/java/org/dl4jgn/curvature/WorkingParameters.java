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
    private final INDArray difference;
    private boolean hasWritten;

    /** The parameters of a model, which has not been read yet; in an order of the same slots that is their own. */
    public WorkingParameters(Model model, ParameterOrder orderOfAll) {
        this.model = model;
        order = buffers.own(new ParameterOrder(orderOfAll.slots(), model.type()));
        difference = buffers.allocate(model.type(), model.parameterCount());
    }

    /**
     * θ ← the model's parameters.
     *
     * @return θ, in working order; valid until the next call, not to be changed
     */
    public INDArray read() {
        INDArray params = model.params();
        // the usual case: nobody changed the parameters since the last step, and a comparison is ten times cheaper
        if (!hasWritten || !Vectors.areSame(params, order.ofNetwork(), difference)) {
            Vectors.copy(params, order.ofNetwork());
            order.toWorkingOrder();
        }
        return order.working();
    }

    /** The model's parameters ← {@code next}, in working order. */
    public void write(INDArray next) {
        Vectors.copy(next, order.working());
        order.toNetworkOrder();
        Vectors.copy(order.ofNetwork(), model.params());
        hasWritten = true;
    }

    @Override
    public void close() {
        buffers.close();
    }
}
