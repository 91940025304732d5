package org.dl4jgn.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.BackpropType;
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
    public BackpropType backpropType() {
        return network.getLayerWiseConfigurations().getBackpropType();
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
        return MiniBatch.of(network.getInput(), network.getLabels(), mask());
    }

    /**
     * The mask of the loss, as DL4J spreads masks over its layers: the label mask, or without one the feature mask, which
     * in a network of dense layers masks whole examples.
     *
     * @throws IllegalArgumentException for a feature mask that does something else
     */
    private @Nullable INDArray mask() {
        INDArray mask = network.getOutputLayer().getMaskArray();
        for (Layer layer : network.getLayers()) {
            INDArray here = layer.getMaskArray();
            boolean isLabelMask = here == mask && layer == network.getOutputLayer();
            if (here != null && !isLabelMask && (here != mask || here.length() != here.size(0))) {
                throw new IllegalArgumentException("The feature mask of shape " + Arrays.toString(here.shape())
                        + (here == mask ? "" : ", beside a label mask of its own,")
                        + " is not supported. Supported: a label mask, or a feature mask of shape [batch, 1] alone, both of"
                        + " which leave out examples.");
            }
        }
        return mask;
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
