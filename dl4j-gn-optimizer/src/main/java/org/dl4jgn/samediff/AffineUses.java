package org.dl4jgn.samediff;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;
import org.nd4j.linalg.api.ops.DynamicCustomOp;

/**
 * The dense layers of a graph, z = xW + b, found by their operations: where all of the trained variables are theirs, and nothing
 * mixes examples, rows of the Jacobian can be formed layer by layer as those of DL4J's networks are.
 */
final class AffineUses {

    /** Operations that compute each row of their output from that row of their input. */
    private static final Set<String> ROW_BY_ROW = Set.of(
            "abs",
            "add_scalar",
            "cos",
            "cosh",
            "cube",
            "div_scalar",
            "elu",
            "erf",
            "exp",
            "expm1",
            "gelu",
            "hard_sigmoid",
            "hardtanh",
            "identity",
            "leakyrelu",
            "log",
            "log1p",
            "logsigmoid",
            "mish",
            "mul_scalar",
            "neg",
            "pow",
            "precise_gelu",
            "rdiv_scalar",
            "relu",
            "relu6",
            "rsub_scalar",
            "selu",
            "sigmoid",
            "sin",
            "sinh",
            "softplus",
            "softsign",
            "sqrt",
            "square",
            "sub_scalar",
            "swish",
            "tan",
            "tanh");

    /** The same of two inputs, of which one may be a row that is repeated. */
    private static final Set<String> OF_ROWS =
            Set.of("add", "biasadd", "divide", "maximum", "minimum", "multiply", "subtract", "squaredsubtract");

    private final SameDiff graph;
    private final Set<String> trained;
    private final Set<String> fromData = new LinkedHashSet<>();
    private final Map<String, Integer> readers = new HashMap<>();
    private final List<Use> found = new ArrayList<>();
    private boolean isRowByRow = true;

    /** A dense layer, by the names of its variables; no bias is null. */
    record Use(String weight, @Nullable String bias, String input, String output) {}

    private AffineUses(SameDiff graph, Set<String> trained) {
        this.graph = graph;
        this.trained = trained;
    }

    /**
     * Searches.
     *
     * @param outputs names of the heads' z
     * @return the layers in the order of the graph; empty if there are other uses of what is trained, or examples are mixed
     */
    static List<Use> of(SameDiff graph, List<String> inputs, List<String> outputs, Set<String> trained) {
        AffineUses search = new AffineUses(graph, trained);
        search.fromData.addAll(inputs);
        Set<String> needed = GraphParameters.ancestors(graph, outputs);
        List<SameDiffOp> ops = graph.getOps().values().stream()
                .filter(op -> op.getOutputsOfOp().stream().anyMatch(needed::contains))
                .toList();
        ops.forEach(op -> op.getInputsToOp().forEach(in -> search.readers.merge(in, 1, Integer::sum)));
        ops.forEach(search::visit);
        Set<String> used = new HashSet<>();
        search.found.forEach(use -> {
            used.add(use.weight);
            if (use.bias != null) {
                used.add(use.bias);
            }
        });
        return search.isRowByRow && used.equals(trained) ? search.found : List.of();
    }

    private void visit(SameDiffOp op) {
        List<String> in = op.getInputsToOp();
        if (in.stream().noneMatch(fromData::contains)) {
            // of parameters and constants alone: whatever is trained there is found to be missing in the end
            return;
        }
        fromData.addAll(op.getOutputsOfOp());
        String name = op.getOp().opName();
        if (name.equals("matmul")) {
            visitProduct(op);
        } else if (OF_ROWS.contains(name)) {
            visitPair(op);
        } else if (!ROW_BY_ROW.contains(name)) {
            isRowByRow = false;
        }
    }

    private void visitProduct(SameDiffOp op) {
        String weight = op.getInputsToOp().get(1);
        boolean isPlain = true;
        for (long argument : ((DynamicCustomOp) op.getOp()).iArgs()) {
            isPlain &= argument == 0;
        }
        boolean isLayer = isPlain
                && !fromData.contains(weight)
                && graph.getVariable(weight).getVariableType() == VariableType.VARIABLE
                && graph.getVariable(weight).getArr().rank() == 2;
        if (!isLayer || readers.getOrDefault(weight, 0) != 1) {
            isRowByRow &= isPlain && !fromData.contains(weight) && !trained.contains(weight);
            return;
        }
        String product = op.getOutputsOfOp().get(0);
        SameDiffOp next = onlyReader(product);
        String bias = next == null
                ? null
                : biasOf(next, product, graph.getVariable(weight).getArr().size(1));
        found.add(new Use(
                weight,
                bias,
                op.getInputsToOp().get(0),
                bias == null || next == null ? product : next.getOutputsOfOp().get(0)));
    }

    private @Nullable SameDiffOp onlyReader(String name) {
        Variable variable = graph.getVariables().get(name);
        List<String> ops = variable == null ? null : variable.getInputsForOp();
        return ops != null && ops.size() == 1 && readers.getOrDefault(name, 0) == 1
                ? graph.getOps().get(ops.get(0))
                : null;
    }

    private @Nullable String biasOf(SameDiffOp op, String product, long outputs) {
        String name = op.getOp().opName();
        if (!name.equals("add") && !name.equals("biasadd")) {
            return null;
        }
        List<String> in = op.getInputsToOp();
        String other = in.get(in.get(0).equals(product) ? 1 : 0);
        boolean isBias = trained.contains(other)
                && readers.getOrDefault(other, 0) == 1
                && graph.getVariable(other).getArr().length() == outputs;
        return isBias ? other : null;
    }

    private void visitPair(SameDiffOp op) {
        for (String in : op.getInputsToOp()) {
            boolean isFixed = !fromData.contains(in);
            boolean isRow = isFixed
                    && graph.getVariable(in).getArr() != null
                    && (graph.getVariable(in).getArr().rank() < 2
                            || graph.getVariable(in).getArr().size(0) == 1);
            isRowByRow &= !isFixed || isRow;
        }
    }
}
