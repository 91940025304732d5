package org.dl4jgn.testing;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.curvature.NetworkPoint;
import org.dl4jgn.curvature.NetworkProblem;
import org.dl4jgn.curvature.NetworkProblems;
import org.dl4jgn.curvature.WorkingParameters;
import org.dl4jgn.linalg.LinearOperator;
import org.dl4jgn.problem.RowSpace;
import org.dl4jgn.translate.MultiLayerModel;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network's problem on a batch, as training poses it, linearized at the network's parameters; vectors in working order. */
public final class PosedNetwork implements AutoCloseable {

    private final NetworkProblems problems;
    private final WorkingParameters parameters;
    private NetworkProblem problem;
    private NetworkPoint point;

    public PosedNetwork(MultiLayerNetwork net, INDArray features, INDArray labels) {
        this(net, features, labels, null);
    }

    public PosedNetwork(MultiLayerNetwork net, INDArray features, INDArray labels, @Nullable INDArray mask) {
        MultiLayerModel model = new MultiLayerModel(net);
        problems = new NetworkProblems(model);
        parameters = new WorkingParameters(model, problems.order());
        problem = problems.of(features, labels, mask, 0, 0);
        point = problem.linearize(theta());
    }

    /** Goes on to the next batch, at other parameters. */
    public void pose(INDArray features, INDArray labels, @Nullable INDArray mask, INDArray theta) {
        problem = problems.of(features, labels, mask, 0, 0);
        point = problem.linearize(theta);
    }

    /** Goes to other parameters. */
    public void linearize(INDArray theta) {
        point = problem.linearize(theta);
    }

    public NetworkProblems problems() {
        return problems;
    }

    public NetworkProblem problem() {
        return problem;
    }

    public NetworkPoint point() {
        return point;
    }

    /** The network's parameters. */
    public INDArray theta() {
        return parameters.read();
    }

    public long parameterCount() {
        return problem.dimension();
    }

    public DataType dataType() {
        return problem.dataType();
    }

    public INDArray newVector() {
        return problem.newVector();
    }

    public INDArray gradient() {
        return point.gradient();
    }

    public LinearOperator gaussNewton() {
        return point.gaussNewton();
    }

    public RowSpace rows() {
        return point.rowSpace().orElseThrow();
    }

    @Override
    public void close() {
        parameters.close();
        problems.close();
    }
}
