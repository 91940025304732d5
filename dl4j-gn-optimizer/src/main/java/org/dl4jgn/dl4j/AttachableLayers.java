package org.dl4jgn.dl4j;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.Solver;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.dl4jgn.network.MiniBatch;
import org.dl4jgn.translate.MultiLayerModel;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A {@link MultiLayerNetwork}. */
record AttachableLayers(MultiLayerNetwork network) implements AttachableNetwork {

    @Override
    public Model net() {
        return network;
    }

    @Override
    public org.dl4jgn.translate.Model weakModel() {
        return MultiLayerModel.weak(network);
    }

    @Override
    public Layer[] layers() {
        return network.getLayers();
    }

    @Override
    public void checkTruncation() {
        MultiLayerConfiguration conf = network.getLayerWiseConfigurations();
        AttachableNetwork.checkTruncation(conf.getBackpropType(), conf.getTbpttFwdLength(), conf.getTbpttBackLength());
    }

    @Override
    public Layer layer(int index) {
        return network.getLayer(index);
    }

    @Override
    public int iteration() {
        return network.getIterationCount();
    }

    @Override
    public int epoch() {
        return network.getEpochCount();
    }

    @Override
    public @Nullable Solver solver() {
        return NetworkFields.solver(network);
    }

    @Override
    public void setSolver(Solver solver) {
        NetworkFields.setSolver(network, solver);
    }

    @Override
    public @Nullable Gradient gradient() {
        return network.gradient();
    }

    @Override
    public void setGradient(Gradient gradient) {
        NetworkFields.setGradient(network, gradient);
    }

    @Override
    public INDArray gradientsView() {
        return network.getGradientsViewArray();
    }

    @Override
    public void setScore(double score) {
        network.setScore(score);
    }

    @Override
    public Collection<TrainingListener> listeners() {
        return network.getListeners();
    }

    @Override
    public String gradientPrefix(Layer layer) {
        return layer.getIndex() + "_";
    }

    @Override
    public MiniBatch batch() {
        return new LayerMasks(network).batch();
    }

    @Override
    public void clearMasks() {
        network.clearLayerMaskArrays();
    }

    @Override
    public void announce(TrainingListener listener, Map<String, INDArray> activations) {
        List<INDArray> all = new ArrayList<>(List.of(network.getInput()));
        all.addAll(activations.values());
        listener.onForwardPass(network, all);
    }

    @Override
    public void handUpdaterTo(GaussNewtonOptimizer optimizer) {
        optimizer.setUpdater(network.getUpdater());
    }

    @Override
    public INDArray updaterState(GaussNewtonOptimizer optimizer) {
        return optimizer.getUpdater(true).getStateViewArray();
    }
}
