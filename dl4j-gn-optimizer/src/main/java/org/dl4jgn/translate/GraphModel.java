package org.dl4jgn.translate;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * A DL4J {@link ComputationGraph} as a {@link Model}. Parameters and settings are read from the network at each call; its
 * vertices do not change.
 */
public final class GraphModel implements Model {

    private final Supplier<@Nullable ComputationGraph> reference;
    private @Nullable FittingInputs inputs;

    private GraphModel(Supplier<@Nullable ComputationGraph> reference) {
        this.reference = reference;
    }

    /** The model of an initialised graph. */
    public GraphModel(ComputationGraph net) {
        this(() -> net);
    }

    /** The model of an initialised graph that does not keep it from being collected. */
    public static GraphModel weak(ComputationGraph net) {
        return new GraphModel(new WeakReference<>(net)::get);
    }

    private ComputationGraph net() {
        ComputationGraph net = reference.get();
        if (net == null) {
            throw new IllegalStateException("The network of this model does not exist any more");
        }
        return net;
    }

    @Override
    public DataType type() {
        return net().params().dataType();
    }

    @Override
    public INDArray params() {
        return net().params();
    }

    @Override
    public long parameterCount() {
        return net().numParams();
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
    public Regularized regularization(ParameterSlot slot) {
        Layer layer = net().getVertices()[slot.layer()].getLayer().conf().getLayer();
        List<Regularization> terms = layer.getRegularizationByParam(slot.key());
        return new Regularized(GraphWriter.describe(slot.layer(), layer), terms == null ? List.of() : terms);
    }

    /** The vertices; refuses what concerns no single one of them. */
    private LayerGraph checked() {
        ComputationGraph net = net();
        if (net.numParams() == 0) {
            throw new UnsupportedNetworkException(
                    "The network has no parameters. Supported: at least one layer with parameters.");
        }
        if (type() != DataType.FLOAT && type() != DataType.DOUBLE) {
            throw new UnsupportedNetworkException(
                    "Networks of type " + type() + " are not supported. Supported: FLOAT, DOUBLE.");
        }
        ComputationGraphConfiguration conf = net.getConfiguration();
        if (conf.getBackpropType() == BackpropType.TruncatedBPTT) {
            throw new UnsupportedNetworkException("Truncated backpropagation through time (BackpropType.TruncatedBPTT)"
                    + " is not supported in a ComputationGraph. Supported: BackpropType.Standard; both in a"
                    + " MultiLayerNetwork.");
        }
        List<LayerGraph.Vertex> vertices = new ArrayList<>();
        for (int index : net.topologicalSortOrder()) {
            GraphVertex vertex = net.getVertices()[index];
            String name = vertex.getVertexName();
            org.deeplearning4j.nn.conf.graph.GraphVertex settings =
                    conf.getVertices().get(name);
            if (settings instanceof LayerVertex layer && !layer.getLayerConf().isMiniBatch()) {
                throw new UnsupportedNetworkException("miniBatch(false), a loss summed over the examples, is not"
                        + " supported. Supported: miniBatch(true), the mean.");
            }
            List<String> sources = conf.getVertexInputs().get(name);
            vertices.add(new LayerGraph.Vertex(
                    index, name, Optional.ofNullable(settings), sources == null ? List.of() : sources));
        }
        return new LayerGraph(vertices, conf.getNetworkInputs(), conf.getNetworkOutputs(), type(), net.numParams());
    }
}
