package org.dl4jgn.bench.soak;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Sgn;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks of each kind, in float, with data that follow from the number of the step. */
public enum SoakNetwork {
    /** Two hidden layers, with dropout, whose draws have to be the same after a restart. */
    DENSE(new long[] {8}, new long[] {3}) {
        @Override
        Model fresh() {
            return started(base().list()
                    .layer(new DenseLayer.Builder().nIn(8).nOut(16).build())
                    .layer(new DenseLayer.Builder().nOut(12).dropOut(0.8).build())
                    .layer(softmax())
                    .setInputType(InputType.feedForward(8)));
        }
    },
    /** A regression, the same loss without classes. */
    REGRESSION(new long[] {8}, new long[] {2}) {
        @Override
        Model fresh() {
            return started(base().list()
                    .layer(new DenseLayer.Builder().nOut(16).build())
                    .layer(new OutputLayer.Builder(LossFunction.MSE)
                            .nOut(2)
                            .activation(Activation.IDENTITY)
                            .build())
                    .setInputType(InputType.feedForward(8)));
        }
    },
    /** A convolution with pooling. */
    CONVOLUTION(new long[] {1, 8, 8}, new long[] {3}) {
        @Override
        Model fresh() {
            return started(base().list()
                    .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).build())
                    .layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                            .kernelSize(2, 2)
                            .stride(2, 2)
                            .build())
                    .layer(softmax())
                    .setInputType(InputType.convolutional(8, 8, 1)));
        }
    },
    /** A recurrent network with an output for each step. */
    LSTM_SEQUENCE(new long[] {3, 6}, new long[] {3, 6}) {
        @Override
        Model fresh() {
            return started(base().list()
                    .layer(new LSTM.Builder().nOut(6).build())
                    .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                            .nOut(3)
                            .activation(Activation.SOFTMAX)
                            .build())
                    .setInputType(InputType.recurrent(3, 6)));
        }
    },
    /** A residual sum. */
    GRAPH(new long[] {8}, new long[] {3}) {
        @Override
        Model fresh() {
            ComputationGraphConfiguration conf = base().graphBuilder()
                    .addInputs("in")
                    .addLayer("first", new DenseLayer.Builder().nOut(8).build(), "in")
                    .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "first", "in")
                    .addLayer("out", softmax(), "sum")
                    .setOutputs("out")
                    .setInputTypes(InputType.feedForward(8))
                    .build();
            ComputationGraph net = new ComputationGraph(conf);
            net.init();
            return GaussNewton.attach(net);
        }

        @Override
        Model restored(Path file) throws IOException {
            return GaussNewton.attach(ModelSerializer.restoreComputationGraph(file.toFile(), true));
        }
    };

    private static final int EXAMPLES = 24;
    private static final long SEED = 7;

    private final long[] features;
    private final long[] labels;

    SoakNetwork(long[] features, long[] labels) {
        this.features = features;
        this.labels = labels;
    }

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .activation(Activation.TANH)
                .updater(Sgn.builder().build());
    }

    private static OutputLayer softmax() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static Model started(NeuralNetConfiguration.ListBuilder layers) {
        return GaussNewton.attach(new MultiLayerNetwork(layers.build()));
    }

    /** An attached network of its first parameters. */
    abstract Model fresh();

    /** An attached network as it was saved. */
    Model restored(Path file) throws IOException {
        return GaussNewton.attach(ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true));
    }

    /** The mini-batch of a step. The labels depend on the features, but for some noise. */
    DataSet batch(long step) {
        Random random = Nd4j.getRandomFactory().getNewRandomInstance(SEED + step);
        INDArray x = Nd4j.create(DataType.FLOAT, withExamples(features));
        x.assign(random.nextGaussian(new long[] {x.length()}).reshape(x.shape()));
        INDArray y = Nd4j.zeros(DataType.FLOAT, withExamples(labels));
        boolean isSequence = labels.length == 2;
        for (int i = 0; i < EXAMPLES; i++) {
            INDArray example = x.slice(i).reshape(features[0], -1);
            for (int t = 0; t < (isSequence ? labels[1] : 1); t++) {
                double value = isSequence ? example.getDouble(0, t) : example.getDouble(0, 0);
                double other = features.length == 1 ? example.getDouble(1, 0) : 0;
                double sum = value + 0.5 * other;
                if (this == REGRESSION) {
                    y.putScalar(i, 0, Math.sin(sum));
                    y.putScalar(i, 1, sum * sum / 4);
                } else {
                    int label = sum < -0.4 ? 0 : sum < 0.4 ? 1 : 2;
                    if (isSequence) {
                        y.putScalar(i, label, t, 1);
                    } else {
                        y.putScalar(i, label, 1);
                    }
                }
            }
        }
        return new DataSet(x, y);
    }

    private static long[] withExamples(long[] shape) {
        long[] whole = new long[shape.length + 1];
        whole[0] = EXAMPLES;
        System.arraycopy(shape, 0, whole, 1, shape.length);
        return whole;
    }

    /** Takes a step. */
    static void fit(Model net, DataSet batch) {
        if (net instanceof MultiLayerNetwork layers) {
            layers.fit(batch);
        } else {
            ((ComputationGraph) net).fit(batch);
        }
    }

    /** Whole steps taken. */
    static int steps(Model net) {
        return net instanceof MultiLayerNetwork layers
                ? layers.getIterationCount()
                : ((ComputationGraph) net).getIterationCount();
    }
}
