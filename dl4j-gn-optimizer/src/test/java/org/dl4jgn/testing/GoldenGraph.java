package org.dl4jgn.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** A small graph with vectors from an independent float64 implementation that forms J, Q and H explicitly. */
public final class GoldenGraph {

    private static final Pattern VERTEX = Pattern.compile("(\\w+): (\\w+) ?(.*?) ?\\((.*)\\)");

    private final String name;
    private final GoldenCase arrays;
    private final JsonNode description;

    private GoldenGraph(String name) {
        this.name = name;
        arrays = GoldenCase.of(name);
        try (InputStream in = GoldenGraph.class.getResourceAsStream("/golden/" + name + "/case.json")) {
            description = new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Stream<GoldenGraph> all() {
        return Stream.of("g-graph-residual", "g-graph-two-heads").map(GoldenGraph::new);
    }

    /** A vector or matrix of the case, in float64. */
    public INDArray array(String what) {
        return arrays.array(what);
    }

    public INDArray flat(String what) {
        INDArray array = array(what);
        return array.reshape(array.length());
    }

    public double score() {
        return description.get("score").asDouble();
    }

    private int inputs() {
        return description.get("inputs").size();
    }

    /** Number of heads. */
    public int outputs() {
        return (int) layers().filter(layer -> layer.contains("OutputLayer")).count();
    }

    private Stream<String> layers() {
        List<String> layers = new ArrayList<>();
        description.get("layers").forEach(layer -> layers.add(layer.asText()));
        return layers.stream();
    }

    /** What there is one of for each of {@code count}: numbered, unless it is the only one. */
    public List<INDArray> each(String what, int count) {
        List<INDArray> result = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            result.add(array(count == 1 ? what : what + i));
        }
        return result;
    }

    public MultiDataSet batch(DataType type) {
        return new MultiDataSet(in(type, each("features", inputs())), in(type, each("labels", outputs())));
    }

    public static INDArray[] in(DataType type, List<INDArray> arrays) {
        return arrays.stream().map(a -> a.castTo(type)).toArray(INDArray[]::new);
    }

    /** The network of the case with its parameters. */
    public ComputationGraph network(DataType type, IUpdater updater) {
        NeuralNetConfiguration.Builder builder =
                new NeuralNetConfiguration.Builder().dataType(type).seed(1).updater(updater);
        double l2 = description.get("l2").asDouble();
        GraphBuilder graph = (l2 > 0 ? builder.l2(l2) : builder).graphBuilder();
        List<InputType> types = new ArrayList<>();
        for (int i = 0; i < inputs(); i++) {
            graph.addInputs(inputs() == 1 ? "in" : "in" + (i + 1));
            types.add(InputType.feedForward(
                    description.get("inputs").get(i).get(0).asInt()));
        }
        List<String> outputs = new ArrayList<>();
        layers().forEach(layer -> add(layer, graph, outputs));
        graph.setOutputs(outputs.toArray(String[]::new)).setInputTypes(types.toArray(InputType[]::new));
        ComputationGraph net = new ComputationGraph(graph.build());
        net.init();
        net.setParams(array("params").castTo(type).reshape(1, net.numParams()));
        return net;
    }

    private static void add(String layer, GraphBuilder graph, List<String> outputs) {
        Matcher parts = VERTEX.matcher(layer);
        if (!parts.matches()) {
            throw new IllegalArgumentException(layer);
        }
        String vertex = parts.group(1);
        String[] words = parts.group(3).split(" ");
        String[] sources = parts.group(4).split(", ");
        switch (parts.group(2)) {
            case "DenseLayer" ->
                graph.addLayer(
                        vertex,
                        new DenseLayer.Builder()
                                .nOut(Integer.parseInt(words[1]))
                                .activation(Activation.fromString(words[0]))
                                .build(),
                        sources);
            case "OutputLayer" -> {
                graph.addLayer(
                        vertex,
                        new OutputLayer.Builder(LossFunction.valueOf(words[0]))
                                .nOut(Integer.parseInt(words[2]))
                                .activation(Activation.fromString(words[1]))
                                .build(),
                        sources);
                outputs.add(vertex);
            }
            case "ElementWiseVertex" ->
                graph.addVertex(vertex, new ElementWiseVertex(ElementWiseVertex.Op.valueOf(words[0])), sources);
            default -> graph.addVertex(vertex, new MergeVertex(), sources);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
