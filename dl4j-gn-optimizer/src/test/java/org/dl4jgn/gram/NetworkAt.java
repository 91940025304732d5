package org.dl4jgn.gram;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.gram.NetworkRowSpace.LinearizedAt;
import org.dl4jgn.loss.OutputLosses;
import org.dl4jgn.network.Batch;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.network.DifferentiatedNetwork;
import org.dl4jgn.network.ParameterSpace;
import org.dl4jgn.problem.RowSpace;
import org.dl4jgn.testing.Matrix;
import org.dl4jgn.translate.NetworkTranslator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A compiled network at points that are gone to one after the other, and its H and g by its own products. */
final class NetworkAt implements AutoCloseable {

    final CompiledNetwork network;
    final ParameterSpace space;
    final GraphSource graphs;
    final SystemCache systems = new SystemCache();
    private final Batch batch;
    private final INDArray origin;
    private NetworkPosition position = () -> {};
    private int restored;

    NetworkAt(MultiLayerNetwork net, INDArray features, INDArray labels) {
        DataType type = net.params().dataType();
        graphs = (examples, example) -> DifferentiatedNetwork.of(net, examples, example);
        var graph = NetworkTranslator.translateAny(net);
        space = new ParameterSpace(net, graph.parameters());
        Batch.Format format = new Batch.Format(
                NetworkTranslator.check(net),
                graph.outputs(),
                OutputLosses.isSparse(OutputLosses.lossOf(net)),
                OutputLosses.isOnSoftmax(net),
                type);
        batch = Batch.checked(features.castTo(type), labels.castTo(type), null, format);
        network = new CompiledNetwork(net, space, batch.size(), false, batch.example());
        network.setBatch(batch);
        INDArray start = space.newVector();
        space.toWorking(net.params().reshape(net.numParams()), start).run();
        origin = start.dup();
        moveTo(start);
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
        };
    }

    private void goBack() {
        space.theta.assign(origin);
        network.evaluate();
        network.linearize();
    }

    /** Leaves the network at a trial point. */
    void stray() {
        space.theta.assign(origin.mul(0.3).addi(0.1));
        network.evaluate();
    }

    int restored() {
        return restored;
    }

    long examples() {
        return network.preOutput.size(0);
    }

    INDArray theta() {
        return origin.dup();
    }

    LinearizedAt linearized(double normalizer) {
        return new LinearizedAt(network, space, graphs, normalizer, position, systems);
    }

    RowSpace rows(double normalizer) {
        return NetworkRowSpace.of(linearized(normalizer)).orElseThrow();
    }

    /** (1/N)Jᵀr. */
    INDArray gradient(double normalizer) {
        goBack();
        network.cotangent.assign(network.loss().residual.mul(1 / normalizer));
        network.vjp();
        return space.product.dup();
    }

    /** (1/N)JᵀQJ. */
    Matrix curvature(double normalizer) {
        goBack();
        return Matrix.ofProducts(space.theta.length(), v -> {
                    space.tangent.assign(v);
                    network.jvp();
                    network.multiplyCurvature();
                    network.vjp();
                    return space.product.dup();
                })
                .times(examples() / normalizer);
    }

    @Override
    public void close() {
        systems.close();
        network.close();
        space.close();
        origin.close();
    }
}
