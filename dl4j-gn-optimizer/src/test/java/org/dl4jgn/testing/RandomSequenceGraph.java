package org.dl4jgn.testing;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A graph of sequences drawn from a seed: recurrent layers, attention and vertices that read any before, and one head or two. */
public final class RandomSequenceGraph extends DrawnVertices {

    /** Steps of all sequences. */
    public static final int STEPS = 4;

    private final int inputs;

    private RandomSequenceGraph(long seed) {
        super(seed);
        inputs = 1 + random.nextInt(2);
    }

    /** The graph of a seed: an output for each step, and maybe one for the whole. */
    public static GraphNetworks.Case of(long seed) {
        RandomSequenceGraph first = new RandomSequenceGraph(seed);
        List<InputType> types = new ArrayList<>();
        for (int i = 0; i < first.inputs; i++) {
            types.add(InputType.recurrent(2 + i, STEPS));
        }
        boolean two = first.random.nextBoolean();
        return new GraphNetworks.Case(
                "seed " + seed,
                false,
                types,
                two ? new int[] {-3, 2} : new int[] {-3},
                two ? new int[] {STEPS, 0} : new int[] {STEPS},
                graph -> new RandomSequenceGraph(seed).write(graph, two));
    }

    private void write(GraphBuilder graph, boolean two) {
        // what decides on a second output
        random.nextBoolean();
        for (int i = 0; i < inputs; i++) {
            add("in" + i, 2 + i);
        }
        for (int i = 0; i < inputs; i++) {
            layer(graph, i);
        }
        int vertices = 2 + random.nextInt(4);
        for (int i = 0; i < vertices; i++) {
            vertex(graph);
        }
        String all = merged(graph);
        graph.addLayer(
                "out0",
                new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build(),
                all);
        if (two) {
            graph.addVertex("last", new LastTimeStepVertex(input()), all);
            graph.addLayer("out1", GraphNetworks.mse(2), "last");
        }
    }

    private String input() {
        return "in" + random.nextInt(inputs);
    }

    private void layer(GraphBuilder graph, int from) {
        int width = 1 + random.nextInt(3);
        String name = name();
        graph.addLayer(name, drawn(width), read(from));
        add(name, width);
    }

    private Layer drawn(int width) {
        return switch (random.nextInt(6)) {
            case 0 -> new LSTM.Builder().nOut(width).build();
            case 1 -> new GravesLSTM.Builder().nOut(width).build();
            case 2 -> new SimpleRnn.Builder().nOut(width).build();
            case 3 ->
                new Bidirectional(
                        Bidirectional.Mode.ADD,
                        new SimpleRnn.Builder().nOut(width).build());
            case 4 ->
                new SelfAttentionLayer.Builder()
                        .nOut(width)
                        .nHeads(1 + random.nextInt(2))
                        .headSize(2)
                        .projectInput(true)
                        .build();
            // no dense layers: behind them DL4J takes the steps for examples, for good
            default ->
                new RecurrentAttentionLayer.Builder()
                        .nOut(width)
                        .nHeads(1)
                        .headSize(2)
                        .build();
        };
    }

    private void vertex(GraphBuilder graph) {
        int from = random.nextInt(names.size());
        int width = channels.get(from);
        String name = name();
        switch (random.nextInt(7)) {
            case 0 -> {
                graph.addVertex(name, new ScaleVertex(random.nextGaussian()), read(from));
                add(name, width);
            }
            case 1 -> {
                int other = random.nextInt(names.size());
                graph.addVertex(name, new MergeVertex(), read(from), read(other));
                add(name, width + channels.get(other));
            }
            case 2 -> {
                graph.addVertex(name, new ReverseTimeSeriesVertex(input()), read(from));
                add(name, width);
            }
            case 3 -> {
                String last = name();
                graph.addVertex(last, new LastTimeStepVertex(input()), read(from));
                graph.addVertex(name, new DuplicateToTimeSeriesVertex(input()), last);
                add(name, width);
            }
            case 4 -> {
                int other = random.nextInt(names.size());
                graph.addVertex(name, attention(width, channels.get(other)), read(from), read(other), read(other));
                add(name, 3);
            }
            case 5 -> {
                graph.addVertex(
                        name, new ElementWiseVertex(ElementWiseVertex.Op.Product), read(from), read(alike(width)));
                add(name, width);
            }
            default -> layer(graph, from);
        }
    }

    private AttentionVertex attention(int queries, int others) {
        return new AttentionVertex.Builder()
                .nInQueries(queries)
                .nInKeys(others)
                .nInValues(others)
                .nOut(3)
                .nHeads(1 + random.nextInt(2))
                .headSize(2)
                .projectInput(true)
                .build();
    }
}
