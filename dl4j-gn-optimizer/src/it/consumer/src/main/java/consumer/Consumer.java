package consumer;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Sgn;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Trains a network on a sine; ends with an exception if the loss does not fall to a thousandth. */
public final class Consumer {

    public static void main(String[] args) {
        MultiLayerNetwork net = GaussNewton.attach(new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .activation(Activation.TANH)
                .updater(Sgn.builder().build())
                .list()
                .layer(new DenseLayer.Builder().nIn(1).nOut(16).build())
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(16)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .build()));
        INDArray x = Nd4j.linspace(-3, 3, 100).reshape(100, 1).castTo(net.params().dataType());
        DataSet sine = new DataSet(x, Transforms.sin(x));
        double before = net.score(sine);
        for (int step = 0; step < 200; step++) {
            net.fit(sine);
        }
        double after = net.score(sine);
        System.out.println("loss " + before + ", after 200 steps " + after);
        if (!(after < before / 1000)) {
            throw new IllegalStateException("The loss fell from " + before + " to no less than " + after);
        }
    }
}
