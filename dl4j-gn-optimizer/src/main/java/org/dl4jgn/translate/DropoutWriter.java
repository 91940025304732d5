package org.dl4jgn.translate;

import java.util.List;
import java.util.Set;
import java.util.function.DoublePredicate;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.dropout.SpatialDropout;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.BernoulliDistribution;
import org.nd4j.linalg.api.ops.random.impl.GaussianDistribution;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Writes DL4J's dropout variants. For a given draw each is affine in its input, y = x ∘ m + s, with m and s inputs of
 * the graph.
 */
final class DropoutWriter {

    private static final Set<String> NAMES =
            Set.of("Dropout", "AlphaDropout", "GaussianDropout", "GaussianNoise", "SpatialDropout");

    private DropoutWriter() {}

    static Activations write(@Nullable IDropout dropout, Activations input, GraphWriter writer) {
        return dropout == null || writer.frozen().isWriting()
                ? input
                : input.with(
                        dropout.getClass() == SpatialDropout.class
                                ? ofChannels((SpatialDropout) dropout, input, writer)
                                : write(dropout, input.variable(), input.matrixShape(), writer));
    }

    /** m is the same at all positions of an example, for each channel. */
    private static SDVariable ofChannels(SpatialDropout dropout, Activations input, GraphWriter writer) {
        if (input.spatialRank() == 0) {
            throw writer.unsupported(
                    "SpatialDropout on vectors", Set.of("SpatialDropout on sequences, images and volumes", "Dropout"));
        }
        Setting kept =
                Setting.of(writer, KEPT, dropout.getPSchedule(), dropout.getP(), p -> p > 0 && p <= 1, "0 < p ≤ 1");
        long positions = input.positions();
        long count = input.channels();
        SDVariable x = input.variable();
        NoiseSampler sampler = (targets, random, iteration, epoch) -> {
            double p = kept.at(iteration, epoch);
            INDArray target = targets.get(0);
            long examples = target.size(0) / positions;
            long[] channels = {examples, 1, count};
            long[] all = {examples, positions, count};
            try (INDArray drawn = Nd4j.createUninitialized(target.dataType(), channels)) {
                Nd4j.getExecutioner().exec(new BernoulliDistribution(drawn, p), random);
                drawn.divi(p);
                target.reshape('c', all)
                        .assign(drawn.broadcast(target.reshape('c', all).ulike()));
            }
        };
        return x.mul(writer.noise(1, input.matrixShape(), sampler).get(0));
    }

    private static SDVariable write(IDropout dropout, SDVariable x, long[] shape, GraphWriter writer) {
        if (dropout.getClass() == Dropout.class) {
            return x.mul(
                    writer.noise(1, shape, inverted((Dropout) dropout, writer)).get(0));
        }
        if (dropout.getClass() == GaussianDropout.class) {
            return x.mul(writer.noise(1, shape, gaussian((GaussianDropout) dropout, writer))
                    .get(0));
        }
        if (dropout.getClass() == GaussianNoise.class) {
            return x.add(writer.noise(1, shape, additive((GaussianNoise) dropout, writer))
                    .get(0));
        }
        if (dropout.getClass() == AlphaDropout.class) {
            List<SDVariable> affine = writer.noise(2, shape, alpha((AlphaDropout) dropout, writer));
            return x.mul(affine.get(0)).add(affine.get(1));
        }
        writer.refuse("dropout of type " + dropout.getClass().getName(), NAMES);
        return x;
    }

    /** m = Bernoulli(p)/p, with p the probability of keeping an activation. */
    private static NoiseSampler inverted(Dropout dropout, GraphWriter writer) {
        Setting kept =
                Setting.of(writer, KEPT, dropout.getPSchedule(), dropout.getP(), p -> p > 0 && p <= 1, "0 < p ≤ 1");
        return (targets, random, iteration, epoch) -> {
            double p = kept.at(iteration, epoch);
            Nd4j.getExecutioner().exec(new BernoulliDistribution(targets.get(0), p), random);
            targets.get(0).divi(p);
        };
    }

    /** m ~ N(1, r/(1 − r)). */
    private static NoiseSampler gaussian(GaussianDropout dropout, GraphWriter writer) {
        Setting dropped = Setting.of(
                writer,
                "the rate of GaussianDropout",
                dropout.getRateSchedule(),
                dropout.getRate(),
                r -> r >= 0 && r < 1,
                "0 ≤ rate < 1");
        return (targets, random, iteration, epoch) -> {
            double rate = dropped.at(iteration, epoch);
            Nd4j.getExecutioner()
                    .exec(new GaussianDistribution(targets.get(0), 1.0, Math.sqrt(rate / (1.0 - rate))), random);
        };
    }

    /** s ~ N(0, σ²). */
    private static NoiseSampler additive(GaussianNoise noise, GraphWriter writer) {
        Setting spread = Setting.of(
                writer,
                "the standard deviation of GaussianNoise",
                noise.getStddevSchedule(),
                noise.getStddev(),
                d -> d >= 0 && Double.isFinite(d),
                "finite numbers from 0 on");
        return (targets, random, iteration, epoch) -> {
            double deviation = spread.at(iteration, epoch);
            Nd4j.getExecutioner().exec(new GaussianDistribution(targets.get(0), 0.0, deviation), random);
        };
    }

    /** a(xδ + α′(1 − δ)) + b with δ ~ Bernoulli(p): m = aδ, s = aα′(1 − δ) + b (Klambauer et al. 2017). */
    private static NoiseSampler alpha(AlphaDropout dropout, GraphWriter writer) {
        Setting kept =
                Setting.of(writer, KEPT, dropout.getPSchedule(), dropout.getP(), p -> p > 0 && p <= 1, "0 < p ≤ 1");
        return (targets, random, iteration, epoch) -> {
            double p = kept.at(iteration, epoch);
            double a = dropout.a(p);
            Nd4j.getExecutioner().exec(new BernoulliDistribution(targets.get(0), p), random);
            targets.get(1)
                    .assign(targets.get(0).rsub(1.0))
                    .muli(a * dropout.getAlphaPrime())
                    .addi(dropout.b(p));
            targets.get(0).muli(a);
        };
    }

    private static final String KEPT = "the probability of keeping an activation";

    /** A number that may follow a schedule, and what it is allowed to be. */
    private record Setting(
            String layer,
            String name,
            @Nullable ISchedule schedule,
            double constant,
            DoublePredicate allowed,
            String range) {

        /** A constant is refused at once. */
        static Setting of(
                GraphWriter writer,
                String name,
                @Nullable ISchedule schedule,
                double constant,
                DoublePredicate allowed,
                String range) {
            if (schedule == null && !allowed.test(constant)) {
                throw writer.unsupported(name + " of " + constant, Set.of(range));
            }
            return new Setting(writer.layerName(), name, schedule, constant, allowed, range);
        }

        double at(int iteration, int epoch) {
            double value = schedule == null ? constant : schedule.valueAt(iteration, epoch);
            if (!allowed.test(value)) {
                throw new IllegalStateException(layer + ": " + name + " is " + value + " at iteration " + iteration
                        + ", epoch " + epoch + ", by its schedule; allowed: " + range + ". No parameter was changed.");
            }
            return value;
        }
    }
}
