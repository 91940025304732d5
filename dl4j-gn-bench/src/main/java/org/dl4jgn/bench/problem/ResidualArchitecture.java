package org.dl4jgn.bench.problem;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
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
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * ResNet-20 for CIFAR-10 (He et al. 2016), but that it projects where sizes change: three stages of three blocks, with 16, 32 and
 * 64 channels.
 */
public final class ResidualArchitecture {

    private static final int BLOCKS = 3;
    private static final int CHANNELS = 16;

    private final GraphBuilder graph;

    private ResidualArchitecture(IUpdater updater) {
        graph = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(updater)
                .weightInit(WeightInit.RELU)
                .activation(Activation.IDENTITY)
                .convolutionMode(ConvolutionMode.Same)
                .graphBuilder()
                .addInputs("image");
    }

    /** The network, initialised. */
    public static ComputationGraph network(IUpdater updater) {
        return new ResidualArchitecture(updater).build();
    }

    private ComputationGraph build() {
        String at = convolution("first", "image", CHANNELS, 3, 1, true);
        int width = CHANNELS;
        for (int i = 0; i < 3 * BLOCKS; i++) {
            int next = CHANNELS << (i / BLOCKS);
            at = block("block" + i, at, width, next);
            width = next;
        }
        graph.addLayer("pooled", new GlobalPoolingLayer(PoolingType.AVG), at)
                .addLayer(
                        "class",
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(10)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "pooled")
                .setOutputs("class")
                .setInputTypes(InputType.convolutional(32, 32, 3));
        ComputationGraph net = new ComputationGraph(graph.build());
        net.init();
        return net;
    }

    private String block(String name, String input, int from, int to) {
        int stride = to > from ? 2 : 1;
        String first = convolution(name + "a", input, to, 3, stride, true);
        String second = convolution(name + "b", first, to, 3, 1, false);
        String skipped = from == to ? input : convolution(name + "skip", input, to, 1, stride, false);
        graph.addVertex(name + "sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), second, skipped)
                .addLayer(name, new ActivationLayer(Activation.RELU), name + "sum");
        return name;
    }

    private String convolution(String name, String input, int channels, int size, int stride, boolean rectified) {
        ConvolutionLayer layer = new ConvolutionLayer.Builder(size, size)
                .stride(stride, stride)
                .nOut(channels)
                .hasBias(false)
                .build();
        graph.addLayer(name + "conv", layer, input).addLayer(name + "norm", new BatchNormalization(), name + "conv");
        if (!rectified) {
            return name + "norm";
        }
        graph.addLayer(name + "relu", new ActivationLayer(Activation.RELU), name + "norm");
        return name + "relu";
    }
}
