package org.dl4jgn.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Vertices that read each other's outputs, as DL4J configures them: all that a translation needs to know of a graph.
 *
 * @param vertices in DL4J's topological order, which is that of their parameters
 * @param inputs names of the inputs
 * @param outputs names of the outputs
 * @param type the type of parameters and activations
 * @param parameterCount d
 * @param carriesState whether recurrent layers go on where the last batch ended, as truncated backpropagation has it
 */
record LayerGraph(
        List<Vertex> vertices,
        List<String> inputs,
        List<String> outputs,
        DataType type,
        long parameterCount,
        boolean carriesState) {

    /**
     * A vertex.
     *
     * @param index DL4J's
     * @param name its name
     * @param conf its configuration, nothing for an input of the graph
     * @param sources names of the vertices that it reads
     */
    record Vertex(int index, String name, Optional<GraphVertex> conf, List<String> sources) {

        /** The layer's configuration, where this is a layer. */
        Optional<Layer> layer() {
            return conf.filter(LayerVertex.class::isInstance)
                    .map(vertex -> ((LayerVertex) vertex).getLayerConf().getLayer());
        }
    }

    LayerGraph {
        vertices = List.copyOf(vertices);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** The vertices that read a vertex's output. */
    List<Vertex> readers(String name) {
        return vertices.stream().filter(v -> v.sources().contains(name)).toList();
    }

    /**
     * The layers along a way from an input on, for what they say of its features; {@code merged} is whether other arrays may
     * have joined it before the first of them that knows its channels.
     */
    Way wayFrom(String input) {
        List<Layer> layers = new ArrayList<>();
        List<Optional<org.deeplearning4j.nn.conf.InputPreProcessor>> preprocessors = new ArrayList<>();
        boolean merged = false;
        String at = input;
        for (List<Vertex> next = readers(at); !next.isEmpty(); next = readers(at)) {
            Vertex vertex = next.get(0);
            Optional<Layer> layer = vertex.layer();
            if (layer.isPresent()) {
                layers.add(layer.get());
                preprocessors.add(
                        Optional.ofNullable(((LayerVertex) vertex.conf().orElseThrow()).getPreProcessor()));
            } else if (layers.isEmpty()) {
                merged = true;
            } else {
                break;
            }
            at = vertex.name();
        }
        return new Way(new LayerStack(layers, preprocessors, type, parameterCount, false), merged);
    }

    /** Layers one after the other. */
    record Way(LayerStack layers, boolean merged) {

        /** The shapes of features that they speak for. */
        List<FeatureShape> shapes() {
            List<FeatureShape> shapes = InputShapes.of(layers);
            return merged ? shapes.stream().map(FeatureShape::withFreeChannels).toList() : shapes;
        }
    }
}
