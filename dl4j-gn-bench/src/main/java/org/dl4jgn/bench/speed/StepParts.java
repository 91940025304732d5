package org.dl4jgn.bench.speed;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.curvature.NetworkProblem;
import org.dl4jgn.curvature.NetworkProblems;
import org.dl4jgn.curvature.WorkingParameters;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Stage;
import org.dl4jgn.problem.Point;
import org.dl4jgn.translate.Model;
import org.dl4jgn.translate.MultiLayerModel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * The parts of a Gauss-Newton step on one mini-batch, one by one, at the network's present parameters. This class alone
 * opens the library; with {@link PreparedCall}, all that measurements know of its insides, but for the rival
 * {@link org.dl4jgn.bench.rivals.CompiledSteps}.
 */
final class StepParts implements AutoCloseable {

    private final NetworkProblems problems;
    private final WorkingParameters parameters;
    private final NetworkProblem problem;
    private final INDArray direction;
    private final INDArray product;
    private Point point;
    private final Program forwardProducts;
    private final Program jvpProducts;
    private final Program vjpProducts;

    /** Opens a network, which need not be attached, at a mini-batch. */
    StepParts(MultiLayerNetwork net, DataSet batch) {
        Model model = new MultiLayerModel(net);
        problems = new NetworkProblems(model);
        parameters = new WorkingParameters(model, problems.order());
        problem = problems.of(batch.getFeatures(), batch.getLabels(), null, 0, 0);
        point = problem.linearize(parameters.read());
        direction = problem.newVector().assign(point.gradient());
        product = problem.newVector();
        forwardProducts = products(Stage.FORWARD);
        jvpProducts = products(Stage.JVP);
        vjpProducts = products(Stage.VJP);
    }

    private Program products(Stage stage) {
        return problem.executionPlan().program(stage).only("matmul");
    }

    /** Loss and gradient. */
    INDArray gradient() {
        point = problem.linearize(parameters.read());
        return point.gradient();
    }

    /** Hv, which is an iteration of conjugate gradients but for its vectors. */
    INDArray product() {
        point.gaussNewton().apply(direction, product);
        return product;
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
        // the first is the Gram matrix's
        return point.rowSpace().orElseThrow().systems().get(0).bytes(DataType.DOUBLE);
    }

    @Override
    public void close() {
        direction.close();
        product.close();
        parameters.close();
        problems.close();
    }
}
