package org.dl4jgn.translate;

import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ops.random.impl.BernoulliDistribution;
import org.nd4j.linalg.api.ops.random.impl.GaussianDistribution;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Writes DL4J's dropout variants. For a given draw each is affine in its input, y = x ∘ m + s, with m and s inputs of
 * the graph.
 */
final class DropoutWriter {

    private static final Set<String> NAMES = Set.of("Dropout", "AlphaDropout", "GaussianDropout", "GaussianNoise");

    private DropoutWriter() {}

    static Activations write(@Nullable IDropout dropout, Activations input, GraphWriter writer) {
        return dropout == null ? input : input.with(write(dropout, input.variable(), input.matrixShape(), writer));
    }

    private static SDVariable write(IDropout dropout, SDVariable x, long[] shape, GraphWriter writer) {
        if (dropout.getClass() == Dropout.class) {
            return x.mul(writer.noise(1, shape, inverted((Dropout) dropout)).get(0));
        }
        if (dropout.getClass() == GaussianDropout.class) {
            return x.mul(
                    writer.noise(1, shape, gaussian((GaussianDropout) dropout)).get(0));
        }
        if (dropout.getClass() == GaussianNoise.class) {
            return x.add(
                    writer.noise(1, shape, additive((GaussianNoise) dropout)).get(0));
        }
        if (dropout.getClass() == AlphaDropout.class) {
            List<SDVariable> affine = writer.noise(2, shape, alpha((AlphaDropout) dropout));
            return x.mul(affine.get(0)).add(affine.get(1));
        }
        throw writer.unsupported("dropout of type " + dropout.getClass().getName(), NAMES);
    }

    /** m = Bernoulli(p)/p, with p the probability of keeping an activation. */
    private static NoiseSampler inverted(Dropout dropout) {
        return (targets, random, iteration, epoch) -> {
            double p = value(dropout.getPSchedule(), dropout.getP(), iteration, epoch);
            Nd4j.getExecutioner().exec(new BernoulliDistribution(targets.get(0), p), random);
            targets.get(0).divi(p);
        };
    }

    /** m ~ N(1, r/(1 − r)). */
    private static NoiseSampler gaussian(GaussianDropout dropout) {
        return (targets, random, iteration, epoch) -> {
            double rate = value(dropout.getRateSchedule(), dropout.getRate(), iteration, epoch);
            Nd4j.getExecutioner()
                    .exec(new GaussianDistribution(targets.get(0), 1.0, Math.sqrt(rate / (1.0 - rate))), random);
        };
    }

    /** s ~ N(0, σ²). */
    private static NoiseSampler additive(GaussianNoise noise) {
        return (targets, random, iteration, epoch) -> {
            double deviation = value(noise.getStddevSchedule(), noise.getStddev(), iteration, epoch);
            Nd4j.getExecutioner().exec(new GaussianDistribution(targets.get(0), 0.0, deviation), random);
        };
    }

    /** a(xδ + α′(1 − δ)) + b with δ ~ Bernoulli(p): m = aδ, s = aα′(1 − δ) + b (Klambauer et al. 2017). */
    private static NoiseSampler alpha(AlphaDropout dropout) {
        return (targets, random, iteration, epoch) -> {
            double p = value(dropout.getPSchedule(), dropout.getP(), iteration, epoch);
            double a = dropout.a(p);
            Nd4j.getExecutioner().exec(new BernoulliDistribution(targets.get(0), p), random);
            targets.get(1)
                    .assign(targets.get(0).rsub(1.0))
                    .muli(a * dropout.getAlphaPrime())
                    .addi(dropout.b(p));
            targets.get(0).muli(a);
        };
    }

    private static double value(@Nullable ISchedule schedule, double constant, int iteration, int epoch) {
        return schedule == null ? constant : schedule.valueAt(iteration, epoch);
    }
}
