package org.dl4jgn.dl4j;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.recurrent.RnnLossLayer;
import org.deeplearning4j.optimize.Solver;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jgn.network.MiniBatch;
import org.dl4jgn.translate.GraphModel;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A {@link ComputationGraph}. */
record AttachableGraph(ComputationGraph graph) implements AttachableNetwork {

    @Override
    public Model net() {
        return graph;
    }

    @Override
    public org.dl4jgn.translate.Model weakModel() {
        return GraphModel.weak(graph);
    }

    @Override
    public Layer[] layers() {
        return graph.getLayers();
    }

    @Override
    public void checkTruncation() {
        ComputationGraphConfiguration conf = graph.getConfiguration();
        AttachableNetwork.checkTruncation(conf.getBackpropType(), conf.getTbpttFwdLength(), conf.getTbpttBackLength());
    }

    @Override
    public List<GraphVertex> vertices() {
        return Arrays.stream(graph.topologicalSortOrder())
                .mapToObj(index -> graph.getVertices()[index])
                .filter(vertex -> !vertex.hasLayer() && vertex.numParams() > 0)
                .toList();
    }

    @Override
    public Layer layer(int index) {
        return graph.getVertices()[index].getLayer();
    }

    @Override
    public int iteration() {
        return graph.getConfiguration().getIterationCount();
    }

    @Override
    public int epoch() {
        return graph.getConfiguration().getEpochCount();
    }

    @Override
    public @Nullable Solver solver() {
        return NetworkFields.solver(graph);
    }

    @Override
    public void setSolver(Solver solver) {
        NetworkFields.setSolver(graph, solver);
    }

    @Override
    public @Nullable Gradient gradient() {
        return graph.getGradient();
    }

    @Override
    public void setGradient(Gradient gradient) {
        graph.setGradient(gradient);
    }

    @Override
    public INDArray gradientsView() {
        return graph.getGradientsViewArray();
    }

    @Override
    public void setScore(double score) {
        graph.setScore(score);
    }

    @Override
    public Collection<TrainingListener> listeners() {
        return graph.getListeners();
    }

    @Override
    public String gradientPrefix(Layer layer) {
        return graph.getVertices()[layer.getIndex()].getVertexName() + "_";
    }

    @Override
    public MiniBatch batch() {
        return MiniBatch.of(graph.getInputs(), graph.getInputMaskArrays(), NetworkFields.labels(graph), labelMasks());
    }

    /** Where there is none, an RnnLossLayer of DL4J's takes the mask of the features that arrives there. */
    private @Nullable INDArray @Nullable [] labelMasks() {
        INDArray[] given = graph.getLabelMaskArrays();
        if (graph.getInputMaskArrays() == null) {
            return given;
        }
        INDArray[] masks = given == null ? new INDArray[graph.getNumOutputArrays()] : given.clone();
        for (int i = 0; i < masks.length; i++) {
            if (masks[i] == null && graph.getOutputLayer(i) instanceof RnnLossLayer layer) {
                masks[i] = LayerMasks.asSteps(layer.getMaskArray(), graph.getInput(0));
            }
        }
        return masks;
    }

    @Override
    public void clearMasks() {
        graph.clearLayerMaskArrays();
    }

    @Override
    public void announce(TrainingListener listener, Map<String, INDArray> activations) {
        Map<String, INDArray> all = new LinkedHashMap<>();
        List<String> names = graph.getConfiguration().getNetworkInputs();
        for (int i = 0; i < names.size(); i++) {
            all.put(names.get(i), graph.getInput(i));
        }
        all.putAll(activations);
        listener.onForwardPass(graph, all);
    }

    @Override
    public void handUpdaterTo(GaussNewtonOptimizer optimizer) {
        optimizer.setUpdaterComputationGraph(graph.getUpdater());
    }

    @Override
    public INDArray updaterState(GaussNewtonOptimizer optimizer) {
        return optimizer.getComputationGraphUpdater(true).getStateViewArray();
    }
}
