package org.dl4jgn.testing;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;

/** A graph of vectors or images drawn from a seed: vertices that read any of those before, all of which lead to a head. */
public final class RandomGraph extends DrawnVertices {

    private final boolean images;

    private RandomGraph(long seed) {
        super(seed);
        images = random.nextInt(3) == 0;
    }

    /** The graph of a seed, with batches of its own. */
    public static GraphNetworks.Case of(long seed) {
        RandomGraph first = new RandomGraph(seed);
        int inputs = 1 + first.random.nextInt(2);
        List<InputType> types = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            types.add(first.images ? InputType.convolutional(4, 4, 2 + i) : InputType.feedForward(2 + i));
        }
        int[] outputs = new int[1 + first.random.nextInt(3)];
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = first.random.nextBoolean() ? 1 + first.random.nextInt(3) : -3;
        }
        return new GraphNetworks.Case(
                "seed " + seed, false, types, outputs, graph -> new RandomGraph(seed).write(graph, inputs, outputs));
    }

    private void write(GraphBuilder graph, int inputs, int[] outputs) {
        for (int i = 0; i < inputs; i++) {
            add("in" + i, 2 + i);
        }
        int vertices = 3 + random.nextInt(6);
        // every input meets parameters, so that no head is without
        for (int i = 0; i < inputs; i++) {
            layer(graph, i);
        }
        for (int i = 0; i < vertices; i++) {
            vertex(graph);
        }
        String all = merged(graph);
        String vector = all;
        if (images) {
            vector = name();
            PoolingType pooling = random.nextBoolean() ? PoolingType.AVG : PoolingType.MAX;
            graph.addLayer(vector, new GlobalPoolingLayer(pooling), all);
        }
        for (int i = 0; i < outputs.length; i++) {
            graph.addLayer(
                    "out" + i,
                    outputs[i] > 0 ? GraphNetworks.mse(outputs[i]) : GraphNetworks.classes(-outputs[i]),
                    vector);
        }
    }

    private void layer(GraphBuilder graph, int from) {
        String name = name();
        int width = 1 + random.nextInt(4);
        graph.addLayer(name, images ? GraphNetworks.conv(width) : GraphNetworks.dense(width), read(from));
        add(name, width);
    }

    private void vertex(GraphBuilder graph) {
        int from = random.nextInt(names.size());
        int width = channels.get(from);
        String name = name();
        switch (random.nextInt(9)) {
            case 0 -> {
                graph.addVertex(name, new ScaleVertex(random.nextGaussian()), read(from));
                add(name, width);
            }
            case 1 -> {
                graph.addVertex(name, new ShiftVertex(random.nextGaussian()), read(from));
                add(name, width);
            }
            case 2 -> {
                graph.addLayer(
                        name,
                        new ActivationLayer(random.nextBoolean() ? Activation.RELU : Activation.SIGMOID),
                        read(from));
                add(name, width);
            }
            case 3 -> {
                int other = random.nextInt(names.size());
                int third = random.nextInt(names.size());
                graph.addVertex(name, new MergeVertex(), read(from), read(other), read(third));
                add(name, width + channels.get(other) + channels.get(third));
            }
            case 4, 5 -> elementWise(graph, name, width);
            case 6 -> {
                if (images) {
                    graph.addLayer(
                            name, new SubsamplingLayer.Builder(new int[] {2, 2}, new int[] {1, 1}).build(), read(from));
                    add(name, width);
                } else if (width > 1) {
                    graph.addVertex(name, new SubsetVertex(1, width - 1), read(from));
                    add(name, width - 1);
                }
            }
            case 7 -> {
                graph.addLayer(name, new BatchNormalization(), read(from));
                add(name, width);
            }
            default -> layer(graph, from);
        }
    }

    private void elementWise(GraphBuilder graph, String name, int width) {
        ElementWiseVertex.Op[] ops = ElementWiseVertex.Op.values();
        ElementWiseVertex.Op op = ops[random.nextInt(ops.length)];
        int count = op == ElementWiseVertex.Op.Subtract ? 2 : 2 + random.nextInt(2);
        String[] sources = new String[count];
        for (int i = 0; i < count; i++) {
            sources[i] = read(alike(width));
        }
        graph.addVertex(name, new ElementWiseVertex(op), sources);
        add(name, width);
    }
}
