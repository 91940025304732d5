package org.dl4jgn.dl4j;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jgn.curvature.NetworkPoint;
import org.dl4jgn.curvature.NetworkProblem;
import org.dl4jgn.curvature.NetworkProblems;
import org.dl4jgn.plan.ElementwiseThreads;
import org.dl4jgn.problem.Problem;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The problem of the mini-batch that {@code fit} has put into a network. */
final class LocalProblem implements PosedProblem {

    private final AttachableNetwork net;
    private final NetworkProblems problems;
    private final NetworkProblem problem;
    private final CarriedState carried;

    LocalProblem(AttachableNetwork net, NetworkProblems problems, int iteration, int epoch) {
        this.net = net;
        this.problems = problems;
        problem = problems.of(net.batch(), iteration, epoch);
        carried = new CarriedState(net, problem);
    }

    private NetworkPoint point() {
        return problem.point();
    }

    @Override
    public Problem problem() {
        return problem;
    }

    @Override
    public double score() {
        return point().score();
    }

    @Override
    public ElementwiseThreads threads() {
        return problem.threads();
    }

    @Override
    public void begin() {
        carried.start();
    }

    @Override
    public void linearized() {
        carried.end();
    }

    /**
     * What DL4J's listeners see before the update: activations, and in {@code net.gradient()} the gradient of the summed
     * data loss, as DL4J's backpropagation leaves it.
     */
    @Override
    public void announce(List<TrainingListener> listeners) {
        Model network = net.net();
        Map<String, INDArray> activations = point().activations();
        for (TrainingListener listener : listeners) {
            net.announce(listener, activations);
        }
        INDArray gradient = net.gradientsView();
        point().dataGradient(gradient);
        problems.order().toNetworkOrder(gradient, gradient);
        point().statisticsChange(gradient);
        NetworkGradient.publish(net);
        for (TrainingListener listener : listeners) {
            listener.onBackwardPass(network);
        }
        for (TrainingListener listener : listeners) {
            listener.onGradientCalculation(network);
        }
    }

    @Override
    public void follow(INDArray next) {
        point().followStatistics(next);
    }

    @Override
    public void follow(INDArray from, INDArray to) {
        point().followStatistics(from, to);
    }
}
