package org.dl4jgn.network;

import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.plan.Program;
import org.dl4jgn.translate.ParameterSlot;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The flat vectors of length d that the plans of a network share, and the conversion between the two orders.
 *
 * <p><b>Working order.</b> DL4J flattens dense weights column by column. Products are up to 3.5 times faster into
 * row-by-row weights (784 × 20, batch 1000, float: XV 113 against 399 µs, XᵀΔ 113 against 394), and conjugate gradients
 * do not mind the order of the unknowns. So parameters and all vectors live row by row here; a vector is converted when
 * it enters or leaves, once a step.
 */
public final class ParameterSpace implements AutoCloseable {

    private final MultiLayerNetwork net;
    private final List<ParameterSlot> slots;

    /** θ, where forward passes read the parameters. */
    public final INDArray theta;

    /** v, where Jacobian-vector products read the tangent. */
    public final INDArray tangent;

    /** Where vector-Jacobian products write. */
    public final INDArray product;

    public ParameterSpace(MultiLayerNetwork net, List<ParameterSlot> slots) {
        this.net = net;
        this.slots = slots;
        theta = newVector();
        tangent = newVector();
        product = newVector();
    }

    /** A vector of length d, zero, outside of any workspace. */
    public INDArray newVector() {
        DataType type = net.params().dataType();
        return Nd4j.createUninitializedDetached(type, net.numParams()).assign(0.0);
    }

    public List<ParameterSlot> slots() {
        return slots;
    }

    /** A program that copies {@code flat}, in DL4J's order, to {@code working}. */
    public Program toWorking(INDArray flat, INDArray working) {
        return conversion(flat, working, true);
    }

    /** A program that copies {@code working} to {@code flat}, in DL4J's order. */
    public Program toNetwork(INDArray working, INDArray flat) {
        return conversion(working, flat, false);
    }

    /** A copy of the matrix {@code rows}, [n, d], with its columns in DL4J's order. */
    public INDArray rowsToNetworkOrder(INDArray rows) {
        INDArray result = rows.dup('c');
        for (ParameterSlot slot : slots) {
            if (slot.isReordered()) {
                INDArrayIndex columns = NDArrayIndex.interval(slot.offset(), slot.offset() + slot.length());
                result.get(NDArrayIndex.all(), columns)
                        .assign(slot.layout().rowsToNetworkOrder(rows.get(NDArrayIndex.all(), columns)));
            }
        }
        return result;
    }

    private Program conversion(INDArray from, INDArray to, boolean toWorking) {
        Program program = new Program();
        for (ParameterSlot slot : slots) {
            INDArray source = toWorking ? slot.inNetworkOrder(from) : slot.forCopies(from);
            INDArray target = toWorking ? slot.forCopies(to) : slot.inNetworkOrder(to);
            if (slot.isReordered() && source.rank() == 2) {
                INDArray rows = toWorking ? source.transpose() : source;
                program.transpose(rows, toWorking ? target : target.transpose());
            } else {
                program.copy(source, target);
            }
        }
        return program;
    }

    @Override
    public void close() {
        theta.close();
        tangent.close();
        product.close();
    }
}
