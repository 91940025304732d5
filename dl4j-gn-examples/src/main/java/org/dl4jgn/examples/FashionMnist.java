package org.dl4jgn.examples;

import java.nio.file.Path;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.GaussNewtonConfiguration;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.examples.images.ImageData;
import org.dl4jgn.examples.images.ImageTraining;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The SGN paper's convolutional network on FashionMNIST: as any DL4J network of images, with another optimizer.
 *
 * <p>The data, four files such as {@code fashion-mnist/train-images-idx3-ubyte.gz}, are looked for in the folder of the
 * environment variable {@code DL4JGN_DATA}. The number of epochs may be given as an argument.
 */
public final class FashionMnist {

    private FashionMnist() {}

    /** Trains, and prints loss and test accuracy after each epoch. */
    public static void main(String[] args) {
        Path folder = ImageData.folder().orElse(Path.of(".")).resolve("fashion-mnist");
        ImageTraining.run(
                network(),
                () -> ImageData.idx(
                        folder.resolve("train-images-idx3-ubyte.gz"), folder.resolve("train-labels-idx1-ubyte.gz")),
                () -> ImageData.idx(
                        folder.resolve("t10k-images-idx3-ubyte.gz"), folder.resolve("t10k-labels-idx1-ubyte.gz")),
                args);
    }

    private static MultiLayerNetwork network() {
        MultiLayerConfiguration conf = new GaussNewtonConfiguration.Builder()
                .optimizationAlgo(Sgn.builder().cgIterations(5).build())
                .seed(42)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.RELU)
                .list()
                .layer(new ConvolutionLayer.Builder(5, 5).nOut(6).build())
                .layer(pooling())
                .layer(new ConvolutionLayer.Builder(5, 5).nOut(16).build())
                .layer(pooling())
                .layer(new DenseLayer.Builder().nOut(120).build())
                .layer(new DenseLayer.Builder().nOut(84).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(10)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(28, 28, 1))
                .build();
        return GaussNewton.attach(new MultiLayerNetwork(conf));
    }

    private static SubsamplingLayer pooling() {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(2, 2)
                .build();
    }
}
