package org.dl4jgn.translate;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.jspecify.annotations.Nullable;

/**
 * A DL4J {@link ComputationGraph} as a {@link Model}. Parameters and settings are read from the network at each call; its
 * vertices do not change.
 */
public final class GraphModel extends NetworkModel<ComputationGraph> {

    private @Nullable FittingInputs inputs;

    private GraphModel(Supplier<@Nullable ComputationGraph> reference) {
        super(reference);
    }

    /** The model of an initialised graph. */
    public GraphModel(ComputationGraph net) {
        this(() -> net);
    }

    /** The model of an initialised graph that does not keep it from being collected. */
    public static GraphModel weak(ComputationGraph net) {
        return new GraphModel(new WeakReference<>(net)::get);
    }

    @Override
    public long seed() {
        return net().getConfiguration().getDefaultConfiguration().getSeed();
    }

    @Override
    public int iteration() {
        return net().getConfiguration().getIterationCount();
    }

    @Override
    public int epoch() {
        return net().getConfiguration().getEpochCount();
    }

    @Override
    public List<FeatureFormat> features() {
        return inputs().formats();
    }

    @Override
    public StepPadding padding() {
        return StepPadding.of(checked());
    }

    @Override
    public TranslatedNetwork translateAny() {
        return inputs().any();
    }

    private FittingInputs inputs() {
        if (inputs == null) {
            inputs = FittingInputs.of(checked());
        }
        return inputs;
    }

    @Override
    public TranslatedNetwork translate(BatchShape batch) {
        List<Boolean> channelsFirst = new ArrayList<>();
        for (int i = 0; i < batch.inputs(); i++) {
            long[] example = batch.example(i);
            channelsFirst.add(features().get(i).shapes().stream()
                    .filter(shape -> shape.matches(example))
                    .findFirst()
                    .map(FeatureShape::channelsFirst)
                    .orElse(true));
        }
        return GraphTranslator.translate(checked(), batch, channelsFirst);
    }

    @Override
    TrainingConfig settings(int index) {
        return net().getVertices()[index].getConfig();
    }

    @Override
    String describe(int index) {
        GraphVertex vertex = net().getVertices()[index];
        return vertex.hasLayer()
                ? GraphWriter.describe(index, vertex.getLayer().conf().getLayer())
                : GraphWriter.describe(
                        vertex.getVertexName(),
                        Objects.requireNonNull(
                                net().getConfiguration().getVertices().get(vertex.getVertexName())));
    }

    /** The vertices, with their parameters in order; refuses what concerns no single one of them. */
    private LayerGraph checked() {
        ComputationGraph net = net();
        requireTrainable();
        EmbeddingOrder.correct(net.getLayers());
        ComputationGraphConfiguration conf = net.getConfiguration();
        List<LayerGraph.Vertex> vertices = new ArrayList<>();
        for (int index : net.topologicalSortOrder()) {
            GraphVertex vertex = net.getVertices()[index];
            String name = vertex.getVertexName();
            org.deeplearning4j.nn.conf.graph.GraphVertex settings =
                    conf.getVertices().get(name);
            List<String> sources = conf.getVertexInputs().get(name);
            vertices.add(new LayerGraph.Vertex(
                    index, name, Optional.ofNullable(settings), sources == null ? List.of() : sources));
        }
        return new LayerGraph(
                vertices,
                conf.getNetworkInputs(),
                conf.getNetworkOutputs(),
                type(),
                parameterCount(),
                conf.getBackpropType() == BackpropType.TruncatedBPTT);
    }
}
