package org.dl4jgn.dl4j;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
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
        // the model refuses it
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
        return MiniBatch.of(
                graph.getInputs(), graph.getInputMaskArrays(), NetworkFields.labels(graph), graph.getLabelMaskArrays());
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
