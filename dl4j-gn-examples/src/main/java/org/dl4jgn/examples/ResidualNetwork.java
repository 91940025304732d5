package org.dl4jgn.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.GaussNewtonConfiguration;
import org.dl4jgn.conf.Sgn;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A residual network, a computation graph with sums around pairs of convolutions, that tells stripes from checks, whatever
 * their direction and place.
 *
 * <p>{@link #network} with three blocks in each of its stages is ResNet-20 for CIFAR-10 (He et al. 2016), but that it projects where
 * sizes change.
 */
public final class ResidualNetwork {

    private static final int SIDE = 12;
    private static final int STEPS = 20;
    private static final int BATCH = 32;

    private ResidualNetwork() {}

    /** Trains on drawn images and prints loss and the share of new images that are told. */
    public static void main(String[] args) {
        ComputationGraph net = GaussNewton.attach(
                network(Sgn.builder().cgIterations(5).build(), InputType.convolutional(SIDE, SIDE, 1), 4, 1, 2));
        Random random = new Random(5);
        for (int step = 1; step <= STEPS; step++) {
            net.fit(images(random, BATCH));
            if (step % 5 == 0) {
                System.out.printf("step %d: loss %.4f%n", step, net.score());
            }
        }
        DataSet test = images(random, 200);
        INDArray told = net.outputSingle(test.getFeatures()).argMax(1);
        INDArray truth = test.getLabels().argMax(1);
        System.out.printf(
                "told: %.3f%n",
                told.eq(truth).castTo(net.params().dataType()).meanNumber().doubleValue());
    }

    /**
     * A residual network of three stages, each with twice the channels of the one before and half of its size.
     *
     * @param updater Sgn, Egn, or one of DL4J's
     * @param images shape of the images
     * @param channels channels of the first stage
     * @param blocks blocks in a stage
     * @param classes number of classes
     */
    public static ComputationGraph network(IUpdater updater, InputType images, int channels, int blocks, int classes) {
        GraphBuilder graph = new GaussNewtonConfiguration.Builder()
                .seed(42)
                .updater(updater)
                .weightInit(WeightInit.RELU)
                .activation(Activation.IDENTITY)
                .convolutionMode(ConvolutionMode.Same)
                .graphBuilder()
                .addInputs("image");
        String at = convolution(graph, "first", "image", channels, 3, 1, true);
        int width = channels;
        for (int stage = 0; stage < 3; stage++) {
            for (int i = 0; i < blocks; i++) {
                int next = channels << stage;
                int stride = next > width ? 2 : 1;
                at = block(graph, "stage" + stage + "block" + i, at, width, next, stride);
                width = next;
            }
        }
        graph.addLayer("pooled", new GlobalPoolingLayer(PoolingType.AVG), at)
                .addLayer(
                        "class",
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(classes)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "pooled")
                .setOutputs("class")
                .setInputTypes(images);
        ComputationGraph net = new ComputationGraph(graph.build());
        net.init();
        return net;
    }

    /** max(0, F(x) + x), with x projected where its shape is another. */
    private static String block(GraphBuilder graph, String name, String input, int from, int to, int stride) {
        String first = convolution(graph, name + "a", input, to, 3, stride, true);
        String second = convolution(graph, name + "b", first, to, 3, 1, false);
        String skipped = from == to ? input : convolution(graph, name + "skip", input, to, 1, stride, false);
        graph.addVertex(name + "sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), second, skipped)
                .addLayer(name, new ActivationLayer(Activation.RELU), name + "sum");
        return name;
    }

    /** A convolution, normalized, and a rectifier if wanted; returns the name of the last. */
    private static String convolution(
            GraphBuilder graph, String name, String input, int channels, int size, int stride, boolean rectified) {
        graph.addLayer(
                        name + "conv",
                        new ConvolutionLayer.Builder(size, size)
                                .stride(stride, stride)
                                .nOut(channels)
                                .hasBias(false)
                                .build(),
                        input)
                .addLayer(name + "norm", new BatchNormalization(), name + "conv");
        if (!rectified) {
            return name + "norm";
        }
        graph.addLayer(name + "relu", new ActivationLayer(Activation.RELU), name + "norm");
        return name + "relu";
    }

    /** Waves in one direction, or in two. */
    private static DataSet images(Random random, int n) {
        double[][][][] pixels = new double[n][1][SIDE][SIDE];
        double[][] labels = new double[n][2];
        List<Double> phases = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int kind = random.nextInt(2);
            labels[i][kind] = 1;
            phases.clear();
            phases.add(random.nextDouble() * 2 * Math.PI);
            phases.add(random.nextDouble() * 2 * Math.PI);
            boolean along = random.nextBoolean();
            for (int x = 0; x < SIDE; x++) {
                for (int y = 0; y < SIDE; y++) {
                    double one = Math.sin((along ? x : y) + phases.get(0));
                    double other = Math.sin((along ? y : x) + phases.get(1));
                    pixels[i][0][x][y] = (kind == 0 ? one : one * other) + 0.3 * random.nextGaussian();
                }
            }
        }
        return new DataSet(
                Nd4j.createFromArray(pixels).castTo(Nd4j.dataType()),
                Nd4j.create(labels).castTo(Nd4j.dataType()));
    }
}
