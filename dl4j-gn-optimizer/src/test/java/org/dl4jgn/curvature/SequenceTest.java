package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.SequenceNetwork.steps;
import static org.dl4jgn.testing.SequenceNetwork.whole;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.products;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.distribution.ConstantDistribution;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.layers.AbstractLSTM;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.conf.weightnoise.WeightNoise;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.SequenceNetwork;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Layers on sequences, in each format and with each kind of mask: loss and gradient of DL4J, and true derivatives. */
class SequenceTest {

    private static SimpleRnn rnn(int n) {
        return new SimpleRnn.Builder().nOut(n).build();
    }

    /** The same each time it is drawn. */
    private static final IWeightNoise CONSTANT = new WeightNoise(new ConstantDistribution(0.1), true, true);

    private static SimpleRnn noisyRnn(IWeightNoise noise) {
        return new SimpleRnn.Builder().nOut(3).weightNoise(noise).build();
    }

    private static LSTM noisyLstm(IWeightNoise noise) {
        return new LSTM.Builder().nOut(3).weightNoise(noise).build();
    }

    private static LSTM lstm(int n) {
        return new LSTM.Builder().nOut(n).build();
    }

    private static <B extends AbstractLSTM.Builder<B>> B gates(B builder) {
        return builder.nOut(3).gateActivationFunction(Activation.HARDSIGMOID);
    }

    private static DenseLayer dense(int n) {
        return new DenseLayer.Builder().nOut(n).activation(Activation.SIGMOID).build();
    }

    /** Where a mask of the features reaches every layer, or none. */
    static Stream<SequenceNetwork> networks() {
        List<SequenceNetwork> all = new ArrayList<>(List.of(
                steps("simple", rnn(3)),
                steps(
                        "simple, relu",
                        new SimpleRnn.Builder()
                                .nOut(3)
                                .activation(Activation.RELU)
                                .build()),
                steps("lstm", lstm(3)),
                steps(
                        "lstm, hard gates",
                        gates(new LSTM.Builder())
                                .activation(Activation.SOFTSIGN)
                                .build()),
                steps("two lstms", lstm(3), lstm(2)),
                steps("constant noise on weights", noisyRnn(CONSTANT), noisyLstm(CONSTANT)),
                steps("graves", new GravesLSTM.Builder().nOut(3).build()),
                steps(
                        "graves from both ends",
                        new GravesBidirectionalLSTM.Builder().nOut(3).build()),
                steps("lstm and dense", lstm(3), dense(4), lstm(2)),
                steps("dense first", dense(3), rnn(2)),
                steps("activation", rnn(3), new ActivationLayer(Activation.SOFTPLUS)),
                steps("time distributed", rnn(3), new TimeDistributed(dense(3)), rnn(2)),
                steps(
                        "mask zero",
                        new MaskZeroLayer.Builder().setUnderlying(rnn(3)).build()),
                whole("last step", new LastTimeStep(lstm(3))),
                whole("last step of two", lstm(3), new LastTimeStep(lstm(2)), dense(3)),
                whole("last step, simple", new LastTimeStep(rnn(3))),
                whole("last step, bidirectional", new LastTimeStep(new Bidirectional(lstm(2)))),
                whole(
                        "bidirectional last step",
                        new Bidirectional(new LastTimeStep(new LSTM.Builder()
                                .nOut(2)
                                .weightInit(WeightInit.XAVIER)
                                .activation(Activation.TANH)
                                .build()))),
                steps(
                        "same convolution",
                        new Convolution1D.Builder(3)
                                .nOut(3)
                                .convolutionMode(ConvolutionMode.Same)
                                .build(),
                        rnn(2)),
                steps(
                        "causal convolution",
                        new Convolution1D.Builder(2)
                                .nOut(3)
                                .convolutionMode(ConvolutionMode.Causal)
                                .build(),
                        rnn(2))));
        for (Bidirectional.Mode mode : Bidirectional.Mode.values()) {
            all.add(steps("bidirectional " + mode, new Bidirectional(mode, lstm(3)), rnn(2)));
            all.add(steps("bidirectional simple " + mode, new Bidirectional(mode, rnn(3)), lstm(2)));
        }
        all.add(whole("pooling of masked dense layers", rnn(3), dense(3), new GlobalPoolingLayer(PoolingType.MAX)));
        for (PoolingType pooling : PoolingType.values()) {
            all.add(whole(
                    "pooling " + pooling,
                    rnn(3),
                    new GlobalPoolingLayer.Builder(pooling).pnorm(2).build()));
        }
        return all.stream();
    }

    /** Where there is no mask of features. */
    static Stream<SequenceNetwork> unmasked() {
        return Stream.of(
                steps("batch normalization", lstm(3), dense(3), new BatchNormalization(), lstm(2)),
                steps(
                        "convolution and pooling",
                        new Convolution1D.Builder(2).nOut(3).build(),
                        lstm(2),
                        new Subsampling1DLayer.Builder(SubsamplingLayer.PoolingType.MAX, 2, 1).build()),
                steps("upsampling", rnn(3), new Upsampling1D.Builder(2).build(), rnn(2)),
                steps("cropping", rnn(3), new Cropping1D(1, 1), rnn(2)),
                steps("padding", rnn(3), new ZeroPadding1DLayer(1, 2), rnn(2)));
    }

    private static Layer nwc(Layer layer) {
        ((org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer) layer).setRnnDataFormat(RNNFormat.NWC);
        return layer;
    }

    static Stream<SequenceNetwork> channelsLast() {
        return Stream.of(
                new SequenceNetwork("simple", RNNFormat.NWC, true, nwc(rnn(3))),
                new SequenceNetwork("lstm", RNNFormat.NWC, true, nwc(lstm(3)), nwc(rnn(2))),
                new SequenceNetwork("last step", RNNFormat.NWC, false, new LastTimeStep(nwc(lstm(3)))),
                new SequenceNetwork("bidirectional", RNNFormat.NWC, true, new Bidirectional(nwc(lstm(3)))));
    }

    /** A network and its masks. */
    record Case(SequenceNetwork network, String featureMask, String labelMask) {

        DataSet batch(DataType type) {
            INDArray outputs = network.batch(type, null, null).getLabels();
            return network.batch(type, mask(featureMask, type, outputs), mask(labelMask, type, outputs));
        }

        private static @Nullable INDArray mask(String kind, DataType type, INDArray outputs) {
            return switch (kind) {
                case "ends early" -> SequenceNetwork.endsEarly(type);
                case "gaps" -> SequenceNetwork.gaps(type);
                case "of outputs" -> normal(9, 1, outputs.shape()).gt(0.0).castTo(type);
                default -> null;
            };
        }

        /** DL4J's TimeDistributedLayer applies the mask to the steps in another order than it has them in. */
        boolean hasRightScoreInDl4j() {
            return featureMask.equals("none") || !network.name().contains("time distributed");
        }

        /**
         * DL4J's LSTM starts anew behind a masked step, where a layer hands it the mask, but its backpropagation goes on to the
         * steps before. The same with the masks of convolutions. Of a bidirectional layer of last steps it has no gradient at all.
         */
        boolean hasRightGradientInDl4j() {
            boolean early = featureMask.equals("ends early") && network.name().contains("bidirectional");
            boolean obeyed = List.of("last step", "convolution", "graves from both").stream()
                    .anyMatch(network.name()::contains);
            return hasRightScoreInDl4j()
                    && !network.name().equals("bidirectional last step")
                    && !(obeyed && (early || featureMask.equals("gaps")));
        }

        /** DL4J takes the last steps out in float32. */
        double tolerance(DataType type) {
            boolean rounded = !featureMask.equals("none") && network.name().contains("last step");
            return products(rounded ? DataType.FLOAT : type);
        }

        @Override
        public String toString() {
            return network + ", features: " + featureMask + ", labels: " + labelMask;
        }
    }

    static Stream<Case> cases() {
        Stream<Case> masked = networks()
                .flatMap(n -> Stream.of(
                                new Case(n, "none", "none"),
                                new Case(n, "ends early", n.steps() ? "ends early" : "none"),
                                new Case(n, "gaps", "none"),
                                new Case(n, "none", n.steps() ? "gaps" : "none"),
                                new Case(n, "none", n.steps() ? "of outputs" : "none"))
                        .distinct());
        return Stream.concat(masked, Stream.concat(unmasked(), channelsLast()).map(n -> new Case(n, "none", "none")));
    }

    static Stream<Arguments> casesInBothTypes() {
        return cases().flatMap(c -> Stream.of(DataType.DOUBLE, DataType.FLOAT).map(t -> Arguments.of(c, t)));
    }

    @ParameterizedTest
    @MethodSource("casesInBothTypes")
    void lossAndGradientAreThoseOfDl4j(Case given, DataType type) {
        MultiLayerNetwork net = given.network.network(type);
        DataSet batch = given.batch(type);
        try (Linearization at = GaussNewton.linearize(net).at(batch)) {
            if (given.hasRightScoreInDl4j()) {
                assertClose(net.score(batch, true), at.loss(), given.tolerance(type), given + ": loss");
            }
            if (given.hasRightGradientInDl4j()) {
                net.setInput(batch.getFeatures());
                net.setLabels(batch.getLabels());
                net.setLayerMaskArrays(batch.getFeaturesMaskArray(), batch.getLabelsMaskArray());
                net.computeGradientAndScore();
                INDArray gradient = Dl4j.withoutStatistics(
                        net,
                        net.getFlattenedGradients().div(SequenceNetwork.BATCH).reshape(net.numParams()));
                net.clearLayerMaskArrays();
                assertClose(
                        gradient.reshape(net.numParams()), at.gradient(), given.tolerance(type), given + ": gradient");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void productsAreDerivativesAndTransposes(Case given) {
        assertDerivatives(given.network.network(DataType.DOUBLE), given.batch(DataType.DOUBLE));
    }

    @Test
    void weightNoiseIsDrawnOnceForAllOfAStep() {
        for (IWeightNoise noise :
                List.of(new DropConnect(0.6, true), new WeightNoise(new NormalDistribution(0, 0.3)))) {
            for (Layer layer : List.of(noisyRnn(noise), noisyLstm(noise), new Bidirectional(noisyLstm(noise)))) {
                SequenceNetwork network = steps("noise", layer, lstm(2));
                MultiLayerNetwork net = network.network(DataType.DOUBLE);
                net.setIterationCount(17);
                DataSet batch = network.batch(DataType.DOUBLE, null, SequenceNetwork.gaps(DataType.DOUBLE));
                assertDerivatives(net, batch);
                try (Linearization at = GaussNewton.linearize(net).at(batch)) {
                    assertNotEquals(net.score(batch), at.loss(), 1e-3, "loss with and without noise");
                }
            }
        }
    }

    private static void assertDerivatives(MultiLayerNetwork net, DataSet batch) {
        try (Linearization at = GaussNewton.linearize(net).at(batch)) {
            INDArray v = normal(5, 1, net.numParams());
            INDArray w = normal(6, 1, net.numParams());
            INDArray gradient = at.gradient();
            INDArray jv = at.jvp(v);
            INDArray u = normal(7, 1, jv.shape());
            INDArray vjp = at.vjp(u);
            assertClose(u.mul(jv).sumNumber().doubleValue(), dot(vjp, v), ROUNDING, "⟨u, Jv⟩");
            INDArray hv = at.ggnVectorProduct(v);
            double scale = hv.norm2Number().doubleValue() * w.norm2Number().doubleValue();
            assertClose(scale + dot(hv, w), scale + dot(at.ggnVectorProduct(w), v), ROUNDING, "⟨w, Hv⟩");
            assertClose(
                    FiniteDifferences.along(net, v, () -> at.at(batch).loss()),
                    dot(gradient, v),
                    FINITE_DIFFERENCE,
                    "⟨g, v⟩");
            assertClose(FiniteDifferences.along(net, v, () -> at.at(batch).preOutput()), jv, FINITE_DIFFERENCE, "Jv");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rowsOfTheJacobianAreThoseOfItsProducts(Case given) {
        if (List.of("normalization", "noise").stream().anyMatch(given.network.name()::contains)) {
            return;
        }
        MultiLayerNetwork net = given.network.network(DataType.DOUBLE);
        try (Linearization at = GaussNewton.linearize(net).at(given.batch(DataType.DOUBLE))) {
            INDArray j = at.jacobian();
            INDArray v = normal(5, 1, net.numParams());
            INDArray jv = at.jvp(v).dup('c');
            assertClose(jv.reshape(jv.length(), 1), j.mmul(v.reshape(v.length(), 1)), DOUBLE, "J times v");
            assertClose(j.mmul(j.transpose()), at.gram(), DOUBLE, "JJᵀ");
        }
    }

    static Stream<SequenceNetwork> few() {
        return Stream.of(steps("lstm", lstm(3)), whole("last step", new LastTimeStep(lstm(3))));
    }

    @ParameterizedTest
    @MethodSource("few")
    void otherLossesAreThoseOfDl4jToo(SequenceNetwork network) {
        for (String loss : List.of("MCXENT SOFTMAX", "XENT SIGMOID", "MSE SOFTMAX", "POISSON SIGMOID")) {
            MultiLayerNetwork net = network.network(
                    DataType.DOUBLE,
                    new Sgd(0.1),
                    LossFunction.valueOf(loss.split(" ")[0]),
                    Activation.valueOf(loss.split(" ")[1]));
            INDArray mask = network.steps() ? SequenceNetwork.gaps(DataType.DOUBLE) : null;
            DataSet batch = network.batch(DataType.DOUBLE, null, mask);
            try (Linearization at = GaussNewton.linearize(net).at(batch)) {
                assertClose(net.score(batch, true), at.loss(), DOUBLE, loss);
            }
        }
    }

    private static double dot(INDArray a, INDArray b) {
        return a.mul(b).sumNumber().doubleValue();
    }
}
