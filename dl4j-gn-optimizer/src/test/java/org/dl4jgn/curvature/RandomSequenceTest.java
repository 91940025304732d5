package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.plan.ExecutionPlan;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.SequenceNetwork;
import org.dl4jgn.translate.MultiLayerModel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Stacks of layers of sequences that nobody chose, with masks: DL4J's score, and products that are derivatives and transposes. */
class RandomSequenceTest {

    /** For each of five seeds. */
    private static final int NETWORKS = Integer.getInteger("dl4jgn.networks", 50) / 5;

    private static SequenceNetwork draw(Random random) {
        List<Layer> layers = new ArrayList<>();
        int depth = 1 + random.nextInt(3);
        for (int i = 0; i < depth; i++) {
            Layer next = layer(random);
            boolean behindConvolution = i > 0 && layers.get(i - 1) instanceof Convolution1D;
            // DL4J takes the number of steps for that of channels there
            layers.add(
                    behindConvolution && next instanceof DenseLayer
                            ? new SimpleRnn.Builder().nOut(2).build()
                            : next);
        }
        int end = random.nextInt(3);
        if (end == 1) {
            layers.add(new LastTimeStep(new LSTM.Builder().nOut(2).build()));
        } else if (end == 2) {
            layers.add(new GlobalPoolingLayer.Builder(PoolingType.values()[random.nextInt(4)])
                    .pnorm(2)
                    .build());
        }
        Layer[] all = layers.toArray(Layer[]::new);
        return end == 0 ? SequenceNetwork.steps("drawn", all) : SequenceNetwork.whole("drawn", all);
    }

    private static Layer layer(Random random) {
        int n = 1 + random.nextInt(4);
        return switch (random.nextInt(9)) {
            case 0 -> new SimpleRnn.Builder().nOut(n).build();
            case 1 -> new LSTM.Builder().nOut(n).build();
            case 2 -> new GravesLSTM.Builder().nOut(n).build();
            case 3 ->
                new Bidirectional(
                        Bidirectional.Mode.values()[random.nextInt(4)],
                        random.nextBoolean()
                                ? new LSTM.Builder().nOut(n).build()
                                : new SimpleRnn.Builder().nOut(n).build());
            case 4 ->
                new DenseLayer.Builder().nOut(n).activation(Activation.SIGMOID).build();
            case 5 ->
                new SelfAttentionLayer.Builder()
                        .nOut(n)
                        .nHeads(1 + random.nextInt(3))
                        .headSize(1 + random.nextInt(3))
                        .projectInput(true)
                        .build();
            case 6 ->
                new RecurrentAttentionLayer.Builder()
                        .nOut(n)
                        .nHeads(1 + random.nextInt(2))
                        .headSize(1 + random.nextInt(3))
                        .hasBias(random.nextBoolean())
                        .build();
            case 7 -> new GravesBidirectionalLSTM.Builder().nOut(n).build();
            default ->
                new Convolution1D.Builder(1 + random.nextInt(3))
                        .nOut(n)
                        .convolutionMode(ConvolutionMode.Same)
                        .build();
        };
    }

    private static @Nullable INDArray mask(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> null;
            case 1 -> SequenceNetwork.endsEarly(DataType.DOUBLE);
            default -> SequenceNetwork.gaps(DataType.DOUBLE);
        };
    }

    /** Behind some layers DL4J takes the number of steps for that of channels, and cannot run what it made. */
    private static boolean runsInDl4j(MultiLayerNetwork net, DataSet batch) {
        try {
            net.output(batch.getFeatures());
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void productsAreThoseOfDl4jsScore(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < NETWORKS; i++) {
            SequenceNetwork drawn = draw(random);
            boolean softmax = random.nextBoolean();
            MultiLayerNetwork net = drawn.network(
                    DataType.DOUBLE,
                    new Sgd(0.1),
                    softmax ? LossFunction.MCXENT : LossFunction.MSE,
                    softmax ? Activation.SOFTMAX : Activation.TANH);
            INDArray featureMask = mask(random);
            DataSet batch = drawn.batch(DataType.DOUBLE, featureMask, drawn.steps() ? mask(random) : null);
            if (!runsInDl4j(net, batch)) {
                continue;
            }
            String what = "network " + i + " of seed " + seed + ", " + net.getLayerWiseConfigurations();
            try (Linearization at = GaussNewton.linearize(net).at(batch)) {
                if (featureMask == null || drawn.steps()) {
                    assertClose(net.score(batch, true), at.loss(), DOUBLE, "loss of " + what);
                }
                INDArray v = normal(5, 1, net.numParams());
                INDArray jv = at.jvp(v);
                INDArray u = normal(7, 1, jv.shape());
                double forward = u.mul(jv).sumNumber().doubleValue();
                double scale = u.norm2Number().doubleValue() * jv.norm2Number().doubleValue();
                double backward = at.vjp(u).mul(v).sumNumber().doubleValue();
                assertClose(scale + forward, scale + backward, ROUNDING, "⟨u, Jv⟩ of " + what);
                INDArray differences =
                        FiniteDifferences.along(net, v, () -> at.at(batch).preOutput());
                assertClose(differences, jv, FINITE_DIFFERENCE, "Jv of " + what);
            }
        }
    }

    @Test
    void eachLengthIsCompiledOnce() {
        SequenceNetwork network =
                SequenceNetwork.steps("lstm", new LSTM.Builder().nOut(3).build());
        MultiLayerNetwork net = network.network(DataType.DOUBLE);
        try (NetworkProblems problems = new NetworkProblems(new MultiLayerModel(net))) {
            List<ExecutionPlan> plans = new ArrayList<>();
            for (int round = 0; round < 2; round++) {
                for (int steps = 2; steps < 12; steps++) {
                    plans.add(problems.of(normal(1, 1, 3, 2, steps), normal(2, 1, 3, 2, steps), null, 0, 0)
                            .executionPlan());
                }
            }
            for (int i = 0; i < 10; i++) {
                assertSame(plans.get(i), plans.get(i + 10));
                assertNotSame(plans.get(i), plans.get((i + 1) % 10));
            }
        }
    }
}
