package org.dl4jgn.testing;

import static org.dl4jgn.testing.GraphNetworks.dense;
import static org.dl4jgn.testing.GraphNetworks.mse;

import java.util.List;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.dl4jgn.testing.GraphNetworks.Case;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small computation graphs with recurrent layers. */
public final class RecurrentGraphs {

    /** Steps of a sequence. */
    public static final int STEPS = 5;

    private static final InputType SEQUENCE = InputType.recurrent(2, STEPS);

    private RecurrentGraphs() {}

    private static LSTM lstm(int n) {
        return new LSTM.Builder().nOut(n).build();
    }

    private static RnnOutputLayer classesOfSteps(int n) {
        return new RnnOutputLayer.Builder(LossFunction.MCXENT)
                .nOut(n)
                .activation(Activation.SOFTMAX)
                .build();
    }

    /** An LSTM's last state begins each step of another's input; the sequences have different lengths. */
    public static Case encoderAndDecoder() {
        return new Case(
                "encoder and decoder",
                true,
                List.of(InputType.recurrent(2, 4), SEQUENCE),
                new int[] {-3},
                new int[] {STEPS},
                g -> g.addLayer("a", lstm(3), "in0")
                        .addVertex("l", new LastTimeStepVertex("in0"), "a")
                        .addVertex("d", new DuplicateToTimeSeriesVertex("in1"), "l")
                        .addVertex("m", new MergeVertex(), "in1", "d")
                        .addLayer("b", lstm(3), "m")
                        .addLayer("out0", classesOfSteps(3), "b"));
    }

    /** All of them. */
    public static List<Case> all() {
        return List.of(
                new Case(
                        "LSTM and LastTimeStep",
                        true,
                        List.of(SEQUENCE),
                        new int[] {2},
                        g -> g.addLayer("a", lstm(3), "in0")
                                .addVertex("l", new LastTimeStepVertex("in0"), "a")
                                .addLayer("out0", mse(2), "l")),
                encoderAndDecoder(),
                new Case(
                        "recurrent layers from both ends, an output for each step and one for all",
                        true,
                        List.of(SEQUENCE),
                        new int[] {-3, 2},
                        new int[] {STEPS, 0},
                        g -> g.addLayer("a", lstm(3), "in0")
                                .addVertex("r", new ReverseTimeSeriesVertex("in0"), "in0")
                                .addLayer("b", new SimpleRnn.Builder().nOut(3).build(), "r")
                                .addVertex("s", new ReverseTimeSeriesVertex("in0"), "b")
                                .addVertex("add", new ElementWiseVertex(ElementWiseVertex.Op.Add), "a", "s")
                                .addLayer("out0", classesOfSteps(3), "add")
                                .addVertex("l", new LastTimeStepVertex("in0"), "add")
                                .addLayer("out1", mse(2), "l")),
                new Case(
                        "dense layers on each step, and a loss layer",
                        true,
                        List.of(SEQUENCE),
                        new int[] {2},
                        new int[] {STEPS},
                        g -> g.addLayer("a", lstm(3), "in0")
                                .addLayer("b", dense(3), "a")
                                .addLayer("c", dense(3), "a")
                                .addVertex("v", new ElementWiseVertex(ElementWiseVertex.Op.Product), "b", "c")
                                .addLayer("e", new Bidirectional(Bidirectional.Mode.ADD, lstm(2)), "v")
                                .addLayer(
                                        "out0",
                                        new RnnLossLayer.Builder(LossFunction.MSE)
                                                .activation(Activation.IDENTITY)
                                                .build(),
                                        "e")),
                new Case(
                        "an LSTM on stacked sequences",
                        false,
                        List.of(SEQUENCE, SEQUENCE),
                        new int[] {-3},
                        new int[] {STEPS},
                        g -> g.addVertex("s", new StackVertex(), "in0", "in1")
                                .addLayer("a", lstm(3), "s")
                                .addVertex("u0", new UnstackVertex(0, 2), "a")
                                .addVertex("u1", new UnstackVertex(1, 2), "a")
                                .addVertex("v", new ElementWiseVertex(ElementWiseVertex.Op.Product), "u0", "u1")
                                .addLayer("out0", classesOfSteps(3), "v")));
    }

    /** What two dense layers of each step see of each other, a step of the one from any step of the other. */
    public static Case attention(boolean projected, int heads) {
        return new Case(
                "attention, " + heads + (projected ? " heads" : " head without projections"),
                true,
                List.of(SEQUENCE, InputType.recurrent(2, 4)),
                new int[] {-3},
                new int[] {STEPS},
                g -> g.addLayer("a", lstm(3), "in0")
                        .addLayer("b", lstm(3), "in1")
                        .addVertex("v", vertex(projected, heads), "a", "b", "b")
                        .addLayer("out0", classesOfSteps(3), "v"));
    }

    private static AttentionVertex vertex(boolean projected, int heads) {
        return new AttentionVertex.Builder()
                .nInQueries(3)
                .nInKeys(3)
                .nInValues(3)
                .nOut(3)
                .nHeads(heads)
                .headSize(heads > 1 ? 2 : 0)
                .projectInput(projected)
                .build();
    }

    /** Attention of the inputs themselves, and layers of attention in a graph. */
    public static Case attentionOfInputs() {
        return new Case(
                "attention of inputs",
                true,
                List.of(SEQUENCE, SEQUENCE),
                new int[] {2},
                g -> g.addVertex(
                                "v",
                                new AttentionVertex.Builder()
                                        .nInQueries(2)
                                        .nInKeys(2)
                                        .nInValues(2)
                                        .nOut(3)
                                        .projectInput(true)
                                        .build(),
                                "in0",
                                "in1",
                                "in1")
                        .addLayer(
                                "s",
                                new SelfAttentionLayer.Builder()
                                        .nOut(4)
                                        .nHeads(2)
                                        .projectInput(true)
                                        .build(),
                                "v")
                        .addLayer("p", new GlobalPoolingLayer(PoolingType.AVG), "s")
                        .addLayer("out0", mse(2), "p"));
    }
}
