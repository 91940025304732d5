package org.dl4jgn.bench;

import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The SGN paper's convolutional networks, batch 1000, with random data of the right shape. */
public enum ImageProblem {
    /** 28 × 28 × 1; 5 × 5 convolutions of 6 and 16 channels, each with 2 × 2 max pooling; 120-84-10. */
    FASHION(28, 1),
    /** 32 × 32 × 3; 3 × 3 convolutions of 32, 64 and 64 channels, 2 × 2 max pooling after the first two; 64-10. */
    CIFAR(32, 3);

    private static final int BATCH = 1000;
    private static final int CLASSES = 10;

    private final int side;
    private final int channels;

    ImageProblem(int side, int channels) {
        this.side = side;
        this.channels = channels;
    }

    /** A fresh float network, the same for every updater. */
    public MultiLayerNetwork network(IUpdater updater) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.RELU)
                .updater(updater)
                .list();
        if (this == FASHION) {
            layers.layer(convolution(5, 6)).layer(pooling());
            layers.layer(convolution(5, 16)).layer(pooling());
            layers.layer(dense(120)).layer(dense(84));
        } else {
            layers.layer(convolution(3, 32)).layer(pooling());
            layers.layer(convolution(3, 64)).layer(pooling());
            layers.layer(convolution(3, 64)).layer(dense(64));
        }
        layers.layer(new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build());
        MultiLayerNetwork net = new MultiLayerNetwork(layers.setInputType(InputType.convolutional(side, side, channels))
                .build());
        net.init();
        return net;
    }

    private static ConvolutionLayer convolution(int kernel, int out) {
        return new ConvolutionLayer.Builder(kernel, kernel).nOut(out).build();
    }

    private static SubsamplingLayer pooling() {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(2, 2)
                .build();
    }

    private static DenseLayer dense(int out) {
        return new DenseLayer.Builder().nOut(out).build();
    }

    /** A mini-batch of standard normal images and random labels. */
    public DataSet batch() {
        Random random = new Random(3);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, BATCH, CLASSES);
        for (int i = 0; i < BATCH; i++) {
            labels.putScalar(i, random.nextInt(CLASSES), 1.0);
        }
        return new DataSet(Nd4j.randn(DataType.FLOAT, BATCH, channels, side, side), labels);
    }
}
