package org.dl4jgn.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.GaussNewtonConfiguration;
import org.dl4jgn.conf.Sgn;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The next value of a series, forecast by an LSTM: two tones of unknown phase, with noise.
 *
 * <p>Features are [examples, channels, steps], labels the same series one step later; each step has an output and a loss. To
 * forecast further, a forecast is fed back with {@code rnnTimeStep}, as in any DL4J program.
 */
public final class Forecast {

    private static final int STEPS = 40;
    private static final int EXAMPLES = 32;

    private Forecast() {}

    /** Trains for thirty epochs of four batches, and forecasts ten values of a series that the network has not seen. */
    public static void main(String[] args) {
        Random random = new Random(1);
        List<DataSet> batches = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            batches.add(series(random));
        }
        MultiLayerNetwork net = network();
        for (int epoch = 1; epoch <= 30; epoch++) {
            batches.forEach(net::fit);
            if (epoch % 10 == 0) {
                System.out.printf("epoch %2d: squared error of a step %.5f%n", epoch, net.score() / STEPS);
            }
        }
        double phase = 0.7;
        net.rnnClearPreviousState();
        double value = 0;
        for (int t = 0; t < STEPS; t++) {
            value = next(net, tones(phase, t));
        }
        double error = 0;
        for (int t = STEPS; t < STEPS + 10; t++) {
            double truth = tones(phase, t);
            System.out.printf("step %d: forecast %6.3f, true %6.3f%n", t, value, truth);
            error += Math.abs(value - truth) / 10;
            value = next(net, value);
        }
        System.out.printf("mean error of the forecast: %.3f%n", error);
    }

    private static MultiLayerNetwork network() {
        MultiLayerConfiguration conf = new GaussNewtonConfiguration.Builder()
                .optimizationAlgo(Sgn.builder().build())
                .seed(42)
                .activation(Activation.TANH)
                .list()
                .layer(new LSTM.Builder().nIn(1).nOut(20).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MSE)
                        .nIn(20)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .build();
        return GaussNewton.attach(new MultiLayerNetwork(conf));
    }

    private static double next(MultiLayerNetwork net, double value) {
        return net.rnnTimeStep(Nd4j.createFromArray(new float[][] {{(float) value}}))
                .getDouble(0);
    }

    private static double tones(double phase, int t) {
        return 0.6 * Math.sin(0.3 * t + phase) + 0.3 * Math.sin(0.7 * t + 2 * phase);
    }

    private static DataSet series(Random random) {
        INDArray features = Nd4j.create(EXAMPLES, 1, STEPS);
        INDArray labels = Nd4j.create(EXAMPLES, 1, STEPS);
        for (int i = 0; i < EXAMPLES; i++) {
            double phase = 2 * Math.PI * random.nextDouble();
            for (int t = 0; t < STEPS; t++) {
                features.putScalar(new int[] {i, 0, t}, tones(phase, t) + 0.02 * random.nextGaussian());
                labels.putScalar(new int[] {i, 0, t}, tones(phase, t + 1));
            }
        }
        return new DataSet(features, labels);
    }
}
