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
 * The SGN paper's convolutional network on CIFAR10.
 *
 * <p>The data, files {@code cifar10/data_batch_*.bin} and {@code cifar10/test_batch*.bin} of the binary version, gzipped or
 * not, are looked for in the folder of the environment variable {@code DL4JGN_DATA}; whatever training batches are there
 * are used. The number of epochs may be given as an argument.
 */
public final class Cifar10 {

    private Cifar10() {}

    /** Trains, and prints loss and test accuracy after each epoch. */
    public static void main(String[] args) {
        Path folder = ImageData.folder().orElse(Path.of(".")).resolve("cifar10");
        ImageTraining.run(
                network(),
                () -> ImageData.cifar(ImageData.files(folder, "data_batch")),
                () -> ImageData.cifar(ImageData.files(folder, "test_batch")),
                args);
    }

    private static MultiLayerNetwork network() {
        MultiLayerConfiguration conf = new GaussNewtonConfiguration.Builder()
                .optimizationAlgo(Sgn.builder().cgIterations(10).build())
                .seed(42)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.RELU)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(32).build())
                .layer(pooling())
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(64).build())
                .layer(pooling())
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(64).build())
                .layer(new DenseLayer.Builder().nOut(64).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(10)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(32, 32, 3))
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
