package org.dl4jgn.bench.rivals;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.learning.regularization.Regularization;

/** The gradient of a network's loss on a batch, by DL4J's own back-propagation, and what becomes of it. */
final class BatchGradient {

    private final MultiLayerNetwork net;

    /**
     * Of an initialised network.
     *
     * @throws IllegalArgumentException if the network has batch normalization, whose "gradients" of running mean and
     *     variance are not gradients, or does not divide its gradient by the size of the mini-batch
     */
    BatchGradient(MultiLayerNetwork net, String method) {
        for (Layer layer : net.getLayers()) {
            if (layer.conf().getLayer() instanceof BatchNormalization) {
                throw new IllegalArgumentException(method + " does not train networks with BatchNormalization (layer "
                        + layer.getIndex() + "); remove the layer or use another optimizer");
            }
        }
        if (!net.conf().isMiniBatch()) {
            throw new IllegalArgumentException(method + " does not train with miniBatch(false); set it to true");
        }
        this.net = net;
    }

    /**
     * Σᵢ ∇ℓᵢ over the examples of a batch, without regularization: the network's own array, [d], which the next call
     * overwrites. {@code net.score()} is then the mean loss, with regularization.
     */
    INDArray sum(DataSet batch) {
        net.setInput(batch.getFeatures());
        net.setLabels(batch.getLabels());
        net.setLayerMaskArrays(batch.getFeaturesMaskArray(), batch.getLabelsMaskArray());
        net.computeGradientAndScore();
        net.clearLayerMaskArrays();
        return view();
    }

    /** (1/b) Σᵢ ∇ℓᵢ + ∇(regularization), the gradient of {@code net.score()}, into {@code result}, [d]. */
    void ofScore(DataSet batch, INDArray result) {
        INDArray gradient = sum(batch).divi(batch.numExamples());
        for (Layer layer : net.getLayers()) {
            addRegularization(layer);
        }
        result.assign(gradient);
    }

    private void addRegularization(Layer layer) {
        if (layer.numParams() == 0) {
            return;
        }
        Map<String, INDArray> parameters = layer.paramTable();
        Map<String, INDArray> gradients = views(layer);
        parameters.forEach((name, parameter) -> {
            List<Regularization> terms = layer.getConfig().getRegularizationByParam(name);
            if (terms == null) {
                return;
            }
            for (Regularization term : terms) {
                term.apply(parameter, gradients.get(name), 1.0, net.getIterationCount(), net.getEpochCount());
            }
        });
    }

    /**
     * The step that DL4J's stochastic gradient descent takes, had it found the sum in {@link #view} over so many examples.
     *
     * @param parts of the sum, as {@code net.gradient()} or {@link #parts} has them
     */
    void update(Gradient parts, int examples) {
        net.getUpdater()
                .update(
                        net,
                        parts,
                        net.getIterationCount(),
                        net.getEpochCount(),
                        examples,
                        LayerWorkspaceMgr.noWorkspaces());
        net.params().subi(view());
    }

    /** The network's gradient array, which has to be there, as updaters know it, by layer and parameter: live views. */
    Gradient parts() {
        Gradient parts = new DefaultGradient(net.getGradientsViewArray());
        for (Layer layer : net.getLayers()) {
            if (layer.numParams() > 0) {
                views(layer).forEach((name, view) -> parts.setGradientFor(layer.getIndex() + "_" + name, view));
            }
        }
        return parts;
    }

    private static Map<String, INDArray> views(Layer layer) {
        return layer.conf()
                .getLayer()
                .initializer()
                .getGradientsFromFlattened(layer.conf(), layer.getGradientsViewArray());
    }

    /** The network's gradient array, [d]. */
    INDArray view() {
        INDArray flat = net.getGradientsViewArray();
        return flat.reshape(flat.length());
    }

    /** Tells the network that a step was taken on a batch whose loss before the step was {@code score}. */
    void stepDone(double score) {
        net.setScore(score);
        for (TrainingListener listener : net.getListeners()) {
            listener.iterationDone(net, net.getIterationCount(), net.getEpochCount());
        }
        net.applyConstraints(net.getIterationCount(), net.getEpochCount());
        net.setIterationCount(net.getIterationCount() + 1);
        net.clearLayersStates();
    }
}
