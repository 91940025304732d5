package org.dl4jgn.bench.problem;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Model;
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
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A residual network for small images (He et al. 2016), but that it projects where sizes change: a convolution, {@value #STAGES} stages
 * of blocks of two convolutions each, normalized, relu; then the mean over the image. From stage to stage there are twice as many
 * channels, and half as many rows and columns.
 *
 * @param channels of an image
 * @param size rows, and columns, of an image
 * @param width channels of the first stage
 * @param blocks of a stage
 */
public record ResidualArchitecture(int channels, int size, int width, int blocks) implements Architecture {

    /** ResNet-20 for CIFAR-10. */
    public static final ResidualArchitecture RESNET_20 = new ResidualArchitecture(3, 32, 16, 3);

    private static final int STAGES = 3;

    @Override
    public String describe() {
        return "ResNet-" + (2 * STAGES * blocks + 2) + " of " + width + " to " + (width << STAGES - 1) + " channels";
    }

    @Override
    public long[] exampleShape(int inputs) {
        return new long[] {channels, size, size};
    }

    @Override
    public ComputationGraph network(NeuralNetConfiguration.Builder base, int inputs, int outputs, Task task) {
        GraphBuilder graph = base.weightInit(WeightInit.RELU)
                .activation(Activation.IDENTITY)
                .convolutionMode(ConvolutionMode.Same)
                .graphBuilder()
                .addInputs("image");
        String at = convolution(graph, "first", "image", width, 3, 1, true);
        int from = width;
        for (int i = 0; i < STAGES * blocks; i++) {
            int to = width << (i / blocks);
            at = block(graph, "block" + i, at, from, to);
            from = to;
        }
        graph.addLayer("pooled", new GlobalPoolingLayer(PoolingType.AVG), at)
                .addLayer(
                        "class",
                        new OutputLayer.Builder(task.loss())
                                .nOut(outputs)
                                .activation(task.activation())
                                .build(),
                        "pooled")
                .setOutputs("class")
                .setInputTypes(InputType.convolutional(size, size, channels));
        ComputationGraph net = new ComputationGraph(graph.build());
        net.init();
        return net;
    }

    @Override
    public ComputationGraph restored(Path file) throws IOException {
        return ModelSerializer.restoreComputationGraph(file.toFile(), true);
    }

    @Override
    public INDArray output(Model net, INDArray features) {
        return ((ComputationGraph) net).outputSingle(false, features);
    }

    private static String block(GraphBuilder graph, String name, String input, int from, int to) {
        int stride = to > from ? 2 : 1;
        String first = convolution(graph, name + "a", input, to, 3, stride, true);
        String second = convolution(graph, name + "b", first, to, 3, 1, false);
        String skipped = from == to ? input : convolution(graph, name + "skip", input, to, 1, stride, false);
        graph.addVertex(name + "sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), second, skipped)
                .addLayer(name, new ActivationLayer(Activation.RELU), name + "sum");
        return name;
    }

    private static String convolution(
            GraphBuilder graph, String name, String input, int channels, int size, int stride, boolean rectified) {
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
