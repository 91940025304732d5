package org.dl4jgn.autodiff;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * Reverse rules in the place of SameDiff's own where those are wrong: its running sums are transposed to themselves whatever
 * their direction, and its cross product has the sign of the other factor.
 */
final class ReverseRules {

    /** The cotangents of an operation's inputs, of the first ones at least. */
    private interface Rule {
        List<SDVariable> apply(SameDiff graph, DynamicCustomOp op, SDVariable u);
    }

    private static final Map<String, Rule> RULES =
            Map.of("cumsum", ReverseRules::runningSum, "cross", ReverseRules::cross);

    private ReverseRules() {}

    /** The cotangents of {@code op}'s inputs for that of its first output. */
    static List<SDVariable> apply(SameDiff graph, DifferentialFunction op, SDVariable u) {
        Rule rule = RULES.get(op.opName());
        return rule == null ? op.doDiff(List.of(u)) : rule.apply(graph, (DynamicCustomOp) op, u);
    }

    /** Sums from the other end. */
    private static List<SDVariable> runningSum(SameDiff graph, DynamicCustomOp op, SDVariable u) {
        long[] arguments = op.iArgs();
        int[] axes = Arrays.stream(arguments).skip(2).mapToInt(Math::toIntExact).toArray();
        return List.of(graph.cumsum(u, arguments[0] != 0, arguments[1] == 0, axes));
    }

    /** ⟨u, a × b⟩ = ⟨b × u, a⟩ = ⟨u × a, b⟩. */
    private static List<SDVariable> cross(SameDiff graph, DynamicCustomOp op, SDVariable u) {
        return List.of(graph.math().cross(op.arg(1), u), graph.math().cross(u, op.arg(0)));
    }
}
