package org.dl4jgn.translate;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.distribution.ConstantDistribution;
import org.deeplearning4j.nn.conf.distribution.Distribution;
import org.deeplearning4j.nn.conf.distribution.GaussianDistribution;
import org.deeplearning4j.nn.conf.distribution.LogNormalDistribution;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.distribution.TruncatedNormalDistribution;
import org.deeplearning4j.nn.conf.distribution.UniformDistribution;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.conf.weightnoise.WeightNoise;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.BaseRandomOp;
import org.nd4j.linalg.api.ops.random.impl.BernoulliDistribution;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Writes DL4J's noise on weights: what the layer computes with is W∘m or W + s, with m or s an input of the graph that is drawn
 * once a step. DropConnect's m is one with the probability of keeping a weight, else zero, and is not scaled by it.
 *
 * <p>Gradient and products are those of the weights below the noise: DL4J's own gradient is that of W∘m, which for a weight that
 * is dropped is not zero.
 */
final class WeightNoises {

    private static final Set<String> KINDS = Set.of("DropConnect", "WeightNoise");

    private final GraphWriter writer;
    private final Set<String> noisy = new HashSet<>();
    private @Nullable BaseLayer layer;

    WeightNoises(GraphWriter writer) {
        this.writer = writer;
    }

    /** The parameters that are declared from now on have the noise of this layer; null for none. */
    void of(@Nullable BaseLayer conf) {
        layer = conf;
    }

    /** Whether a variable is a parameter with noise. */
    boolean isNoisy(SDVariable variable) {
        return noisy.contains(variable.name());
    }

    /** A parameter with the noise that its layer has for it. */
    SDVariable on(String key, SDVariable parameter, long[] shape) {
        BaseLayer conf = layer;
        IWeightNoise noise = conf == null ? null : conf.getWeightNoise();
        if (conf == null || noise == null || writer.frozen().isWriting()) {
            return parameter;
        }
        SDVariable result;
        if (noise instanceof DropConnect drop && noise.getClass() == DropConnect.class) {
            if (!isChosen(conf, key, drop.isApplyToBiases())) {
                return parameter;
            }
            result = parameter.mul(writer.parameterNoise(shape, kept(drop)));
        } else if (noise instanceof WeightNoise weights && noise.getClass() == WeightNoise.class) {
            if (!isChosen(conf, key, weights.isApplyToBias())) {
                return parameter;
            }
            SDVariable drawn = writer.parameterNoise(shape, sampler(weights.getDistribution()));
            result = weights.isAdditive() ? parameter.add(drawn) : parameter.mul(drawn);
        } else {
            throw writer.unsupported("weight noise of type " + noise.getClass().getName(), KINDS);
        }
        noisy.add(result.name());
        return result;
    }

    private static boolean isChosen(BaseLayer conf, String key, boolean biasesToo) {
        ParamInitializer initializer = conf.initializer();
        // the gain of a layer normalization is a weight by its initializer, and has no noise in DL4J
        boolean isWeight = initializer.isWeightParam(conf, key) && !key.equals("g");
        return isWeight || biasesToo && initializer.isBiasParam(conf, key);
    }

    private NoiseSampler kept(DropConnect drop) {
        double constant = drop.getWeightRetainProb();
        if (drop.getWeightRetainProbSchedule() == null && !(constant > 0 && constant <= 1)) {
            throw writer.unsupported("a probability of keeping a weight of " + constant, Set.of("0 < probability ≤ 1"));
        }
        return (targets, random, iteration, epoch) -> {
            double p = drop.getWeightRetainProbSchedule() == null
                    ? constant
                    : drop.getWeightRetainProbSchedule().valueAt(iteration, epoch);
            Nd4j.getExecutioner().exec(new BernoulliDistribution(targets.get(0), p), random);
        };
    }

    /** Draws a distribution of DL4J's from a given source of randomness, which DL4J's own classes cannot. */
    private NoiseSampler sampler(Distribution distribution) {
        if (distribution instanceof ConstantDistribution constant) {
            return (targets, random, iteration, epoch) -> targets.get(0).assign(constant.getValue());
        }
        operation(distribution, Nd4j.scalar(0.0));
        return (targets, random, iteration, epoch) ->
                Nd4j.getExecutioner().exec(operation(distribution, targets.get(0)), random);
    }

    private BaseRandomOp operation(Distribution distribution, INDArray target) {
        if (distribution instanceof NormalDistribution normal) {
            return new org.nd4j.linalg.api.ops.random.impl.GaussianDistribution(
                    target, normal.getMean(), normal.getStd());
        }
        if (distribution instanceof GaussianDistribution normal) {
            return new org.nd4j.linalg.api.ops.random.impl.GaussianDistribution(
                    target, normal.getMean(), normal.getStd());
        }
        if (distribution instanceof UniformDistribution uniform) {
            return new org.nd4j.linalg.api.ops.random.impl.UniformDistribution(
                    target, uniform.getLower(), uniform.getUpper());
        }
        if (distribution instanceof LogNormalDistribution normal) {
            return new org.nd4j.linalg.api.ops.random.impl.LogNormalDistribution(
                    target, normal.getMean(), normal.getStd());
        }
        if (distribution instanceof TruncatedNormalDistribution normal) {
            return new org.nd4j.linalg.api.ops.random.impl.TruncatedNormalDistribution(
                    target, normal.getMean(), normal.getStd());
        }
        throw writer.unsupported(
                "weight noise drawn from " + distribution,
                new java.util.TreeSet<>(List.of(
                        "ConstantDistribution",
                        "GaussianDistribution",
                        "LogNormalDistribution",
                        "NormalDistribution",
                        "TruncatedNormalDistribution",
                        "UniformDistribution")));
    }
}
