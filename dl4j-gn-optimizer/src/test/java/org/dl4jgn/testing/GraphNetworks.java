package org.dl4jgn.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PoolHelperVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small computation graphs with a batch each: every vertex between layers that have parameters, and combinations. */
public final class GraphNetworks {

    /** Examples of a batch. */
    public static final int B = 4;

    private GraphNetworks() {}

    /**
     * A graph.
     *
     * @param name what it shows
     * @param assembled whether rows of its Jacobian can be formed
     * @param inputs types of the inputs, which are called in0, in1, ...
     * @param outputs elements of the labels of each output, less than zero for classes; the outputs are called out0, ...
     * @param steps of the labels of each output, 0 where they are vectors
     * @param vertices what is between, outputs included
     */
    public record Case(
            String name,
            boolean assembled,
            List<InputType> inputs,
            int[] outputs,
            int[] steps,
            Consumer<GraphBuilder> vertices) {

        /** A graph whose labels are vectors. */
        public Case(
                String name,
                boolean assembled,
                List<InputType> inputs,
                int[] outputs,
                Consumer<GraphBuilder> vertices) {
            this(name, assembled, inputs, outputs, new int[outputs.length], vertices);
        }

        public ComputationGraph network(DataType type, IUpdater updater) {
            GraphBuilder graph = new NeuralNetConfiguration.Builder()
                    .dataType(type)
                    .seed(7)
                    .updater(updater)
                    .activation(Activation.TANH)
                    .convolutionMode(ConvolutionMode.Same)
                    .graphBuilder();
            String[] outs = new String[outputs.length];
            for (int i = 0; i < inputs.size(); i++) {
                graph.addInputs("in" + i);
            }
            vertices.accept(graph);
            for (int i = 0; i < outs.length; i++) {
                outs[i] = "out" + i;
            }
            graph.setOutputs(outs);
            // where DL4J would find out other sizes than there are, all are given
            if (!name.endsWith("untyped")) {
                graph.setInputTypes(inputs.toArray(InputType[]::new));
            }
            ComputationGraph net = new ComputationGraph(graph.build());
            net.init();
            return net;
        }

        public MultiDataSet batch(DataType type) {
            return batch(type, B, 3);
        }

        public MultiDataSet batch(DataType type, int examples, int seed) {
            Nd4j.getRandom().setSeed(seed);
            INDArray[] x = new INDArray[inputs.size()];
            for (int i = 0; i < x.length; i++) {
                long[] shape = inputs.get(i).getShape(true).clone();
                shape[0] = examples;
                x[i] = Nd4j.randn(DataType.DOUBLE, shape).castTo(type);
            }
            INDArray[] y = new INDArray[outputs.length];
            for (int i = 0; i < y.length; i++) {
                y[i] = labels(outputs[i], steps[i], examples).castTo(type);
            }
            return new MultiDataSet(x, y);
        }

        private static INDArray labels(int outputs, int steps, int examples) {
            if (steps > 0) {
                INDArray ofSteps = labels(outputs, 0, examples * steps);
                return ofSteps.reshape('c', examples, steps, ofSteps.size(1))
                        .permute(0, 2, 1)
                        .dup('c');
            }
            if (outputs > 0) {
                return Nd4j.randn(DataType.DOUBLE, examples, outputs);
            }
            INDArray y = Nd4j.zeros(DataType.DOUBLE, examples, -outputs);
            for (int i = 0; i < examples; i++) {
                y.putScalar(i, i % -outputs, 1.0);
            }
            return y;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    public static DenseLayer dense(int n) {
        return new DenseLayer.Builder().nOut(n).build();
    }

    public static ConvolutionLayer conv(int channels) {
        return new ConvolutionLayer.Builder(3, 3).nOut(channels).build();
    }

    public static ConvolutionLayer conv(int from, int to) {
        return new ConvolutionLayer.Builder(3, 3).nIn(from).nOut(to).build();
    }

    public static OutputLayer mse(int n) {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nOut(n)
                .activation(Activation.IDENTITY)
                .build();
    }

    public static OutputLayer classes(int n) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(n)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static OutputLayer outputOf(int inputs) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(inputs)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    /** Two dense layers of one input, joined by a vertex. */
    private static Case joined(String name, GraphVertex vertex, int a, int b) {
        return new Case(
                name,
                true,
                List.of(InputType.feedForward(3)),
                new int[] {2},
                g -> g.addLayer("a", dense(a), "in0")
                        .addLayer("b", dense(b), "in0")
                        .addVertex("v", vertex, "a", "b")
                        .addLayer("out0", mse(2), "v"));
    }

    /** A dense layer, a vertex, and an output. */
    private static Case behindDense(String name, GraphVertex vertex) {
        return new Case(
                name,
                true,
                List.of(InputType.feedForward(3)),
                new int[] {-3},
                g -> g.addLayer("a", dense(4), "in0")
                        .addVertex("v", vertex, "a")
                        .addLayer("out0", classes(3), "v"));
    }

    /** Images through a convolution, a vertex, another convolution and pooling. */
    private static Case behindConvolution(String name, GraphVertex vertex) {
        return new Case(
                name,
                true,
                List.of(InputType.convolutional(4, 4, 2)),
                new int[] {-3},
                g -> g.addLayer("a", conv(2, 3), "in0")
                        .addVertex("v", vertex, "a")
                        .addLayer(
                                "c",
                                new ConvolutionLayer.Builder(3, 3)
                                        .nIn(vertex instanceof SubsetVertex ? 2 : 3)
                                        .nOut(2)
                                        .build(),
                                "v")
                        .addLayer("p", new GlobalPoolingLayer(PoolingType.AVG), "c")
                        .addLayer("out0", outputOf(2), "p"));
    }

    private static Case images(String name, boolean assembled, Consumer<GraphBuilder> vertices) {
        return new Case(name, assembled, List.of(InputType.convolutional(4, 4, 2)), new int[] {-3}, vertices);
    }

    private static Case sequences(String name, GraphVertex vertex, boolean pooled) {
        return new Case(name, true, List.of(InputType.recurrent(2, 5)), new int[] {2}, g -> {
            g.addLayer("a", new Convolution1DLayer.Builder(3).nOut(3).build(), "in0")
                    .addVertex("v", vertex, "a");
            if (pooled) {
                g.addLayer("b", new Convolution1DLayer.Builder(2).nOut(3).build(), "v")
                        .addLayer("p", new GlobalPoolingLayer(PoolingType.AVG), "b")
                        .addLayer("out0", mse(2), "p");
            } else {
                g.addLayer("out0", mse(2), "v");
            }
        });
    }

    private static MergeVertex merge(int axis) {
        MergeVertex vertex = new MergeVertex();
        vertex.setMergeAxis(axis);
        vertex.setModified(true);
        return vertex;
    }

    /** Every vertex alone. */
    public static List<Case> vertices() {
        List<Case> cases = new ArrayList<>();
        for (ElementWiseVertex.Op op : ElementWiseVertex.Op.values()) {
            cases.add(joined("ElementWise " + op, new ElementWiseVertex(op), 4, 4));
        }
        cases.add(joined("ElementWise Product, repeated", new ElementWiseVertex(ElementWiseVertex.Op.Product), 4, 1));
        cases.add(joined("ElementWise Add, repeated", new ElementWiseVertex(ElementWiseVertex.Op.Add), 1, 4));
        cases.add(joined("Merge", new MergeVertex(), 4, 2));
        cases.add(joined("L2", new L2Vertex(), 4, 4));
        cases.add(behindDense("Subset", new SubsetVertex(1, 2)));
        cases.add(behindDense("Scale", new ScaleVertex(-1.5)));
        cases.add(behindDense("Shift", new ShiftVertex(0.3)));
        cases.add(behindDense("L2Normalize", new L2NormalizeVertex()));
        cases.add(behindDense("Reshape of vectors", new ReshapeVertex(-1, 4)));
        cases.add(behindConvolution("Subset of channels, untyped", new SubsetVertex(0, 1)));
        cases.add(behindConvolution("PoolHelper", new PoolHelperVertex()));
        cases.add(behindConvolution("L2Normalize of images", new L2NormalizeVertex()));
        cases.add(images(
                "Preprocessor",
                true,
                g -> g.addLayer("a", conv(3), "in0")
                        .addVertex("v", new PreprocessorVertex(new CnnToFeedForwardPreProcessor(4, 4, 3)), "a")
                        .addLayer("out0", classes(3), "v")));
        cases.add(images(
                "Reshape of images",
                true,
                g -> g.addLayer("a", conv(3), "in0")
                        .addVertex("v", new ReshapeVertex(-1, 48), "a")
                        .addLayer("b", new DenseLayer.Builder().nIn(48).nOut(4).build(), "v")
                        .addLayer(
                                "out0",
                                new OutputLayer.Builder(LossFunction.MCXENT)
                                        .nIn(4)
                                        .nOut(3)
                                        .activation(Activation.SOFTMAX)
                                        .build(),
                                "b")));
        for (int axis = 1; axis <= 3; axis++) {
            int along = axis;
            cases.add(images(
                    "Merge of images along " + axis + ", untyped",
                    true,
                    g -> g.addLayer("a", conv(2, 3), "in0")
                            .addLayer("b", conv(2, 3), "in0")
                            .addVertex("v", merge(along), "a", "b")
                            .addLayer("p", new GlobalPoolingLayer(PoolingType.AVG), "v")
                            .addLayer(
                                    "out0",
                                    new OutputLayer.Builder(LossFunction.MCXENT)
                                            .nIn(along == 1 ? 6 : 3)
                                            .nOut(3)
                                            .activation(Activation.SOFTMAX)
                                            .build(),
                                    "p")));
        }
        cases.add(images(
                "ElementWise Product, squeeze and excitation, untyped",
                true,
                g -> g.addLayer("a", conv(2, 3), "in0")
                        .addLayer("s", new GlobalPoolingLayer(PoolingType.AVG), "a")
                        .addLayer(
                                "d",
                                new DenseLayer.Builder()
                                        .nIn(3)
                                        .nOut(3)
                                        .activation(Activation.SIGMOID)
                                        .build(),
                                "s")
                        .addVertex("r", new ReshapeVertex(-1, 3, 1, 1), "d")
                        .addVertex("v", new ElementWiseVertex(ElementWiseVertex.Op.Product), "a", "r")
                        .addLayer("p", new GlobalPoolingLayer(PoolingType.MAX), "v")
                        .addLayer("out0", outputOf(3), "p")));
        cases.add(new Case(
                "Stack and Unstack",
                false,
                List.of(InputType.feedForward(3), InputType.feedForward(3)),
                new int[] {2},
                g -> g.addVertex("s", new StackVertex(), "in0", "in1")
                        .addLayer("a", dense(4), "s")
                        .addVertex("u0", new UnstackVertex(0, 2), "a")
                        .addVertex("u1", new UnstackVertex(1, 2), "a")
                        .addVertex("v", new ElementWiseVertex(ElementWiseVertex.Op.Product), "u0", "u1")
                        .addLayer("out0", mse(2), "v")));
        cases.add(sequences("LastTimeStep", new LastTimeStepVertex("in0"), false));
        cases.add(sequences("ReverseTimeSeries", new ReverseTimeSeriesVertex("in0"), true));
        cases.add(new Case(
                "DuplicateToTimeSeries",
                true,
                List.of(InputType.recurrent(2, 5), InputType.feedForward(3)),
                new int[] {2},
                g -> g.addLayer("a", dense(2), "in1")
                        .addVertex("d", new DuplicateToTimeSeriesVertex("in0"), "a")
                        .addVertex("v", new MergeVertex(), "in0", "d")
                        .addLayer(
                                "c",
                                new Convolution1DLayer.Builder(3).nIn(4).nOut(3).build(),
                                "v")
                        .addLayer("p", new GlobalPoolingLayer(PoolingType.AVG), "c")
                        .addLayer(
                                "out0",
                                new OutputLayer.Builder(LossFunction.MSE)
                                        .nIn(3)
                                        .nOut(2)
                                        .activation(Activation.IDENTITY)
                                        .build(),
                                "p")));
        return cases;
    }

    /** Vertices one after the other, several inputs and several outputs. */
    public static List<Case> combinations() {
        List<Case> cases = new ArrayList<>();
        cases.add(new Case(
                "two inputs, three heads",
                true,
                List.of(InputType.feedForward(3), InputType.convolutional(4, 4, 1)),
                new int[] {2, -3, 1},
                g -> g.addLayer("a", dense(4), "in0")
                        .addLayer("c", conv(2), "in1")
                        .addLayer("p", new GlobalPoolingLayer(PoolingType.AVG), "c")
                        .addVertex("m", new MergeVertex(), "a", "p")
                        .addLayer("d", dense(5), "m")
                        .addLayer("out0", mse(2), "d")
                        .addLayer("out1", classes(3), "m")
                        .addLayer(
                                "out2",
                                new OutputLayer.Builder(LossFunction.XENT)
                                        .nOut(1)
                                        .activation(Activation.SIGMOID)
                                        .build(),
                                "a")));
        cases.add(new Case(
                "loss layers as heads",
                true,
                List.of(InputType.feedForward(3)),
                new int[] {2, -3},
                g -> g.addLayer("a", dense(2), "in0")
                        .addLayer("b", dense(3), "in0")
                        .addLayer("c", dense(3), "b")
                        .addLayer(
                                "out0",
                                new LossLayer.Builder(LossFunction.MSE)
                                        .activation(Activation.TANH)
                                        .build(),
                                "a")
                        .addLayer(
                                "out1",
                                new LossLayer.Builder(LossFunction.MCXENT)
                                        .activation(Activation.SOFTMAX)
                                        .build(),
                                "c")));
        cases.add(images(
                "residual blocks",
                true,
                g -> g.addLayer("a", conv(3), "in0")
                        .addLayer("b", conv(3), "a")
                        .addLayer("c", conv(3), "b")
                        .addVertex("add", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "c")
                        .addLayer("d", conv(3), "add")
                        .addVertex("add2", new ElementWiseVertex(ElementWiseVertex.Op.Add), "add", "d")
                        .addLayer("p", new GlobalPoolingLayer(PoolingType.AVG), "add2")
                        .addLayer("out0", classes(3), "p")));
        cases.add(images(
                "residual blocks with batch normalization",
                false,
                g -> g.addLayer("a", conv(3), "in0")
                        .addLayer("n", new BatchNormalization(), "a")
                        .addLayer("c", conv(3), "n")
                        .addLayer("n2", new BatchNormalization(), "c")
                        .addVertex("add", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "n2")
                        .addLayer("p", new GlobalPoolingLayer(PoolingType.AVG), "add")
                        .addLayer("out0", classes(3), "p")));
        cases.add(images(
                "U-shaped",
                true,
                g -> g.addLayer("a", conv(2), "in0")
                        .addLayer(
                                "down",
                                new SubsamplingLayer.Builder(
                                                SubsamplingLayer.PoolingType.MAX, new int[] {2, 2}, new int[] {2, 2})
                                        .build(),
                                "a")
                        .addLayer("b", conv(3), "down")
                        .addLayer("up", new Upsampling2D.Builder(2).build(), "b")
                        .addVertex("skip", new MergeVertex(), "a", "up")
                        .addLayer("c", conv(2), "skip")
                        .addLayer("p", new GlobalPoolingLayer(PoolingType.AVG), "c")
                        .addLayer("out0", classes(3), "p")));
        return cases;
    }

    public static List<Case> all() {
        List<Case> cases = new ArrayList<>(vertices());
        cases.addAll(combinations());
        cases.addAll(RecurrentGraphs.all());
        return cases;
    }
}
