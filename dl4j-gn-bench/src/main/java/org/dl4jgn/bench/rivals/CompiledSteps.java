package org.dl4jgn.bench.rivals;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.curvature.NetworkPoint;
import org.dl4jgn.curvature.NetworkProblem;
import org.dl4jgn.curvature.NetworkProblems;
import org.dl4jgn.curvature.WorkingParameters;
import org.dl4jgn.network.MiniBatch;
import org.dl4jgn.plan.ElementwiseThreads;
import org.dl4jgn.translate.Model;
import org.dl4jgn.translate.MultiLayerModel;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Steps of DL4J's own updater on gradients of this library's compiled plans: DL4J's steps to rounding, but for the draws of
 * dropout, at another price. On convolutional networks DL4J's own back-propagation takes many times as long, so that a
 * budget in which it has flattened is a matter of hours.
 */
public final class CompiledSteps implements Trainer {

    private final MultiLayerNetwork net;
    private final BatchGradient gradient;
    private final INDArray sum;
    private final Gradient parts;
    private final NetworkProblems problems;
    private final WorkingParameters parameters;

    /**
     * Trains a network with an updater of DL4J.
     *
     * @throws IllegalArgumentException if the network has batch normalization, or does not divide its gradient by the size
     *     of the mini-batch
     * @throws org.dl4jgn.translate.UnsupportedNetworkException if the network has something that is not supported
     */
    public CompiledSteps(MultiLayerNetwork net) {
        this.net = net;
        gradient = new BatchGradient(net, "A compiled gradient");
        net.initGradientsView();
        sum = gradient.view();
        parts = gradient.parts();
        Model model = new MultiLayerModel(net);
        problems = new NetworkProblems(model);
        parameters = new WorkingParameters(model, problems.order());
    }

    @Override
    public MultiLayerNetwork network() {
        return net;
    }

    @Override
    public void fit(DataSet batch) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            double score = linearize(batch);
            gradient.update(parts, batch.numExamples());
            gradient.stepDone(score);
        }
    }

    /** The gradient of the summed losses, without regularization, into the network's array; returns the score. */
    private double linearize(DataSet batch) {
        int iteration = net.getIterationCount();
        int epoch = net.getEpochCount();
        NetworkProblem problem = problems.of(arrays(batch), iteration, epoch);
        try (ElementwiseThreads ignored = problem.threads()) {
            INDArray theta = parameters.read();
            NetworkPoint point = problem.linearize(theta);
            point.dataGradient(sum);
            problems.order().toNetworkOrder(sum, sum);
            return point.score() + problems.addedToScore(theta, iteration, epoch);
        }
    }

    private static MiniBatch arrays(DataSet batch) {
        return MiniBatch.of(
                new INDArray[] {batch.getFeatures()},
                new INDArray[] {batch.getFeaturesMaskArray()},
                new INDArray[] {batch.getLabels()},
                new INDArray[] {batch.getLabelsMaskArray()});
    }

    @Override
    public void close() {
        parameters.close();
        problems.close();
    }
}
