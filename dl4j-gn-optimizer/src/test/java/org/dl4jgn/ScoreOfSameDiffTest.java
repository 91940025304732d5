package org.dl4jgn;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.assertClose;

import java.util.Map;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Dl4j;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Regularization of layers and vertices of SameDiff operations: DL4J's steps go by it, and its score is without it. So is it with steps
 * and {@code score()} here.
 */
class ScoreOfSameDiffTest {

    private static final double LAMBDA = 0.1;
    private static final INDArray X = normal(1, 1, 4, 3, 6);
    private static final INDArray Y = Nd4j.nn().softmax(normal(2, 1, 4, 3), 1);

    /** Kinds of regularization. */
    enum Kind {
        NONE,
        L1,
        L2,
        L2_OF_BIASES,
        WEIGHT_DECAY;

        private void set(LocallyConnected1D.Builder layer) {
            switch (this) {
                case NONE -> {}
                case L1 -> layer.l1(LAMBDA);
                case L2 -> layer.l2(LAMBDA);
                case L2_OF_BIASES -> layer.l2Bias(LAMBDA);
                case WEIGHT_DECAY -> layer.weightDecay(LAMBDA);
            }
        }

        private String parameter() {
            return this == L2_OF_BIASES ? "0_b" : "0_W";
        }

        /** What a step of Sgd with rate 1 subtracts for it. */
        private INDArray subtracted(INDArray parameter) {
            return switch (this) {
                case NONE -> parameter.mul(0);
                case L1 -> Transforms.sign(parameter).mul(LAMBDA);
                case L2, L2_OF_BIASES, WEIGHT_DECAY -> parameter.mul(LAMBDA);
            };
        }

        private double inLoss(INDArray parameter) {
            return switch (this) {
                case NONE, WEIGHT_DECAY -> 0;
                case L1 -> LAMBDA * parameter.norm1Number().doubleValue();
                case L2, L2_OF_BIASES -> half(parameter);
            };
        }
    }

    private static double half(INDArray parameter) {
        return LAMBDA / 2 * parameter.mul(parameter).sumNumber().doubleValue();
    }

    @ParameterizedTest
    @EnumSource
    void theScoreOfAStepIsDl4js(Kind kind) {
        MultiLayerNetwork net = GaussNewton.attach(network(sgn(), kind));
        MultiLayerNetwork sgd = network(new Sgd(1.0), kind);
        double term = kind.inLoss(net.getParam(kind.parameter()).dup());
        net.fit(X, Y);
        sgd.fit(X, Y);
        assertClose(sgd.score(), net.score(), DOUBLE, "score()");
        double minimized = GaussNewton.report(net).orElseThrow().lossBefore();
        assertClose(sgd.score() + term, minimized, DOUBLE, "what is minimized");
    }

    @ParameterizedTest
    @EnumSource
    void dl4jsStepsGoByIt(Kind kind) {
        MultiLayerNetwork with = network(new Sgd(1.0), kind);
        MultiLayerNetwork without = network(new Sgd(1.0), Kind.NONE);
        INDArray expected = kind.subtracted(with.getParam(kind.parameter()));
        with.fit(X, Y);
        without.fit(X, Y);
        INDArray subtracted = without.getParam(kind.parameter()).sub(with.getParam(kind.parameter()));
        assertClose(expected, subtracted, DOUBLE, "difference of the steps");
    }

    @Test
    void theScoreOfAStepIsDl4jsWithAVertex() {
        ComputationGraph net = GaussNewton.attach(graph(sgn()));
        ComputationGraph sgd = graph(new Sgd(1.0));
        double term = 0;
        for (Map.Entry<String, INDArray> entry : net.paramTable().entrySet()) {
            term += entry.getKey().startsWith("attention") ? half(entry.getValue()) : 0;
        }
        net.fit(new DataSet(X, Y));
        Dl4j.inDouble(() -> {
            sgd.fit(new DataSet(X, Y));
            return sgd;
        });
        assertClose(sgd.score(), net.score(), DOUBLE, "score()");
        double minimized = GaussNewton.report(net).orElseThrow().lossBefore();
        assertClose(sgd.score() + term, minimized, DOUBLE, "what is minimized");
    }

    private static Sgn sgn() {
        return Sgn.builder()
                .damping(Damping.constant(0.1))
                .lineSearch(LineSearch.none())
                .build();
    }

    private static NeuralNetConfiguration.Builder conf(IUpdater updater) {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .weightInit(WeightInit.NORMAL)
                .biasInit(0.5)
                .updater(updater);
    }

    private static MultiLayerNetwork network(IUpdater updater, Kind kind) {
        LocallyConnected1D.Builder layer =
                new LocallyConnected1D.Builder().nOut(2).kernelSize(2).convolutionMode(ConvolutionMode.Truncate);
        kind.set(layer);
        MultiLayerNetwork net = new MultiLayerNetwork(conf(updater)
                .list()
                .layer(layer.build())
                .layer(new GlobalPoolingLayer(PoolingType.AVG))
                .layer(output())
                .setInputType(InputType.recurrent(3, 6))
                .build());
        net.init();
        net.setParams(normal(5, 0.5, 1, net.numParams()));
        return net;
    }

    private static ComputationGraph graph(IUpdater updater) {
        AttentionVertex attention = new AttentionVertex.Builder()
                .nInQueries(3)
                .nInKeys(3)
                .nInValues(3)
                .nHeads(1)
                .headSize(2)
                .nOut(2)
                .projectInput(true)
                .weightInit(WeightInit.NORMAL)
                .build();
        ComputationGraph net = new ComputationGraph(conf(updater)
                .l2(LAMBDA)
                .graphBuilder()
                .addInputs("in")
                .addVertex("attention", attention, "in", "in", "in")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "attention")
                .addLayer("out", output(), "pool")
                .setOutputs("out")
                .setInputTypes(InputType.recurrent(3, 6))
                .build());
        Dl4j.inDouble(() -> {
            net.init();
            return net;
        });
        return net;
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }
}
