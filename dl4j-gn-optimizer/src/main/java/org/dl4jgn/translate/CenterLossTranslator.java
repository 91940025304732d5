package org.dl4jgn.translate;

import java.util.Set;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.params.CenterLossParamInitializer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/**
 * z and the distances to the centers side by side, [xW + b, x − yC], of the input x, the labels y and the centers C of the classes.
 *
 * <p>The centers are no part of the system that a step solves, as they are nothing that DL4J's updaters move: after a step each
 * goes by DL4J's own rule, c ← c − (α/b) Σ y (c − x)/(1 + Σ y), with the inputs as they are then.
 */
final class CenterLossTranslator implements LayerTranslator<CenterLossOutputLayer> {

    @Override
    public Activations translate(CenterLossOutputLayer layer, Activations input, GraphWriter writer) {
        writer.weightNoise(layer);
        input.requireVector(layer.getNIn(), writer);
        if (input.sequences().ofSteps()) {
            throw writer.unsupported("a center loss on the steps of sequences", Set.of("vectors"));
        }
        if (layer.getLossFn() instanceof LossSparseMCXENT) {
            throw writer.unsupported("a center loss with class indices for labels", Set.of("LossMCXENT"));
        }
        requireNumber("an alpha of ", layer.getAlpha(), writer);
        requireNumber("a lambda of ", layer.getLambda(), writer);
        SameDiff graph = writer.graph();
        SDVariable x = DropoutWriter.write(layer.getIDropout(), input, writer).variable();
        long n = layer.getNIn();
        long c = layer.getNOut();
        SDVariable z = AffineWriter.write(writer, x, n, c, true, 1);
        SDVariable centers = writer.part("", CenterLossParamInitializer.CENTER_KEY, ParameterLayout.same(c, n), c, n);
        writer.withoutRows();
        SDVariable y = writer.labels(input.batch(), c);
        if (input.isOutline()) {
            return input.with(z, c + n);
        }
        SDVariable away = x.sub(graph.mmul(y, centers));
        SDVariable toCenters = graph.mmul(y, away, true, false, false).mul(-layer.getAlpha() / input.batch());
        SDVariable counted =
                graph.mmul(y, graph.constant(Nd4j.ones(input.type(), input.batch(), n)), true, false, false);
        writer.statistic(
                centers.name(),
                RunningStatistic.Kind.REDUCED,
                0,
                layer.getGradientCheck() ? toCenters.mul(layer.getLambda()) : toCenters.div(counted.add(1.0)));
        return input.with(graph.concat(1, z, away), c + n);
    }

    private static void requireNumber(String what, double value, GraphWriter writer) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw writer.unsupported(what + value, Set.of("finite numbers from 0 on"));
        }
    }
}
