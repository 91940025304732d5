package org.dl4jgn.translate;

import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/**
 * y = γ(x − μ)/√(σ² + ε) + β with the batch's own mean and variance of each channel, over examples and positions.
 *
 * <p>μ and σ² are functions of the parameters below, so tangents and cotangents go through them: an output then depends on
 * all examples of the batch. Sums over rows and copies of a row are products with vectors of ones, linear operations that
 * have rules in both directions. As in DL4J, the layer's activation and dropout settings have no effect.
 */
final class BatchNormalizationTranslator implements LayerTranslator<BatchNormalization> {

    @Override
    public Activations translate(BatchNormalization layer, Activations input, GraphWriter writer) {
        check(layer, input, writer);
        long n = input.channels();
        boolean locked = layer.isLockGammaBeta();
        SDVariable gamma = locked ? null : writer.parameter(BatchNormalizationParamInitializer.GAMMA, 1, n);
        SDVariable beta = locked ? null : writer.parameter(BatchNormalizationParamInitializer.BETA, n);
        String mean = writer.parameter(BatchNormalizationParamInitializer.GLOBAL_MEAN, 1, n)
                .name();
        String spread = writer.parameter(
                        layer.isUseLogStd()
                                ? BatchNormalizationParamInitializer.GLOBAL_LOG_STD
                                : BatchNormalizationParamInitializer.GLOBAL_VAR,
                        1,
                        n)
                .name();
        if (writer.frozen().isWriting()) {
            return input.isOutline() ? input : inTestMode(layer, input, mean, spread, gamma, beta, writer);
        }
        writer.withoutRows();
        if (input.isOutline()) {
            return input;
        }
        SameDiff graph = writer.graph();
        long rows = input.matrixShape()[0];
        SDVariable average = graph.constant(Nd4j.valueArrayOf(new long[] {1, rows}, 1.0 / rows, input.type()));
        SDVariable copies = graph.constant(Nd4j.ones(input.type(), rows, 1));

        SDVariable x = input.variable();
        SDVariable batchMean = graph.mmul(average, x);
        SDVariable centred = x.sub(graph.mmul(copies, batchMean));
        SDVariable variance = graph.mmul(average, centred.mul(centred));
        SDVariable scale = graph.math().pow(variance.add(layer.getEps()), -0.5);
        writer.statistic(mean, RunningStatistic.Kind.MEAN, layer.getDecay(), batchMean);
        writer.statistic(
                spread,
                layer.isUseLogStd() ? RunningStatistic.Kind.LOG10_OF_DEVIATION : RunningStatistic.Kind.VARIANCE,
                layer.getDecay(),
                variance);
        if (gamma != null && beta != null) {
            SDVariable scaled = centred.mul(graph.mmul(copies, scale.mul(gamma)));
            return input.with(graph.nn().biasAdd(scaled, beta, false));
        }
        SDVariable normalized = centred.mul(graph.mmul(copies, scale));
        // DL4J leaves both out unless both differ from their defaults
        return layer.getGamma() != 1 && layer.getBeta() != 0
                ? input.with(normalized.mul(layer.getGamma()).add(layer.getBeta()))
                : input.with(normalized);
    }

    /** With the running statistics, which are constants. */
    private static Activations inTestMode(
            BatchNormalization layer,
            Activations input,
            String mean,
            String spread,
            @Nullable SDVariable gamma,
            @Nullable SDVariable beta,
            GraphWriter writer) {
        SameDiff graph = writer.graph();
        SDVariable copies = graph.constant(Nd4j.ones(input.type(), input.matrixShape()[0], 1));
        SDVariable deviation = graph.getVariable(spread);
        SDVariable variance = layer.isUseLogStd() ? graph.math().exp(deviation.mul(2 * Math.log(10))) : deviation;
        SDVariable scale = graph.math().pow(variance.add(layer.getEps()), -0.5);
        SDVariable centred = input.variable().sub(graph.mmul(copies, graph.getVariable(mean)));
        if (gamma != null && beta != null) {
            return input.with(graph.nn().biasAdd(centred.mul(graph.mmul(copies, scale.mul(gamma))), beta, false));
        }
        SDVariable normalized = centred.mul(graph.mmul(copies, scale));
        // as DL4J has them, see below
        return layer.getGamma() != 1 && layer.getBeta() != 0
                ? input.with(normalized.mul(layer.getGamma()).add(layer.getBeta()))
                : input.with(normalized);
    }

    private static void check(BatchNormalization layer, Activations input, GraphWriter writer) {
        if (!(layer.getDecay() >= 0 && layer.getDecay() <= 1)) {
            throw writer.unsupported("a decay of " + layer.getDecay(), Set.of("0 ≤ decay ≤ 1"));
        }
        if (!(layer.getEps() >= 0) || Double.isInfinite(layer.getEps())) {
            throw writer.unsupported("an eps of " + layer.getEps(), Set.of("finite numbers from 0 on"));
        }
        if (input.spatialRank() == 2) {
            Formats.require(layer.getCnn2DFormat() == CNN2DFormat.NCHW, input, writer);
        } else if (input.spatialRank() != 0) {
            throw writer.unsupported(
                    "an input of " + input.spatialRank() + " dimensions beside the channels",
                    Set.of("images and vectors, as in DL4J"));
        }
        if (input.channels() != layer.getNOut()) {
            throw new GeometryException(layer.getNOut() + " channels are needed, got " + input.channels());
        }
    }
}
