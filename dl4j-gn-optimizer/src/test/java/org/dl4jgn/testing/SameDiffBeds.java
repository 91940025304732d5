package org.dl4jgn.testing;

import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CapsuleLayer;
import org.deeplearning4j.nn.conf.layers.CapsuleStrengthLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.PrimaryCapsules;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.weights.WeightInitConstant;
import org.dl4jgn.conf.Sgn;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.regularization.L2Regularization;

/** Beds for layers of SameDiff operations. What all of them have is tried on one. */
public final class SameDiffBeds {

    private static final String[] OF_ALL = {
        "weightInit(String, IWeightInit)",
        "weightInit(WeightInit)",
        "biasUpdater(IUpdater)",
        "updater(IUpdater)",
        "l1(double)",
        "l1Bias(double)",
        "l2(double)",
        "l2Bias(double)",
        "regularization(List)",
        "regularizationBias(List)",
        "weightDecay(double)",
        "weightDecay(double, boolean)",
        "weightDecayBias(double)",
        "weightDecayBias(double, boolean)"
    };

    private SameDiffBeds() {}

    /** All of them. */
    public static List<LayerBed> all() {
        return List.of(
                locallyConnected(),
                ofImages(),
                primaryCapsules(),
                capsules(),
                lengths(),
                attention(() -> new SelfAttentionLayer.Builder()
                        .nIn(3)
                        .nOut(3)
                        .nHeads(1)
                        .projectInput(true)),
                attention(() -> new RecurrentAttentionLayer.Builder()
                                .nIn(3)
                                .nOut(3)
                                .nHeads(1)
                                .projectInput(true))
                        .with("hasBias(boolean)", false)
                        .with("activation(Activation)", Activation.SOFTSIGN));
    }

    private static LayerBed locallyConnected() {
        return ofSteps(() -> new LocallyConnected1D.Builder()
                        .nOut(2)
                        .kernelSize(2)
                        .convolutionMode(ConvolutionMode.Truncate))
                .with("activation(Activation)", Activation.SOFTSIGN)
                .with("nIn(int)", 3)
                .with("nOut(int)", 3)
                .with("setInputSize(int)", 6)
                // DL4J draws the weights as if the last had not been said
                .indifferent("nIn(int)", "setInputSize(int)", "weightInit(String, IWeightInit)")
                .with("dilation(int)", 2)
                .refused("dilation(int)")
                .with("weightInit(String, IWeightInit)", "W", new WeightInitConstant(0.1))
                .with("weightInit(WeightInit)", WeightInit.RELU)
                .with("biasUpdater(IUpdater)", new Adam())
                .with("updater(IUpdater)", Sgn.builder().cgIterations(3).build())
                .refused("biasUpdater(IUpdater)", "updater(IUpdater)")
                .with("l1(double)", 0.1)
                .with("l1Bias(double)", 0.1)
                .with("l2(double)", 0.1)
                .with("l2Bias(double)", 0.1)
                .with("regularization(List)", List.of(new L2Regularization(0.1)))
                .with("regularizationBias(List)", List.of(new L2Regularization(0.1)))
                .with("weightDecay(double)", 0.1)
                .with("weightDecay(double, boolean)", 0.1, false)
                .with("weightDecayBias(double)", 0.1)
                .with("weightDecayBias(double, boolean)", 0.1, false);
    }

    private static LayerBed ofImages() {
        return new LayerBed(
                        InputType.convolutional(5, 5, 2),
                        () -> new LocallyConnected2D.Builder()
                                .nOut(2)
                                .kernelSize(2, 2)
                                .convolutionMode(ConvolutionMode.Truncate),
                        LayerBeds.output())
                .without(OF_ALL)
                .without("dataFormat(CNN2DFormat)")
                .refused("dilation(int[])")
                .with("activation(Activation)", Activation.SOFTSIGN)
                .with("nIn(int)", 2)
                .with("nOut(int)", 3)
                .with("setInputSize(int[])", new Object[] {new int[] {5, 5}})
                .indifferent("nIn(int)", "setInputSize(int[])");
    }

    private static LayerBed primaryCapsules() {
        return new LayerBed(
                        InputType.convolutional(6, 6, 1),
                        () -> new PrimaryCapsules.Builder(2, 2).kernelSize(3, 3).stride(1, 1),
                        new CapsuleStrengthLayer.Builder().build(),
                        LayerBeds.output())
                .without(OF_ALL)
                .with("kernelSize(int[])", new Object[] {new int[] {2, 2}})
                .with("capsuleDimensions(int)", 3)
                .with("channels(int)", 3)
                .with("capsules(int)", 32)
                .indifferent("capsules(int)")
                .with("nOut(int)", 3)
                .with("hasBias(boolean)", false)
                .with("useReLU(boolean)", true)
                .with("useReLU()")
                .with("useLeakyReLU(double)", 0.2);
    }

    private static LayerBed capsules() {
        return new LayerBed(
                        InputType.recurrent(4, 3),
                        () -> new CapsuleLayer.Builder(3, 2, 2),
                        new CapsuleStrengthLayer.Builder().build(),
                        LayerBeds.output())
                .without(OF_ALL)
                .with("capsules(int)", 4)
                .with("capsuleDimensions(int)", 3)
                .with("routings(int)", 3)
                .with("hasBias(boolean)", true)
                .with("inputCapsules(int)", 4)
                .with("inputCapsuleDimensions(int)", 3)
                .with("inputShape(int[])", new Object[] {new int[] {4, 3}})
                .indifferent("inputCapsules(int)", "inputCapsuleDimensions(int)", "inputShape(int[])");
    }

    /** Which has no settings of its own. */
    private static LayerBed lengths() {
        return new LayerBed(InputType.recurrent(4, 3), CapsuleStrengthLayer.Builder::new, LayerBeds.output())
                .without(OF_ALL);
    }

    private static LayerBed attention(Supplier<Layer.Builder<?>> builder) {
        return ofSteps(builder)
                .without(OF_ALL)
                .with("nIn(int)", 3)
                .indifferent("nIn(int)")
                .with("nOut(int)", 2)
                .with("nHeads(int)", 3)
                .with("headSize(int)", 2)
                .with("projectInput(boolean)", false);
    }

    private static LayerBed ofSteps(Supplier<Layer.Builder<?>> builder) {
        return new LayerBed(InputType.recurrent(3, 6), builder, LayerBeds.mean(), LayerBeds.output());
    }
}
