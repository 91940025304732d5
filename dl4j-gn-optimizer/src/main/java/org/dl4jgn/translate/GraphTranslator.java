package org.dl4jgn.translate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.autodiff.samediff.SameDiff;

/** Translates the vertices of a graph, one after the other, to the SameDiff graph of the outputs' pre-activations. */
final class GraphTranslator {

    /** Dimensions of an example that is a sequence. */
    private static final int SEQUENCE = 2;

    private final LayerGraph graph;
    private final BatchShape batch;
    private final List<Boolean> channelsFirst;
    private final GraphWriter writer;
    private final Map<String, Activations> values = new HashMap<>();
    private final Map<String, LayerOutput> activations = new LinkedHashMap<>();

    private GraphTranslator(LayerGraph graph, BatchShape batch, List<Boolean> channelsFirst) {
        this.graph = graph;
        this.batch = batch;
        this.channelsFirst = channelsFirst;
        writer = new GraphWriter(SameDiff.create(), graph.type());
    }

    /**
     * Translates a graph, in training mode.
     *
     * @param batch of 0 examples to check the sizes alone, without a graph that can be used
     * @param channelsFirst for each input whether an example that is an array has its channels first
     * @throws UnsupportedNetworkException if a vertex or a setting is not supported
     * @throws GeometryException if the features' sizes do not go through the vertices
     */
    static TranslatedNetwork translate(LayerGraph graph, BatchShape batch, List<Boolean> channelsFirst) {
        return new GraphTranslator(graph, batch, channelsFirst).translate();
    }

    private TranslatedNetwork translate() {
        if (graph.carriesState()) {
            writer.carryState();
        }
        for (int i = 0; i < graph.inputs().size(); i++) {
            if (batch.masked().contains(i) && batch.example(i).length != SEQUENCE) {
                throw new UnsupportedNetworkException("A mask of the features of '"
                        + graph.inputs().get(i) + "', which are no sequences, is not supported. Supported: masks of"
                        + " sequences, and masks of labels, which leave out examples.");
            }
            Activations features = writer.features(batch, i, channelsFirst.get(i));
            values.put(graph.inputs().get(i), features);
            writer.nameInput(graph.inputs().get(i), features);
        }
        Map<String, NetworkHead> heads = new HashMap<>();
        for (LayerGraph.Vertex vertex : graph.vertices()) {
            if (vertex.conf().isPresent()) {
                write(vertex);
                if (graph.outputs().contains(vertex.name())
                        && !writer.refusals().any()) {
                    heads.put(vertex.name(), head(vertex));
                } else {
                    activations.put(vertex.name(), LayerOutput.of(value(vertex.name())));
                }
            }
        }
        writer.refusals().throwAny();
        TranslatedNetwork result = writer.finished(
                batch, activations, graph.outputs().stream().map(heads::get).toList());
        if (result.parameterCount() != graph.parameterCount()) {
            throw new IllegalStateException("The translated network has " + result.parameterCount()
                    + " parameters, the network itself " + graph.parameterCount());
        }
        return result;
    }

    private void write(LayerGraph.Vertex vertex) {
        List<Activations> inputs =
                vertex.sources().stream().map(this::value).collect(Collectors.toCollection(ArrayList::new));
        Layer layer = vertex.layer().orElse(null);
        if (layer == null) {
            writer.startVertex(vertex.index(), vertex.name(), vertex.conf().orElseThrow());
        } else {
            writer.startLayer(vertex.index(), layer);
        }
        try {
            requirePlace(vertex);
            writer.setExamplesInPlace(inputs.get(0).examples() == batch.size());
            values.put(vertex.name(), layer == null ? ofVertex(vertex, inputs) : ofLayer(vertex, layer, inputs.get(0)));
        } catch (UnsupportedNetworkException e) {
            writer.refusals().note(e);
            values.put(
                    vertex.name(),
                    Optional.ofNullable(layer)
                            .flatMap(l -> StandIn.behind(vertex.index(), l, inputs.get(0), writer))
                            .orElseThrow(() -> writer.refusals().all()));
        } catch (GeometryException e) {
            writer.refusals().throwAny();
            throw e.in(writer.layerName());
        }
    }

    private Activations ofVertex(LayerGraph.Vertex vertex, List<Activations> inputs) {
        requireLikeExamples(inputs);
        return VertexTranslators.of(vertex.conf().orElseThrow(), writer)
                .translate(vertex.conf().orElseThrow(), inputs, writer);
    }

    /** Steps that count as examples go together with such only. */
    private void requireLikeExamples(List<Activations> inputs) {
        Activations first = inputs.get(0);
        for (Activations input : inputs) {
            boolean alike = input.sequences().ofSteps() == first.sequences().ofSteps()
                    && input.sequences().folded() == first.sequences().folded()
                    && input.batch() == first.batch();
            if (!alike) {
                throw writer.unsupported(
                        "an input of other examples than the first, such as steps that count as examples beside"
                                + " whole sequences,",
                        Set.of("inputs of the same examples, FeedForwardToRnnPreProcessor before them"));
            }
        }
    }

    private Activations ofLayer(LayerGraph.Vertex vertex, Layer layer, Activations input) {
        LayerTranslator<Layer> translator = LayerTranslators.of(layer, writer);
        LayerVertex conf = (LayerVertex) vertex.conf().orElseThrow();
        Activations current = input;
        if (conf.getPreProcessor() != null) {
            current = PreprocessorTranslator.translate(conf.getPreProcessor(), current, writer);
        }
        return translator.translate(layer, current, writer);
    }

    private Activations value(String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    private NetworkHead head(LayerGraph.Vertex vertex) {
        Activations z = value(vertex.name());
        NetworkHead head = NetworkHead.of(Head.of(vertex.index(), vertex.layer().orElseThrow()), z, writer);
        if (z.batch() != batch.size() || head.output().stacked()) {
            throw writer.unsupported(
                    "an output layer on stacked examples, or on steps that count as examples, where DL4J's score and gradient divide by different"
                            + " numbers,",
                    Set.of("an UnstackVertex before it", "RnnOutputLayer on the steps of sequences"));
        }
        return head;
    }

    /** Losses belong to outputs and nowhere else, and everything leads to one. */
    private void requirePlace(LayerGraph.Vertex vertex) {
        boolean hasLoss = vertex.layer().filter(Head::isHead).isPresent();
        boolean isOutput = graph.outputs().contains(vertex.name());
        boolean isRead = !graph.readers(vertex.name()).isEmpty();
        if (isOutput && !hasLoss) {
            throw writer.unsupported("an output without a loss", Set.of(Head.KINDS));
        }
        if (!isOutput && hasLoss) {
            throw writer.unsupported(
                    "a layer with a loss that is no output", Set.of("DenseLayer or ActivationLayer there"));
        }
        if (isOutput && isRead) {
            throw writer.unsupported(
                    "an output whose values other vertices read", Set.of("a DenseLayer or ActivationLayer for them"));
        }
        if (!isOutput && !isRead) {
            throw writer.unsupported("a vertex that leads to no output", Set.of("graphs without such vertices"));
        }
    }
}
