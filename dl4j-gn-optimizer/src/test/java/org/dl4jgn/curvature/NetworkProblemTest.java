package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Networks.classes;
import static org.dl4jgn.testing.Networks.dense;
import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.oneHot;
import static org.dl4jgn.testing.Networks.output;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.problem.Problem;
import org.dl4jgn.problem.ProblemContract;
import org.dl4jgn.problem.SumProblem;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.PosedNetwork;
import org.dl4jgn.translate.MultiLayerModel;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** A network on a mini-batch meets the contract of problems, as do its parts. */
class NetworkProblemTest {

    private static final int B = 6;

    /** A network, its examples, and their two halves, each with the normalizer of the whole. */
    abstract static class OfNetwork extends ProblemContract {

        private final List<NetworkProblems> owners = new ArrayList<>();

        abstract MultiLayerNetwork network();

        abstract INDArray features();

        abstract INDArray labels();

        private NetworkProblems owner() {
            NetworkProblems owner = new NetworkProblems(new MultiLayerModel(network()));
            owners.add(owner);
            return owner;
        }

        @Override
        protected Problem problem() {
            return owner().of(features(), labels(), null, 0, 0);
        }

        @Override
        protected INDArray theta() {
            return normal(9, 0.6, network().numParams());
        }

        @Override
        protected void end() {
            owners.forEach(NetworkProblems::close);
            owners.clear();
        }

        List<Problem> halves() {
            return List.of(half(0), half(1));
        }

        private Problem half(int index) {
            var rows = NDArrayIndex.interval(index * B / 2, (index + 1) * B / 2);
            return owner().part(
                            features().get(rows).dup('c'), labels().get(rows).dup('c'), null, B, 0, 0);
        }
    }

    @Nested
    class OfSquaredErrors extends OfNetwork {

        @Override
        MultiLayerNetwork network() {
            return Networks.of(
                    DataType.DOUBLE, dense(3, 4, Activation.TANH), output(4, 2, Activation.IDENTITY, new LossMSE()));
        }

        @Override
        INDArray features() {
            return normal(1, 1.0, B, 3);
        }

        @Override
        INDArray labels() {
            return normal(2, 1.0, B, 2);
        }

        @Override
        protected List<Problem> parts() {
            return halves();
        }
    }

    @Nested
    class OfCrossEntropyOnImages extends OfNetwork {

        @Override
        MultiLayerNetwork network() {
            MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                    .dataType(DataType.DOUBLE)
                    .seed(7)
                    .list()
                    .layer(new ConvolutionLayer.Builder(2, 2)
                            .nOut(2)
                            .activation(Activation.SIGMOID)
                            .build())
                    .layer(output(8, 3, Activation.SOFTMAX, new LossMCXENT()))
                    .setInputType(InputType.convolutional(3, 3, 1))
                    .build());
            net.init();
            return net;
        }

        @Override
        INDArray features() {
            return normal(1, 1.0, B, 1, 3, 3);
        }

        @Override
        INDArray labels() {
            return oneHot(classes(3, B, 3), 3);
        }

        @Override
        protected List<Problem> parts() {
            return halves();
        }
    }

    @Nested
    class WithPenalty extends OfNetwork {

        @Override
        MultiLayerNetwork network() {
            return Networks.of(
                    DataType.DOUBLE,
                    conf -> conf.l2(0.03).l2Bias(0.01),
                    dense(3, 4, Activation.TANH),
                    output(4, 3, Activation.SOFTMAX, new LossMCXENT()));
        }

        @Override
        INDArray features() {
            return normal(1, 1.0, B, 3);
        }

        @Override
        INDArray labels() {
            return oneHot(classes(3, B, 3), 3);
        }
    }

    private static MultiLayerNetwork regression() {
        return Networks.of(
                DataType.DOUBLE, dense(3, 4, Activation.TANH), output(4, 2, Activation.IDENTITY, new LossMSE()));
    }

    @Test
    void problemEndsWhenItsNetworkTakesTheNextBatch() {
        try (PosedNetwork at = new PosedNetwork(regression(), normal(1, 1.0, B, 3), normal(2, 1.0, B, 2))) {
            NetworkProblem ended = at.problem();
            NetworkPoint point = at.point();
            at.pose(normal(3, 1.0, B, 3), normal(4, 1.0, B, 2), null, at.theta());
            assertThrows(IllegalStateException.class, () -> ended.value(at.theta()));
            assertThrows(IllegalStateException.class, point::gradient);
        }
    }

    /** As curvature from a part of a mini-batch, and gradient from all of it. */
    @Test
    void pointsOfTwoSizesAreValidTogether() {
        INDArray x = normal(1, 1.0, B, 3);
        INDArray y = normal(2, 1.0, B, 2);
        try (PosedNetwork at = new PosedNetwork(regression(), x, y)) {
            INDArray theta = at.theta();
            INDArray v = normal(5, 1.0, at.parameterCount());
            INDArray expected = at.newVector();
            at.gaussNewton().apply(v, expected);
            INDArray gradient = at.gradient().dup();
            INDArray few = x.get(NDArrayIndex.interval(0, 2)).dup('c');
            NetworkProblem part =
                    at.problems().part(few, y.get(NDArrayIndex.interval(0, 2)).dup('c'), null, 2, 0, 0);
            NetworkPoint ofPart = part.linearize(theta);
            part.value(theta, 0.7, v);
            INDArray product = at.newVector();
            at.gaussNewton().apply(v, product);
            assertEquals(expected, product);
            assertEquals(gradient, at.gradient());
            INDArray once = at.newVector();
            ofPart.gaussNewton().apply(v, once);
            INDArray again = at.newVector();
            at.problem().value(theta, -0.3, v);
            ofPart.gaussNewton().apply(v, again);
            assertEquals(once, again);
        }
    }

    /** SGN asks for products, EGN for rows: both know the problem alone. */
    @Test
    void sumsOfPartsHaveTheGradientOfTheWholeAtAnyPoint() {
        INDArray x = normal(1, 1.0, B, 3);
        INDArray y = normal(2, 1.0, B, 2);
        MultiLayerModel model = new MultiLayerModel(regression());
        try (NetworkProblems whole = new NetworkProblems(model);
                NetworkProblems first = new NetworkProblems(model);
                NetworkProblems second = new NetworkProblems(model)) {
            NetworkProblem all = whole.of(x, y, null, 0, 0);
            var head = NDArrayIndex.interval(0, 2);
            var tail = NDArrayIndex.interval(2, B);
            try (SumProblem sum = new SumProblem(List.of(
                    first.part(x.get(head).dup('c'), y.get(head).dup('c'), null, B, 0, 0),
                    second.part(x.get(tail).dup('c'), y.get(tail).dup('c'), null, B, 0, 0)))) {
                INDArray theta = normal(7, 0.5, model.parameterCount());
                assertClose(all.value(theta), sum.value(theta), ROUNDING, "L");
                assertClose(
                        all.linearize(theta).gradient(), sum.linearize(theta).gradient(), DOUBLE, "g");
            }
        }
    }

    @Test
    void normalizerIsAPositiveNumber() {
        try (NetworkProblems problems = new NetworkProblems(new MultiLayerModel(regression()))) {
            for (double n : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
                IllegalArgumentException refusal = assertThrows(
                        IllegalArgumentException.class,
                        () -> problems.part(normal(1, 1.0, B, 3), normal(2, 1.0, B, 2), null, n, 0, 0));
                assertEquals(
                        "The normalizer is " + n + ", but must be a positive number, as is the size of the whole",
                        refusal.getMessage());
            }
        }
    }
}
