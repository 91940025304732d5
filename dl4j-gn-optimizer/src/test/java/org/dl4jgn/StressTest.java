package org.dl4jgn;

import static org.dl4jgn.testing.Small.bits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Small;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Whatever the settings and the data, no step leaves a number that is not finite in the parameters. */
class StressTest {

    private static final int STEPS = 8;

    private static final List<Activation> HIDDEN = List.of(
            Activation.RELU,
            Activation.CUBE,
            Activation.SIGMOID,
            Activation.TANH,
            Activation.SOFTPLUS,
            Activation.IDENTITY,
            Activation.ELU,
            Activation.SWISH);

    /** An output activation with a loss on it. */
    private record Head(Activation activation, LossFunction loss) {}

    private static final List<Head> HEADS = List.of(
            new Head(Activation.SOFTMAX, LossFunction.MCXENT),
            new Head(Activation.SIGMOID, LossFunction.XENT),
            new Head(Activation.SIGMOID, LossFunction.MSE),
            new Head(Activation.IDENTITY, LossFunction.MSE),
            new Head(Activation.CUBE, LossFunction.MSE),
            new Head(Activation.SOFTPLUS, LossFunction.POISSON),
            new Head(Activation.IDENTITY, LossFunction.POISSON));

    static IntStream seeds() {
        return IntStream.range(0, Integer.getInteger("dl4jgn.stress", 40));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void parametersStayFiniteOrUnchanged(int seed) {
        Random random = new Random(seed);
        MultiLayerNetwork net = network(random);
        for (int step = 0; step < STEPS; step++) {
            DataSet data = data(random);
            long[] before = bits(net);
            boolean finite = Small.isFinite(net.params());
            try {
                net.fit(data);
            } catch (IllegalArgumentException | IllegalStateException refusal) {
                assertArrayEquals(before, bits(net), () -> refusal.getMessage());
                assertFalse(String.valueOf(refusal.getMessage()).isEmpty());
                assertTrue(Small.isFinite(net.updaterState()));
                continue;
            }
            assertTrue(finite && Small.isFinite(net.params()), () -> report(net).toString());
            assertTrue(Small.isFinite(net.updaterState()), () -> report(net).toString());
            if (report(net).outcome() != StepReport.Outcome.ACCEPTED) {
                assertArrayEquals(before, bits(net), () -> report(net).toString());
            } else {
                assertTrue(
                        Double.isFinite(report(net).lossAfter()),
                        () -> report(net).toString());
            }
        }
    }

    private static StepReport report(MultiLayerNetwork net) {
        return GaussNewton.report(net).orElseThrow();
    }

    private static MultiLayerNetwork network(Random random) {
        List<Layer> layers = new ArrayList<>();
        int in = Small.INPUTS;
        for (int i = random.nextInt(3); i > 0; i--) {
            int out = 1 + random.nextInt(6);
            layers.add(new DenseLayer.Builder()
                    .nIn(in)
                    .nOut(out)
                    .activation(pick(random, HIDDEN))
                    .dropOut(random.nextInt(5) == 0 ? 0.5 : 1)
                    .build());
            in = out;
        }
        Head head = pick(random, HEADS);
        layers.add(Small.output(in, Small.CLASSES, head.loss, head.activation));
        Sgn sgn = settings(random);
        DataType type = random.nextBoolean() ? DataType.FLOAT : DataType.DOUBLE;
        double l2 = random.nextInt(4) == 0 ? power(random, -6, 3) : 0;
        MultiLayerNetwork net = GaussNewton.attach(
                Small.network(sgn, conf -> conf.dataType(type).l2(l2), layers.toArray(new Layer[0])));
        if (random.nextBoolean()) {
            net.params().muli(power(random, -20, 20));
        }
        if (random.nextInt(20) == 0) {
            net.params().putScalar(random.nextInt((int) net.numParams()), Double.NaN);
        }
        return net;
    }

    private static Sgn settings(Random random) {
        double rho = power(random, -12, 6);
        Damping damping = pick(
                random,
                List.of(
                        Damping.constant(0),
                        Damping.constant(rho),
                        Damping.linear(rho, 0, 5),
                        Damping.cosine(rho, rho / 10, 5),
                        Damping.trustRegion(rho),
                        Damping.nielsen(rho)));
        LineSearch search =
                pick(random, List.of(LineSearch.none(), LineSearch.armijo(), LineSearch.armijo(0.5, 0.9, 2)));
        int k = 1 + random.nextInt(12);
        Sgn.Builder builder = Sgn.builder()
                .damping(damping)
                .lineSearch(search)
                .learningRate(random.nextBoolean() ? 1 : power(random, -6, 30))
                .cgIterations(k)
                .warmup(random.nextInt(3), 1 + random.nextInt(10))
                .orthogonalized(random.nextInt(3) * 10)
                .maxRejections(1 + random.nextInt(4))
                .residualTolerance(random.nextBoolean() ? 0 : 1e-6)
                .relativeProgress(random.nextBoolean() ? 0 : 1e-4)
                .momentum(random.nextBoolean() ? 0 : 0.9)
                .warmStart(random.nextBoolean() ? 0 : 0.9)
                .preconditioner(random.nextBoolean() ? 0 : 0.75);
        return random.nextBoolean()
                ? builder.build()
                : builder.adaptiveIterations(1, k).build();
    }

    private static DataSet data(Random random) {
        DataSet data = Small.data(1 + random.nextInt(8));
        INDArray features = data.getFeatures();
        INDArray labels = data.getLabels();
        switch (random.nextInt(6)) {
            case 0 -> features.muli(power(random, -30, 30));
            case 1 -> labels.muli(-power(random, -30, 30));
            case 2 -> features.assign(0);
            case 3 -> features.putScalar(0, random.nextBoolean() ? Double.NaN : Double.POSITIVE_INFINITY);
            default -> {}
        }
        return data;
    }

    /** A power of ten. */
    private static double power(Random random, int low, int high) {
        return Math.pow(10, low + (high - low) * random.nextDouble());
    }

    private static <T> T pick(Random random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
