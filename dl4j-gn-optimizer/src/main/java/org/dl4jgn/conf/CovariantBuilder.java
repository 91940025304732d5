package org.dl4jgn.conf;

import java.util.List;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.Updater;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.distribution.Distribution;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.stepfunctions.StepFunction;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * DL4J's configuration builder, whose methods return the type of the builder they are called on, so that methods of that
 * type can follow in any order.
 *
 * @param <B> the builder itself
 */
abstract class CovariantBuilder<B extends CovariantBuilder<B>> extends NeuralNetConfiguration.Builder {

    @SuppressWarnings("unchecked") // B is always the builder itself
    private B self() {
        return (B) this;
    }

    @Override
    @SuppressWarnings("unchecked") // a clone has the type of the builder
    public B clone() {
        return (B) super.clone();
    }

    @Override
    public B miniBatch(boolean flag) {
        super.miniBatch(flag);
        return self();
    }

    @Override
    public B trainingWorkspaceMode(WorkspaceMode workspaceMode) {
        super.trainingWorkspaceMode(workspaceMode);
        return self();
    }

    @Override
    public B inferenceWorkspaceMode(WorkspaceMode workspaceMode) {
        super.inferenceWorkspaceMode(workspaceMode);
        return self();
    }

    @Override
    public B cacheMode(CacheMode cacheMode) {
        super.cacheMode(cacheMode);
        return self();
    }

    @Override
    public B minimize(boolean flag) {
        super.minimize(flag);
        return self();
    }

    @Override
    public B maxNumLineSearchIterations(int value) {
        super.maxNumLineSearchIterations(value);
        return self();
    }

    @Override
    public B layer(Layer layer) {
        super.layer(layer);
        return self();
    }

    @Override
    public B stepFunction(StepFunction stepFunction) {
        super.stepFunction(stepFunction);
        return self();
    }

    @Override
    public B seed(long value) {
        super.seed(value);
        return self();
    }

    @Override
    public B optimizationAlgo(OptimizationAlgorithm optimizationAlgorithm) {
        super.optimizationAlgo(optimizationAlgorithm);
        return self();
    }

    @Override
    public B activation(IActivation activation) {
        super.activation(activation);
        return self();
    }

    @Override
    public B activation(Activation activation) {
        super.activation(activation);
        return self();
    }

    @Override
    public B weightInit(IWeightInit weightInit) {
        super.weightInit(weightInit);
        return self();
    }

    @Override
    public B weightInit(WeightInit weightInit) {
        super.weightInit(weightInit);
        return self();
    }

    @Override
    public B weightInit(Distribution distribution) {
        super.weightInit(distribution);
        return self();
    }

    @Override
    public B biasInit(double value) {
        super.biasInit(value);
        return self();
    }

    @Override
    public B dist(Distribution distribution) {
        super.dist(distribution);
        return self();
    }

    @Override
    public B l1(double value) {
        super.l1(value);
        return self();
    }

    @Override
    public B l2(double value) {
        super.l2(value);
        return self();
    }

    @Override
    public B l1Bias(double value) {
        super.l1Bias(value);
        return self();
    }

    @Override
    public B l2Bias(double value) {
        super.l2Bias(value);
        return self();
    }

    @Override
    public B weightDecay(double value) {
        super.weightDecay(value);
        return self();
    }

    @Override
    public B weightDecay(double value, boolean applyLearningRate) {
        super.weightDecay(value, applyLearningRate);
        return self();
    }

    @Override
    public B weightDecayBias(double value) {
        super.weightDecayBias(value);
        return self();
    }

    @Override
    public B weightDecayBias(double value, boolean applyLearningRate) {
        super.weightDecayBias(value, applyLearningRate);
        return self();
    }

    @Override
    public B regularization(List<Regularization> terms) {
        super.regularization(terms);
        return self();
    }

    @Override
    public B regularizationBias(List<Regularization> terms) {
        super.regularizationBias(terms);
        return self();
    }

    @Override
    public B dropOut(double value) {
        super.dropOut(value);
        return self();
    }

    @Override
    public B dropOut(IDropout dropout) {
        super.dropOut(dropout);
        return self();
    }

    @Override
    public B weightNoise(IWeightNoise weightNoise) {
        super.weightNoise(weightNoise);
        return self();
    }

    @Override
    public B updater(Updater updater) {
        super.updater(updater);
        return self();
    }

    @Override
    public B biasUpdater(IUpdater updater) {
        super.biasUpdater(updater);
        return self();
    }

    @Override
    public B gradientNormalization(GradientNormalization gradientNormalization) {
        super.gradientNormalization(gradientNormalization);
        return self();
    }

    @Override
    public B gradientNormalizationThreshold(double value) {
        super.gradientNormalizationThreshold(value);
        return self();
    }

    @Override
    public B convolutionMode(ConvolutionMode convolutionMode) {
        super.convolutionMode(convolutionMode);
        return self();
    }

    @Override
    public B cudnnAlgoMode(ConvolutionLayer.AlgoMode algoMode) {
        super.cudnnAlgoMode(algoMode);
        return self();
    }

    @Override
    public B constrainAllParameters(LayerConstraint... layerConstraints) {
        super.constrainAllParameters(layerConstraints);
        return self();
    }

    @Override
    public B constrainBias(LayerConstraint... layerConstraints) {
        super.constrainBias(layerConstraints);
        return self();
    }

    @Override
    public B constrainWeights(LayerConstraint... layerConstraints) {
        super.constrainWeights(layerConstraints);
        return self();
    }

    @Override
    public B dataType(DataType dataType) {
        super.dataType(dataType);
        return self();
    }
}
