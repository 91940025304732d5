package org.dl4jgn.bench.speed;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.curvature.LinearizedNetwork;
import org.dl4jgn.curvature.SystemKind;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Stage;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * The parts of a Gauss-Newton step on one mini-batch, one by one, at the network's present parameters. This class alone
 * opens the library; with {@link PreparedCall}, all that measurements know of its insides.
 */
final class StepParts implements AutoCloseable {

    private final LinearizedNetwork network;
    private final Program forwardProducts;
    private final Program jvpProducts;
    private final Program vjpProducts;

    /** Opens a network, which need not be attached, at a mini-batch. */
    StepParts(MultiLayerNetwork net, DataSet batch) {
        network = new LinearizedNetwork(net);
        network.setBatch(batch.getFeatures(), batch.getLabels(), null);
        network.readParameters();
        network.evaluate();
        network.tangent().assign(network.linearize());
        forwardProducts = products(Stage.FORWARD);
        jvpProducts = products(Stage.JVP);
        vjpProducts = products(Stage.VJP);
    }

    private Program products(Stage stage) {
        return network.executionPlan().program(stage).only("matmul");
    }

    /** Loss and gradient. */
    INDArray gradient() {
        network.evaluate();
        return network.linearize();
    }

    /** Hv, which is an iteration of conjugate gradients but for its vectors. */
    INDArray product() {
        network.gaussNewton().apply();
        return network.product();
    }

    /**
     * The matrix products of a step of SGN and nothing else: forward pass, gradient, {@code iterations} products with the
     * Gauss-Newton matrix, one trial; the prepared calls of the step itself, back to back.
     */
    void matrixProducts(int iterations) {
        forwardProducts.run();
        vjpProducts.run();
        for (int i = 0; i < iterations; i++) {
            jvpProducts.run();
            vjpProducts.run();
        }
        forwardProducts.run();
    }

    /** What EGN's system of the batch's size takes, in float64. */
    double gramBytes() {
        return network.systemBytes(SystemKind.GRAM, DataType.DOUBLE);
    }

    @Override
    public void close() {
        network.close();
    }
}
