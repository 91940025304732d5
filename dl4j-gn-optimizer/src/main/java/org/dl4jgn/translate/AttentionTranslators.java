package org.dl4jgn.translate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.dl4jgn.ops.IndexMap;
import org.dl4jgn.ops.Pick;
import org.dl4jgn.translate.Attention.Projections;
import org.dl4jgn.translate.Attention.Shape;
import org.dl4jgn.translate.AttentionWriter.Steps;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** DL4J's attention layers. They are layers of SameDiff operations there, on sequences with channels first. */
final class AttentionTranslators {

    private AttentionTranslators() {}

    /** A layer that knows how many channels it takes. */
    private abstract static class OfChannels<L extends SameDiffLayer> implements LayerTranslator<L> {

        abstract long channels(L layer);

        @Override
        public final long inputs(L layer) {
            return channels(layer);
        }

        @Override
        public final Activations translate(L layer, Activations input, GraphWriter writer) {
            Attention.check(layer, channels(layer), input, writer);
            return write(layer, input, writer);
        }

        abstract Activations write(L layer, Activations input, GraphWriter writer);
    }

    /** Every step looks at all steps that are there. */
    static LayerTranslator<SelfAttentionLayer> self() {
        return new OfChannels<>() {
            @Override
            long channels(SelfAttentionLayer layer) {
                return layer.getNIn();
            }

            @Override
            Activations write(SelfAttentionLayer layer, Activations input, GraphWriter writer) {
                Shape shape =
                        new Shape(layer.isProjectInput(), layer.getNHeads(), layer.getHeadSize(), layer.getNOut());
                Attention attention = new Attention(writer, shape);
                long c = input.channels();
                Projections by = attention.declare(c, c, c);
                long steps = input.shape()[0];
                if (input.isOutline()) {
                    return input.with(input.variable(), steps, shape.width(c));
                }
                Steps x = Attention.stepsOf(input);
                SDVariable seen = attention.attend(input.batch(), x, x, x, by, input.mask());
                return input.with(seen, steps, shape.width(c));
            }
        };
    }

    /** Queries that are parameters look at all steps that are there; there is a step for each of them, and no mask behind. */
    static LayerTranslator<LearnedSelfAttentionLayer> learned() {
        return new OfChannels<>() {
            @Override
            long channels(LearnedSelfAttentionLayer layer) {
                return layer.getNIn();
            }

            @Override
            Activations write(LearnedSelfAttentionLayer layer, Activations input, GraphWriter writer) {
                Shape shape =
                        new Shape(layer.isProjectInput(), layer.getNHeads(), layer.getHeadSize(), layer.getNOut());
                Attention attention = new Attention(writer, shape);
                long c = input.channels();
                long n = layer.getNQueries();
                SDVariable queries = writer.parameter("Q", ParameterLayout.same(c, n), c, n);
                Projections by = attention.declare(c, c, c);
                if (input.isOutline()) {
                    return input.with(input.variable(), n, shape.width(c))
                            .of(input.sequences().masked(null));
                }
                writer.withoutRows();
                Steps x = Attention.stepsOf(input);
                Steps asked = ofAll(writer.graph(), queries, input.batch(), c, n);
                SDVariable seen = attention.attend(input.batch(), asked, x, x, by, input.mask());
                return input.with(seen, n, shape.width(c)).of(input.sequences().masked(null));
            }
        };
    }

    /** The queries, [c, n], for each example. */
    private static Steps ofAll(SameDiff graph, SDVariable queries, long batch, long c, long n) {
        int[] sources = new int[Math.toIntExact(batch * n * c)];
        Arrays.setAll(sources, i -> (int) (i % c * n + i / c % n));
        SDVariable rows = Pick.of(graph, queries, IndexMap.of(sources, c * n), new long[] {c, n}, batch * n, c);
        return new Steps(rows, n, c);
    }

    /** hₜ = σ(xₜW + aₜR + b), where aₜ is what hₜ₋₁ sees of all steps of the input, and nothing at the first step. */
    static LayerTranslator<RecurrentAttentionLayer> recurrent() {
        return new OfChannels<>() {
            @Override
            long channels(RecurrentAttentionLayer layer) {
                return layer.getNIn();
            }

            @Override
            Activations write(RecurrentAttentionLayer layer, Activations input, GraphWriter writer) {
                return new RecurrentAttention(layer, input, writer).write();
            }
        };
    }

    /** The steps of a recurrent attention, one after the other. */
    private static final class RecurrentAttention {

        private final RecurrentAttentionLayer layer;
        private final Activations input;
        private final GraphWriter writer;
        private final long units;
        private final long steps;

        RecurrentAttention(RecurrentAttentionLayer layer, Activations input, GraphWriter writer) {
            this.layer = layer;
            this.input = input;
            this.writer = writer;
            units = layer.getNOut();
            steps = input.shape()[0];
        }

        Activations write() {
            long c = input.channels();
            SDVariable w = writer.parameter("W", c, units);
            SDVariable r = writer.parameter("RW", units, units);
            Shape shape = new Shape(layer.isProjectInput(), layer.getNHeads(), layer.getHeadSize(), units);
            Attention attention = new Attention(writer, shape);
            Projections by = attention.declare(units, c, c);
            @Nullable SDVariable b = layer.isHasBias() ? writer.parameter("b", units) : null;
            writer.withoutRows();
            if (input.isOutline()) {
                return input.with(input.variable(), steps, units);
            }
            Steps x = Attention.stepsOf(input);
            SDVariable product = writer.graph().mmul(input.variable(), w);
            SDVariable q = b == null ? product : writer.graph().nn().biasAdd(product, b, false);
            SequenceSteps each = new SequenceSteps(writer.graph(), input.batch(), steps);
            Steps keys = attention.project(x, by.key());
            Steps values = attention.project(x, by.value());
            List<SDVariable> outputs = new ArrayList<>();
            for (int t = 0; t < steps; t++) {
                SDVariable pre = each.step(q, t, units);
                if (t > 0) {
                    Steps before = attention.project(new Steps(outputs.get(t - 1), 1, units), by.query());
                    pre = pre.add(writer.graph()
                            .mmul(attention.write(input.batch(), before, keys, values, by.out(), input.mask()), r));
                }
                Activations vectors = Activations.of(writer.graph(), pre, input.batch(), true, units);
                outputs.add(writer.activation(layer.getActivation().getActivationFunction(), vectors)
                        .variable());
            }
            return input.with(each.together(outputs, units), steps, units);
        }
    }
}
