package org.dl4jgn.autodiff;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/** Tangent rules of normalizations and of activations that take several arrays. */
final class NormTangents {

    private NormTangents() {}

    /** The rules, by the operations' names. */
    static Map<String, TangentRule> rules() {
        Map<String, Compositions.Composition> written = Map.of(
                "batchnorm", (graph, op, in) -> List.of(batchNorm(graph, op, in)),
                "clipbynorm", (graph, op, in) -> List.of(clipByNorm(graph, op, in.get(0))),
                "crelu", (graph, op, in) -> List.of(concatenatedRelu(graph, in.get(0))),
                "layer_norm", (graph, op, in) -> List.of(layerNorm(graph, op, in)),
                "lrn", (graph, op, in) -> List.of(localResponse(graph, op, in.get(0))),
                "moments", NormTangents::moments,
                "prelu", (graph, op, in) -> List.of(parametricRelu(graph, in.get(0), in.get(1))),
                "relu_layer",
                        (graph, op, in) ->
                                List.of(graph.nn().relu(graph.nn().linear(in.get(0), in.get(1), in.get(2)), 0)),
                "standardize", (graph, op, in) -> List.of(standardized(graph, in.get(0), dimensions(op))));
        Map<String, TangentRule> rules = new HashMap<>();
        written.forEach((name, composition) -> rules.put(name, Compositions.rule(composition)));
        return rules;
    }

    private static int[] dimensions(DynamicCustomOp op) {
        return Arrays.stream(op.iArgs()).mapToInt(Math::toIntExact).toArray();
    }

    /** (x − mean)/σ, with the standard deviation of all there are. */
    private static SDVariable standardized(SameDiff graph, SDVariable x, int... dimensions) {
        SDVariable centred = x.sub(graph.mean(x, true, dimensions));
        return centred.div(graph.math().sqrt(graph.mean(centred.mul(centred), true, dimensions)));
    }

    /** Standardized, times gain, plus bias. */
    private static SDVariable layerNorm(SameDiff graph, DynamicCustomOp op, List<SDVariable> in) {
        boolean channelsFirst = op.bArgs().length > 0 && op.bArgs()[0];
        SDVariable x = in.get(0);
        SDVariable gain = Compositions.alongChannels(graph, x, in.get(1), channelsFirst);
        SDVariable scaled = standardized(graph, x, dimensions(op)).mul(gain);
        return in.size() < 3 ? scaled : graph.nn().biasAdd(scaled, in.get(2), channelsFirst);
    }

    /** γ(x − μ)/√(σ² + ε) + β, with μ and σ² given. */
    private static SDVariable batchNorm(SameDiff graph, DynamicCustomOp op, List<SDVariable> in) {
        long[] arguments = op.iArgs();
        boolean isFirst = arguments.length > 2 && arguments[2] == 1;
        if (arguments.length > 3) {
            throw new UnsupportedOperationException("batchnorm '" + op.getOwnName() + "' is along "
                    + (arguments.length - 2) + " axes; it has a tangent rule along one");
        }
        SDVariable x = in.get(0);
        SDVariable scale = graph.math().rsqrt(in.get(2).add(op.tArgs()[0]));
        int next = 3;
        if (arguments[0] != 0) {
            scale = scale.mul(in.get(next));
            next++;
        }
        SDVariable centred = graph.nn().biasAdd(x, in.get(1).neg(), isFirst);
        SDVariable y = centred.mul(Compositions.alongChannels(graph, x, scale, isFirst));
        return arguments[1] != 0 ? graph.nn().biasAdd(y, in.get(next), isFirst) : y;
    }

    /** x c / max(c, ‖x‖). */
    private static SDVariable clipByNorm(SameDiff graph, DynamicCustomOp op, SDVariable x) {
        double bound = op.tArgs()[0];
        SDVariable norm = graph.math().sqrt(graph.sum(x.mul(x), true, dimensions(op)));
        return x.mul(graph.math().max(norm, graph.zerosLike(norm).add(bound)).rdiv(bound));
    }

    /** max(x, 0) + α min(x, 0). */
    private static SDVariable parametricRelu(SameDiff graph, SDVariable x, SDVariable alpha) {
        SDVariable positive = graph.math().step(x, 0.0);
        return x.mul(positive).add(x.mul(positive.rsub(1.0)).mul(alpha));
    }

    private static SDVariable concatenatedRelu(SameDiff graph, SDVariable x) {
        return graph.concat(-1, graph.nn().relu(x, 0), graph.nn().relu(x.neg(), 0));
    }

    /** x / (bias + α Σ x²)^β, the sum over neighbours among the last axis. */
    private static SDVariable localResponse(SameDiff graph, DynamicCustomOp op, SDVariable x) {
        double[] reals = op.tArgs();
        int depth = (int) op.iArgs()[0];
        SDVariable square = x.mul(x);
        SDVariable padded = graph.nn()
                .pad(
                        square,
                        graph.constant(org.nd4j.linalg.factory.Nd4j.createFromArray(
                                new int[][] {{0, 0}, {0, 0}, {0, 0}, {depth, depth}})),
                        0.0);
        SDVariable sum = square;
        for (int shift = 0; shift <= 2 * depth; shift++) {
            if (shift != depth) {
                int whole = 0b0111;
                int toTheEnd = shift == 2 * depth ? 0b1111 : whole;
                sum = sum.add(graph.stridedSlice(
                        padded,
                        new long[] {0, 0, 0, shift},
                        new long[] {0, 0, 0, shift - 2L * depth},
                        new long[] {1, 1, 1, 1},
                        whole,
                        toTheEnd,
                        0,
                        0,
                        0));
            }
        }
        return x.div(graph.math().pow(sum.mul(reals[1]).add(reals[0]), reals[2]));
    }

    /** Mean and variance. */
    private static List<SDVariable> moments(SameDiff graph, DynamicCustomOp op, List<SDVariable> in) {
        boolean keeps = op.bArgs().length > 0 && op.bArgs()[0];
        int[] dimensions = dimensions(op);
        SDVariable centred = in.get(0).sub(graph.mean(in.get(0), true, dimensions));
        return List.of(graph.mean(in.get(0), keeps, dimensions), graph.mean(centred.mul(centred), keeps, dimensions));
    }
}
