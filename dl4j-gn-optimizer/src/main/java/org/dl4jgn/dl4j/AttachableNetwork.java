package org.dl4jgn.dl4j;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.Solver;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jgn.network.MiniBatch;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What training needs of a DL4J network, of which there are two kinds that have no type in common which has it. It is the
 * network by another name, and holds no state of its own.
 */
interface AttachableNetwork {

    /**
     * The network of either kind.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static AttachableNetwork of(Model net) {
        Objects.requireNonNull(net, "net must not be null");
        if (net instanceof MultiLayerNetwork layers) {
            return new AttachableLayers(layers);
        }
        if (net instanceof ComputationGraph graph) {
            return new AttachableGraph(graph);
        }
        throw new IllegalArgumentException("Gauss-Newton steps do not train a "
                + net.getClass().getName() + ". Supported: MultiLayerNetwork, ComputationGraph");
    }

    /** The network. */
    Model net();

    /** What is translated; it does not keep the network from being collected. */
    org.dl4jgn.translate.Model weakModel();

    /** All layers, in the order of their parameters. */
    Layer[] layers();

    /** Vertices that have parameters and are no layers, in the order of their parameters. */
    default List<GraphVertex> vertices() {
        return List.of();
    }

    /** The layer whose parameters have this index. */
    Layer layer(int index);

    /**
     * Makes sure that truncated backpropagation through time, if that is set, is of a supported kind, as far as the model
     * does not say so.
     *
     * @throws org.dl4jgn.translate.UnsupportedNetworkException if not
     */
    void checkTruncation();

    /** Truncated backpropagation with two lengths. */
    static void checkTruncation(BackpropType type, int forward, int backward) {
        if (type == BackpropType.TruncatedBPTT && forward <= 0) {
            throw new UnsupportedNetworkException("Truncated backpropagation through time with tBPTTForwardLength "
                    + forward + " is not supported. Supported: at least one step (tBPTTLength).");
        }
        if (type == BackpropType.TruncatedBPTT && backward < forward) {
            throw new UnsupportedNetworkException("Truncated backpropagation through time with tBPTTBackwardLength "
                    + backward + " less than tBPTTForwardLength " + forward
                    + " is not supported. Supported: the same length for both (tBPTTLength).");
        }
    }

    int iteration();

    int epoch();

    @Nullable
    Solver solver();

    void setSolver(Solver solver);

    @Nullable
    Gradient gradient();

    void setGradient(Gradient gradient);

    /** The flat array that gradients are shown in, in DL4J's order. */
    INDArray gradientsView();

    void setScore(double score);

    Collection<TrainingListener> listeners();

    /** How DL4J names a layer's parameters in a gradient, before the parameter's own name. */
    String gradientPrefix(Layer layer);

    /** The mini-batch that {@code fit} has put into the network. */
    MiniBatch batch();

    /** Forgets the masks of the mini-batch, as {@code fit} does after a step. */
    void clearMasks();

    /** Shows a listener the activations of a forward pass, in the form that this kind of network has. */
    void announce(TrainingListener listener, Map<String, INDArray> activations);

    /** Lets the optimizer take over the updater that the network has, with its state. */
    void handUpdaterTo(GaussNewtonOptimizer optimizer);

    /** The array in which the optimizer's updater keeps its state. */
    INDArray updaterState(GaussNewtonOptimizer optimizer);
}
