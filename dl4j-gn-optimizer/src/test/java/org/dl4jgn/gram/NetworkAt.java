package org.dl4jgn.gram;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.gram.NetworkRowSpace.LinearizedAt;
import org.dl4jgn.network.Batch;
import org.dl4jgn.network.BatchInputs;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.network.DifferentiatedNetwork;
import org.dl4jgn.network.MiniBatch;
import org.dl4jgn.network.ParameterOrder;
import org.dl4jgn.network.ParameterSpace;
import org.dl4jgn.problem.RowSpace;
import org.dl4jgn.testing.Matrix;
import org.dl4jgn.translate.BatchShape;
import org.dl4jgn.translate.MultiLayerModel;
import org.dl4jgn.translate.TranslatedNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A compiled network at points that are gone to one after the other, and its H and g by its own products. */
final class NetworkAt implements AutoCloseable {

    final CompiledNetwork network;
    final ParameterSpace space;
    final GraphSource graphs;
    final SystemCache systems = new SystemCache();
    private final MiniBatch given;
    private final BatchInputs inputs;
    private final INDArray origin;
    private NetworkPosition position;
    private int restored;

    NetworkAt(MultiLayerNetwork net, INDArray features, INDArray labels) {
        long[] example = Arrays.copyOfRange(features.shape(), 1, features.rank());
        MultiLayerModel model = new MultiLayerModel(net);
        DataType type = model.type();
        graphs = examples -> DifferentiatedNetwork.of(model, BatchShape.of(examples, example));
        TranslatedNetwork graph = model.translateAny();
        space = new ParameterSpace(graph.parameters(), type);
        given = MiniBatch.of(features.castTo(type), labels.castTo(type), null);
        inputs = BatchInputs.checked(given, model.features(), type);
        network = new CompiledNetwork(model, space, inputs.shape(), List.of());
        setBatch(inputs.size());
        origin = newVector();
        INDArray start = newVector();
        try (ParameterOrder order = new ParameterOrder(graph.parameters(), type)) {
            order.toWorkingOrder(model.params(), start);
        }
        moveTo(start);
    }

    private void setBatch(double normalizer) {
        network.setBatch(
                Batch.checked(inputs, given, network.jacobian().network().heads(), space.theta.dataType(), normalizer));
    }

    INDArray newVector() {
        return space.theta.ulike();
    }

    /** Linearizes at θ: a new point. */
    void moveTo(INDArray theta) {
        origin.assign(theta);
        goBack();
        position = new NetworkPosition() {
            @Override
            public void restore() {
                restored++;
                goBack();
            }

            @Override
            public void requireValid() {}
        };
    }

    private void goBack() {
        space.moveTo(origin);
        network.evaluate();
        network.linearize();
    }

    /** Leaves the network at a trial point. */
    void stray() {
        space.moveTo(origin.mul(0.3).addi(0.1));
        network.evaluate();
    }

    int restored() {
        return restored;
    }

    long examples() {
        return network.batchSize();
    }

    INDArray theta() {
        return origin.dup();
    }

    LinearizedAt linearized(double normalizer) {
        if (network.normalizer() != normalizer) {
            setBatch(normalizer);
            moveTo(theta());
        }
        return new LinearizedAt(network, space, graphs, position, systems);
    }

    RowSpace rows(double normalizer) {
        return NetworkRowSpace.of(linearized(normalizer)).orElseThrow();
    }

    /** (1/N)Jᵀr. */
    INDArray gradient(double normalizer) {
        goBack();
        network.heads().forEach(head -> head.cotangent.assign(head.loss.residual.mul(1 / normalizer)));
        network.vjp();
        return space.product.dup();
    }

    /** (1/N)JᵀQJ. */
    Matrix curvature(double normalizer) {
        goBack();
        return Matrix.ofProducts(space.theta.length(), v -> {
                    space.tangent.assign(v);
                    network.multiplyCurvature();
                    return space.product.dup();
                })
                .times(network.normalizer() / normalizer);
    }

    @Override
    public void close() {
        systems.close();
        network.close();
        space.close();
        origin.close();
    }
}
