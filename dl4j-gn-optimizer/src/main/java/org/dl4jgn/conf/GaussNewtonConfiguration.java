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
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a network's configuration names its Gauss-Newton optimizer. */
public final class GaussNewtonConfiguration {

    private GaussNewtonConfiguration() {}

    /**
     * DL4J's configuration builder, with one more {@code optimizationAlgo}.
     *
     * <p>DL4J's own takes an enum that no library can extend; this one stands for {@code updater(sgn)}, and the stock
     * builder with {@code updater(sgn)} does as well. All other methods are DL4J's, with this type as the result, so that
     * the order of the calls does not matter.
     */
    public static class Builder extends NeuralNetConfiguration.Builder {

        private static final Logger LOG = LoggerFactory.getLogger(GaussNewtonConfiguration.class);

        private @Nullable GaussNewtonUpdater optimizer;

        /**
         * Trains with the given optimizer, after {@code GaussNewton.attach(net)}. It takes the place of an updater, set
         * before or after.
         */
        public Builder optimizationAlgo(GaussNewtonUpdater gaussNewton) {
            optimizer = gaussNewton;
            super.updater(gaussNewton);
            return this;
        }

        /** Sets the updater, unless {@link #optimizationAlgo(GaussNewtonUpdater)} has: then logs that it is not used. */
        @Override
        public Builder updater(IUpdater updater) {
            if (optimizer == null || updater instanceof GaussNewtonUpdater) {
                super.updater(updater);
            } else {
                LOG.warn("Updater {} is not used: the steps come from {}", updater, optimizer);
            }
            return this;
        }

        @Override
        public Builder miniBatch(boolean flag) {
            super.miniBatch(flag);
            return this;
        }

        @Override
        public Builder trainingWorkspaceMode(WorkspaceMode workspaceMode) {
            super.trainingWorkspaceMode(workspaceMode);
            return this;
        }

        @Override
        public Builder inferenceWorkspaceMode(WorkspaceMode workspaceMode) {
            super.inferenceWorkspaceMode(workspaceMode);
            return this;
        }

        @Override
        public Builder cacheMode(CacheMode cacheMode) {
            super.cacheMode(cacheMode);
            return this;
        }

        @Override
        public Builder minimize(boolean flag) {
            super.minimize(flag);
            return this;
        }

        @Override
        public Builder maxNumLineSearchIterations(int value) {
            super.maxNumLineSearchIterations(value);
            return this;
        }

        @Override
        public Builder layer(Layer layer) {
            super.layer(layer);
            return this;
        }

        @Override
        public Builder stepFunction(StepFunction stepFunction) {
            super.stepFunction(stepFunction);
            return this;
        }

        @Override
        public Builder seed(long value) {
            super.seed(value);
            return this;
        }

        @Override
        public Builder optimizationAlgo(OptimizationAlgorithm optimizationAlgorithm) {
            super.optimizationAlgo(optimizationAlgorithm);
            return this;
        }

        @Override
        public Builder activation(IActivation activation) {
            super.activation(activation);
            return this;
        }

        @Override
        public Builder activation(Activation activation) {
            super.activation(activation);
            return this;
        }

        @Override
        public Builder weightInit(IWeightInit weightInit) {
            super.weightInit(weightInit);
            return this;
        }

        @Override
        public Builder weightInit(WeightInit weightInit) {
            super.weightInit(weightInit);
            return this;
        }

        @Override
        public Builder weightInit(Distribution distribution) {
            super.weightInit(distribution);
            return this;
        }

        @Override
        public Builder biasInit(double value) {
            super.biasInit(value);
            return this;
        }

        @Override
        public Builder dist(Distribution distribution) {
            super.dist(distribution);
            return this;
        }

        @Override
        public Builder l1(double value) {
            super.l1(value);
            return this;
        }

        @Override
        public Builder l2(double value) {
            super.l2(value);
            return this;
        }

        @Override
        public Builder l1Bias(double value) {
            super.l1Bias(value);
            return this;
        }

        @Override
        public Builder l2Bias(double value) {
            super.l2Bias(value);
            return this;
        }

        @Override
        public Builder weightDecay(double value) {
            super.weightDecay(value);
            return this;
        }

        @Override
        public Builder weightDecay(double value, boolean applyLearningRate) {
            super.weightDecay(value, applyLearningRate);
            return this;
        }

        @Override
        public Builder weightDecayBias(double value) {
            super.weightDecayBias(value);
            return this;
        }

        @Override
        public Builder weightDecayBias(double value, boolean applyLearningRate) {
            super.weightDecayBias(value, applyLearningRate);
            return this;
        }

        @Override
        public Builder regularization(List<Regularization> terms) {
            super.regularization(terms);
            return this;
        }

        @Override
        public Builder regularizationBias(List<Regularization> terms) {
            super.regularizationBias(terms);
            return this;
        }

        @Override
        public Builder dropOut(double value) {
            super.dropOut(value);
            return this;
        }

        @Override
        public Builder dropOut(IDropout dropout) {
            super.dropOut(dropout);
            return this;
        }

        @Override
        public Builder weightNoise(IWeightNoise weightNoise) {
            super.weightNoise(weightNoise);
            return this;
        }

        @Override
        public Builder updater(Updater updater) {
            super.updater(updater);
            return this;
        }

        @Override
        public Builder biasUpdater(IUpdater updater) {
            super.biasUpdater(updater);
            return this;
        }

        @Override
        public Builder gradientNormalization(GradientNormalization gradientNormalization) {
            super.gradientNormalization(gradientNormalization);
            return this;
        }

        @Override
        public Builder gradientNormalizationThreshold(double value) {
            super.gradientNormalizationThreshold(value);
            return this;
        }

        @Override
        public Builder convolutionMode(ConvolutionMode convolutionMode) {
            super.convolutionMode(convolutionMode);
            return this;
        }

        @Override
        public Builder cudnnAlgoMode(ConvolutionLayer.AlgoMode algoMode) {
            super.cudnnAlgoMode(algoMode);
            return this;
        }

        @Override
        public Builder constrainAllParameters(LayerConstraint... layerConstraints) {
            super.constrainAllParameters(layerConstraints);
            return this;
        }

        @Override
        public Builder constrainBias(LayerConstraint... layerConstraints) {
            super.constrainBias(layerConstraints);
            return this;
        }

        @Override
        public Builder constrainWeights(LayerConstraint... layerConstraints) {
            super.constrainWeights(layerConstraints);
            return this;
        }

        @Override
        public Builder dataType(DataType dataType) {
            super.dataType(dataType);
            return this;
        }
    }
}
