package org.dl4jgn.bench.problem;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The layers of a network, up to its output, and which of DL4J's classes has them. */
public sealed interface Architecture permits Architecture.Layers, ResidualArchitecture {

    /** For lists and reports, without inputs and outputs: {@code 32-64-32 relu}. */
    String describe();

    /** The network with its output, initialised; its configuration goes on from one that has seed, type and optimizer. */
    Model network(NeuralNetConfiguration.Builder base, int inputs, int outputs, Task task);

    /** The network that {@code ModelSerializer} saved, with its updater's state. */
    Model restored(Path file) throws IOException;

    /** What the network, which is one of these, answers to features when it is not trained. */
    INDArray output(Model net, INDArray features);

    /** Shape of the features of one example. */
    long[] exampleShape(int inputs);

    /** Shape of the labels of one example. */
    default long[] labelShape(int outputs) {
        return new long[] {outputs};
    }

    /** Outputs or labels of n examples, of these shapes or flat, as [n·positions, c]: one row for each that has a loss. */
    default INDArray rows(INDArray outputs) {
        return outputs;
    }

    /** Layers one after the other. */
    sealed interface Layers extends Architecture {

        /** Appends the layers and the output to a configuration that has seed, type and optimizer. */
        NeuralNetConfiguration.ListBuilder build(
                NeuralNetConfiguration.Builder base, int inputs, int outputs, Task task);

        @Override
        default MultiLayerNetwork network(NeuralNetConfiguration.Builder base, int inputs, int outputs, Task task) {
            MultiLayerNetwork net =
                    new MultiLayerNetwork(build(base, inputs, outputs, task).build());
            net.init();
            return net;
        }

        @Override
        default MultiLayerNetwork restored(Path file) throws IOException {
            return ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true);
        }

        @Override
        default INDArray output(Model net, INDArray features) {
            return ((MultiLayerNetwork) net).output(features, false);
        }
    }

    /**
     * Dense layers.
     *
     * @param hidden sizes of the hidden layers
     * @param activation of the hidden layers
     * @param weights how weights start
     */
    record Dense(List<Integer> hidden, Activation activation, WeightInit weights) implements Layers {

        @Override
        public String describe() {
            return hidden.stream().map(String::valueOf).collect(Collectors.joining("-")) + " "
                    + activation.name().toLowerCase(java.util.Locale.ROOT);
        }

        @Override
        public NeuralNetConfiguration.ListBuilder build(
                NeuralNetConfiguration.Builder base, int inputs, int outputs, Task task) {
            NeuralNetConfiguration.ListBuilder layers =
                    base.weightInit(weights).activation(activation).list();
            int last = inputs;
            for (int size : hidden) {
                layers.layer(new DenseLayer.Builder().nIn(last).nOut(size).build());
                last = size;
            }
            return layers.layer(outputLayer(last, outputs, task));
        }

        @Override
        public long[] exampleShape(int inputs) {
            return new long[] {inputs};
        }
    }

    /**
     * Convolutions of stride 1 without padding, relu, some with max pooling 2 x 2 after; then dense layers, relu.
     *
     * @param channels of an image
     * @param size rows, and columns, of an image
     * @param convolutions first to last
     * @param hidden sizes of the dense layers before the output
     */
    record Convolutional(int channels, int size, List<Convolution> convolutions, List<Integer> hidden)
            implements Layers {

        /**
         * A convolution.
         *
         * @param filters outputs
         * @param kernel rows and columns
         * @param pooled whether max pooling follows
         */
        public record Convolution(int filters, int kernel, boolean pooled) {}

        @Override
        public String describe() {
            return convolutions.stream()
                            .map(c -> c.filters() + "@" + c.kernel() + "x" + c.kernel() + (c.pooled() ? " pool" : ""))
                            .collect(Collectors.joining(", "))
                    + ", " + hidden.stream().map(String::valueOf).collect(Collectors.joining("-")) + " relu";
        }

        @Override
        public NeuralNetConfiguration.ListBuilder build(
                NeuralNetConfiguration.Builder base, int inputs, int outputs, Task task) {
            NeuralNetConfiguration.ListBuilder layers = base.weightInit(WeightInit.XAVIER)
                    .activation(Activation.RELU)
                    .list();
            int depth = channels;
            for (Convolution c : convolutions) {
                layers.layer(new ConvolutionLayer.Builder(c.kernel(), c.kernel())
                        .nIn(depth)
                        .nOut(c.filters())
                        .build());
                if (c.pooled()) {
                    layers.layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                            .kernelSize(2, 2)
                            .stride(2, 2)
                            .build());
                }
                depth = c.filters();
            }
            for (int width : hidden) {
                layers.layer(new DenseLayer.Builder().nOut(width).build());
            }
            return layers.layer(outputLayer(0, outputs, task))
                    .setInputType(InputType.convolutional(size, size, channels));
        }

        @Override
        public long[] exampleShape(int inputs) {
            return new long[] {channels, size, size};
        }
    }

    /**
     * LSTMs, tanh, with an output at each step.
     *
     * @param steps of a sequence
     * @param units of each layer
     */
    record Recurrent(int steps, List<Integer> units) implements Layers {

        @Override
        public String describe() {
            return units.stream().map(n -> "LSTM(" + n + ")").collect(Collectors.joining(", ")) + ", " + steps
                    + " steps";
        }

        @Override
        public NeuralNetConfiguration.ListBuilder build(
                NeuralNetConfiguration.Builder base, int inputs, int outputs, Task task) {
            NeuralNetConfiguration.ListBuilder layers = base.weightInit(WeightInit.XAVIER)
                    .activation(Activation.TANH)
                    .list();
            int last = inputs / steps;
            for (int size : units) {
                layers.layer(new LSTM.Builder().nIn(last).nOut(size).build());
                last = size;
            }
            return layers.layer(new RnnOutputLayer.Builder(task.loss())
                    .nIn(last)
                    .nOut(outputs / steps)
                    .activation(task.activation())
                    .build());
        }

        @Override
        public long[] exampleShape(int inputs) {
            return new long[] {inputs / steps, steps};
        }

        @Override
        public long[] labelShape(int outputs) {
            return exampleShape(outputs);
        }

        @Override
        public INDArray rows(INDArray outputs) {
            long n = outputs.size(0);
            long c = outputs.length() / (n * steps);
            return outputs.dup('c')
                    .reshape('c', n, c, steps)
                    .permute(0, 2, 1)
                    .dup('c')
                    .reshape('c', n * steps, c);
        }
    }

    /** The output layer; {@code inputs} is 0 where DL4J is to find out. */
    private static OutputLayer outputLayer(int inputs, int outputs, Task task) {
        OutputLayer.Builder output =
                new OutputLayer.Builder(task.loss()).nOut(outputs).activation(task.activation());
        return (inputs > 0 ? output.nIn(inputs) : output).build();
    }
}
