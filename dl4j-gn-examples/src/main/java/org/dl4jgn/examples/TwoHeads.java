package org.dl4jgn.examples;

import java.util.Random;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.GaussNewtonConfiguration;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A computation graph with two inputs and two heads: from the position and the velocity of a thrown ball, how far it flies and
 * whether it clears a wall. One exact Gauss-Newton step serves both losses, a squared error and a cross-entropy, whose
 * curvatures add up.
 */
public final class TwoHeads {

    private static final int STEPS = 200;

    private TwoHeads() {}

    /** Trains with EGN and prints both errors on throws that were not seen. */
    public static void main(String[] args) {
        ComputationGraph net = GaussNewton.attach(network());
        Random random = new Random(3);
        for (int step = 0; step < STEPS; step++) {
            net.fit(throwBalls(random, 64));
        }
        MultiDataSet test = throwBalls(random, 500);
        INDArray[] output = net.output(test.getFeatures());
        double distance = output[0].sub(test.getLabels(0)).norm2Number().doubleValue() / Math.sqrt(500);
        INDArray clears = output[1].gt(0.5).castTo(test.getLabels(1).dataType());
        double wrong = clears.sub(test.getLabels(1)).norm1Number().doubleValue() / 500;
        System.out.println(GaussNewton.report(net).orElseThrow());
        System.out.printf("error of the distance: %.4f%nwrong about the wall: %.4f%n", distance, wrong);
    }

    private static ComputationGraph network() {
        return new ComputationGraph(new GaussNewtonConfiguration.Builder()
                .optimizationAlgo(Egn.builder().build())
                .seed(42)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("position", "velocity")
                .addVertex("both", new MergeVertex(), "position", "velocity")
                .addLayer("a", new DenseLayer.Builder().nOut(20).build(), "both")
                .addLayer("b", new DenseLayer.Builder().nOut(20).build(), "a")
                .addLayer(
                        "distance",
                        new OutputLayer.Builder(LossFunction.MSE)
                                .nOut(1)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "b")
                .addLayer(
                        "clears",
                        new OutputLayer.Builder(LossFunction.XENT)
                                .nOut(1)
                                .activation(Activation.SIGMOID)
                                .build(),
                        "b")
                .setOutputs("distance", "clears")
                .setInputTypes(InputType.feedForward(1), InputType.feedForward(2))
                .build());
    }

    /** Height; velocity forwards and upwards; distance; whether it is higher than 1 at a distance of 1. */
    private static MultiDataSet throwBalls(Random random, int n) {
        double[][] position = new double[n][1];
        double[][] velocity = new double[n][2];
        double[][] distance = new double[n][1];
        double[][] clears = new double[n][1];
        for (int i = 0; i < n; i++) {
            double height = random.nextDouble();
            double forwards = 0.5 + random.nextDouble();
            double upwards = 2 * random.nextDouble();
            position[i][0] = height;
            velocity[i][0] = forwards;
            velocity[i][1] = upwards;
            distance[i][0] = forwards * (upwards + Math.sqrt(upwards * upwards + 2 * height));
            double time = 1 / forwards;
            clears[i][0] = height + upwards * time - time * time / 2 > 1 ? 1 : 0;
        }
        return new MultiDataSet(
                new INDArray[] {array(position), array(velocity)}, new INDArray[] {array(distance), array(clears)});
    }

    private static INDArray array(double[][] values) {
        return Nd4j.create(values).castTo(Nd4j.dataType());
    }
}
