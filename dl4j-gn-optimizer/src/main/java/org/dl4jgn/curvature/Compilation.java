package org.dl4jgn.curvature;

import java.util.ArrayList;
import java.util.List;
import org.dl4jgn.gram.GraphSource;
import org.dl4jgn.gram.JacobianRows;
import org.dl4jgn.gram.NetworkPosition;
import org.dl4jgn.gram.NetworkRowSpace;
import org.dl4jgn.gram.SystemCache;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.network.Batch;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.network.DifferentiatedNetwork;
import org.dl4jgn.network.ParameterSpace;
import org.dl4jgn.translate.BatchShape;
import org.dl4jgn.translate.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A compiled network with all that its problems and their points keep: one problem at a time, and one point of it. */
final class Compilation implements AutoCloseable {

    private final CompiledNetwork network;
    private final ParameterSpace space;
    private final SystemCache systems;
    private final GraphSource graphs;
    private final Buffers buffers = new Buffers();
    private @Nullable INDArray origin;
    private @Nullable INDArray gradient;
    private final List<INDArray> features = new ArrayList<>();
    private long point;

    Compilation(Model model, ParameterSpace space, SystemCache systems, BatchShape batch, List<Boolean> masked) {
        this.space = space;
        this.systems = systems;
        graphs = examples -> DifferentiatedNetwork.of(model, batch.ofSize(examples));
        network = new CompiledNetwork(model, space, batch, masked);
    }

    CompiledNetwork network() {
        return network;
    }

    /** Arrays that hold the features of batches that have none of their own in one piece, the same for each. */
    List<INDArray> features(Batch like) {
        if (features.isEmpty()) {
            for (INDArray input : like.inputs().features()) {
                features.add(buffers.allocate(space.theta.dataType(), network.batchSize(), input.size(1)));
            }
        }
        return features;
    }

    /** What the rows of J are formed of, at a position of this network. */
    NetworkRowSpace.LinearizedAt at(NetworkPosition position) {
        return new NetworkRowSpace.LinearizedAt(network, space, graphs, position, systems);
    }

    /** The rows of J, which the caller closes. */
    JacobianRows rows(DataType type) {
        return new JacobianRows(graphs, space, network, type);
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
        systems.free(network);
        network.close();
        buffers.close();
    }
}
