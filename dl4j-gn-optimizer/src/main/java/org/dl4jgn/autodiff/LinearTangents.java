package org.dl4jgn.autodiff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * Tangent rules of operations that are linear: in their first input, whose other inputs are shapes and indices; in all their
 * inputs together; or in each of their inputs, as products are. The tangent is the operation itself, on tangents.
 */
final class LinearTangents {

    /** ẏ = op(ẋ, indices ...). */
    private static final List<String> IN_THE_FIRST = List.of(
            "avgpool2d",
            "avgpool3dnew",
            "batch_to_space",
            "cumsum",
            "depth_to_space",
            "diag",
            "diag_part",
            "expand_dims",
            "gather",
            "gather_nd",
            "im2col",
            "permute",
            "reshape",
            "reverse",
            "reverse_sequence",
            "segment_mean",
            "segment_sum",
            "slice",
            "space_to_batch",
            "space_to_depth",
            "split",
            "squeeze",
            "strided_slice",
            "tile",
            "trace",
            "transpose",
            "triu",
            "unsorted_segment_mean",
            "unsorted_segment_sqrt_n",
            "unsorted_segment_sum",
            "upsampling2d");

    /** ẏ = op(ȧ, ḃ, ...). */
    private static final List<String> IN_ALL = List.of("matrix_set_diag", "mergeavg", "stack");

    /** ẏ = op(ȧ, b) + op(a, ḃ). */
    private static final List<String> IN_EACH = List.of("cross", "tensordot");

    /** The same with a bias behind them, in which they are affine. */
    private static final List<String> IN_TWO_BESIDE_A_BIAS =
            List.of("conv1d", "conv2d", "conv3dnew", "deconv2d", "deconv3d", "depthwise_conv2d", "xw_plus_b");

    private LinearTangents() {}

    /** The rules, by the operations' names. */
    static Map<String, TangentRule> rules() {
        Map<String, TangentRule> rules = new HashMap<>();
        IN_THE_FIRST.forEach(name -> rules.put(name, LinearTangents::inTheFirst));
        IN_ALL.forEach(name -> rules.put(name, LinearTangents::inAll));
        IN_EACH.forEach(name -> rules.put(name, LinearTangents::inEach));
        IN_TWO_BESIDE_A_BIAS.forEach(name -> rules.put(name, LinearTangents::besideABias));
        rules.put("pad", LinearTangents::pad);
        rules.put(
                "unstack",
                (graph, op, in, y, t) -> graph.unstack(
                                Tangents.present(t.get(0)),
                                (int) ((DynamicCustomOp) op).iArgs()[0],
                                op.outputVariables().length)[index(op, y)]);
        return rules;
    }

    /** Which of the operation's outputs it is. */
    static int index(DifferentialFunction op, SDVariable y) {
        SDVariable[] outputs = op.outputVariables();
        for (int i = 0; i < outputs.length; i++) {
            if (outputs[i].name().equals(y.name())) {
                return i;
            }
        }
        throw new IllegalArgumentException("'" + y.name() + "' is no output of operation '" + op.opName() + "'");
    }

    private static SDVariable inTheFirst(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        return with(graph, op, in, y, 0, Tangents.present(t.get(0)));
    }

    /**
     * The tangent of a constant is zero, whatever the constant. Reflections are refused: SameDiff's gradient, which would be
     * their transpose, takes them for constants.
     */
    private static SDVariable pad(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        if (((DynamicCustomOp) op).iArgs()[0] != 0) {
            throw new UnsupportedOperationException(
                    "pad '" + y.name() + "' is by reflection; only padding by a constant has a tangent rule");
        }
        return graph.nn().pad(Tangents.present(t.get(0)), in.get(1), 0.0);
    }

    private static SDVariable inAll(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        List<SDVariable> tangents = new ArrayList<>();
        for (int i = 0; i < in.size(); i++) {
            SDVariable tangent = t.get(i);
            tangents.add(tangent == null ? graph.zerosLike(in.get(i)) : tangent);
        }
        return OpCopies.apply(graph, op, tangents, index(op, y));
    }

    private static SDVariable inEach(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        @Nullable SDVariable sum = null;
        for (int i = 0; i < in.size(); i++) {
            SDVariable tangent = t.get(i);
            if (tangent != null) {
                sum = Tangents.sum(sum, with(graph, op, in, y, i, tangent));
            }
        }
        return Tangents.present(sum);
    }

    private static SDVariable besideABias(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, List<@Nullable SDVariable> t) {
        if (in.size() < 3) {
            return inEach(graph, op, in, y, t);
        }
        SDVariable bias = graph.zerosLike(in.get(2));
        SDVariable ofBias = t.get(2);
        @Nullable SDVariable sum = null;
        for (int i = 0; i < 2; i++) {
            SDVariable tangent = t.get(i);
            if (tangent != null) {
                List<SDVariable> inputs = new ArrayList<>(in);
                inputs.set(i, tangent);
                inputs.set(2, sum == null && ofBias != null ? ofBias : bias);
                sum = Tangents.sum(sum, OpCopies.apply(graph, op, inputs, index(op, y)));
            }
        }
        if (sum == null) {
            List<SDVariable> inputs = new ArrayList<>(in);
            inputs.set(0, graph.zerosLike(in.get(0)));
            inputs.set(2, Tangents.present(ofBias));
            sum = OpCopies.apply(graph, op, inputs, index(op, y));
        }
        return sum;
    }

    /** The operation with one input in the place of another. */
    private static SDVariable with(
            SameDiff graph, DifferentialFunction op, List<SDVariable> in, SDVariable y, int place, SDVariable input) {
        List<SDVariable> inputs = new ArrayList<>(in);
        inputs.set(place, input);
        return OpCopies.apply(graph, op, inputs, index(op, y));
    }
}
