package org.dl4jgn.plan;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dl4jgn.ops.OneHotRows;
import org.dl4jgn.ops.Pick;
import org.dl4jgn.ops.Put;
import org.dl4jgn.ops.Rows;
import org.dl4jgn.ops.Scatter;
import org.dl4jgn.ops.Take;
import org.dl4jgn.ops.WindowMaximum;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.BaseReduceOp;
import org.nd4j.linalg.api.ops.BaseTransformOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarAdd;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMultiplication;
import org.nd4j.linalg.api.ops.impl.summarystats.Variance;

/**
 * The lowering rule of each SameDiff operation that has one of its own.
 *
 * <p>The rules matter for the backward operations that SameDiff writes for the tangent graph: each of those computes
 * the gradient for all its inputs, where a transposed product needs one. An operation without a rule runs as it is,
 * which is correct and slower.
 */
final class LoweringRules {

    /** Registered element-wise operations on one array; outputs may take the place of inputs. */
    private static final Set<String> ELEMENTWISE =
            Set.of("cube", "hardtanh", "softplus", "softsign", "selu", "elu", "thresholdedrelu", "square");

    /** Reductions that exist in both forms, with the name of the registered one, which takes the dimensions as arguments. */
    private static final Map<String, String> REDUCTIONS = Map.of(
            "reduce_sum", "reduce_sum",
            "reduce_mean", "reduce_mean",
            "reduce_norm1", "reduce_norm1",
            "reduce_norm2", "reduce_norm2",
            "reduce_sqnorm", "reduce_sqnorm",
            "reduce_normmax", "reduce_norm_max",
            "reduce_max", "reduce_max",
            "reduce_min", "reduce_min",
            "reduce_prod", "reduce_prod");

    private static final Map<String, LoweringRule> RULES = new HashMap<>();

    static {
        RULES.put("identity", op -> op.define(0, op.input(0)));
        RULES.put("ones_as", op -> op.defineOnes(0, op.input(0).shape, op.input(0).type));
        RULES.put("relu", LoweringRules::relu);
        RULES.put("sigmoid", LoweringRules::sigmoid);
        RULES.put("tanh", op -> op.emitElementwise((to, in, out) -> to.kernels().tanh(to.program(), in[0], out[0])));
        RULES.put("matmul", LoweringRules::matmul);
        RULES.put("matmul_bp", LoweringRules::matmulBp);
        RULES.put("biasadd", op -> op.emitUnchanged(true));
        RULES.put("biasadd_bp", LoweringRules::biasAddBp);
        RULES.put("multiply", LoweringRules::multiply);
        RULES.put("multiply_bp", LoweringRules::multiplyBp);
        RULES.put("zeroslike", LoweringRules::zeros);
        RULES.put("shape_of", Lowering::emitShape);
        RULES.put("reshape", LoweringRules::reshape);
        RULES.put("slice", LoweringRules::slice);
        RULES.put("add", LoweringRules::add);
        RULES.put("subtract", op -> op.emitUnchanged(op.sameShapes()));
        RULES.put("add_bp", LoweringRules::addBp);
        RULES.put("var", op -> variance(op, "reduce_variance"));
        RULES.put("std", op -> variance(op, "reduce_stdev"));
        REDUCTIONS.forEach((older, registered) -> RULES.put(older, op -> reduce(op, registered)));
        RULES.put(Pick.NAME, LoweringRules::pick);
        RULES.put(Scatter.NAME, LoweringRules::scatter);
        RULES.put(Take.NAME, LoweringRules::take);
        RULES.put(Put.NAME, LoweringRules::put);
        RULES.put(Rows.NAME, LoweringRules::rows);
        RULES.put("concat_bp", LoweringRules::concatBp);
        RULES.put(OneHotRows.NAME, LoweringRules::oneHotRows);
        RULES.put(WindowMaximum.NAME, LoweringRules::windowMaximum);
        RULES.putAll(RecurrenceRules.all());
        for (String name : ELEMENTWISE) {
            RULES.put(name, LoweringRules::elementwise);
        }
    }

    private LoweringRules() {}

    static LoweringRule of(String opName) {
        return RULES.getOrDefault(opName, op -> op.emitUnchanged(false));
    }

    private static void elementwise(Lowering op) {
        if (op.op instanceof BaseTransformOp) {
            // the same function exists as a registered operation, which takes a prepared context
            op.emit(0, op.op.opName(), op.input(0).shape, List.of(op.input(0)), true);
        } else {
            op.emitUnchanged(true);
        }
    }

    private static void relu(Lowering op) {
        op.emit(0, "relu", op.input(0).shape, List.of(op.input(0)), new double[] {op.scalar()}, true);
    }

    /**
     * In float, σ(x) = ½ + ½ tanh(x/2): 13 µs where ND4J's sigmoid takes 45 (1000 × 20, one thread). The absolute error
     * is the same, 9e-8; the relative error of values near 0 is not, so an output layer asks for the exact operation.
     */
    private static void sigmoid(Lowering op) {
        Value x = op.input(0);
        if (x.type == DataType.FLOAT && !op.exact) {
            Value half = op.emitScalar(x, ScalarMultiplication::new, 0.5);
            Value tanh = op.emitIntermediate("tanh", half);
            Value scaled = op.emitScalar(tanh, ScalarMultiplication::new, 0.5);
            op.define(0, op.emitScalar(scaled, ScalarAdd::new, 0.5));
        } else {
            op.emitElementwise((to, in, out) -> to.kernels().sigmoid(to.program(), in[0], out[0]));
        }
    }

    private static boolean transposes(Lowering op) {
        return Arrays.stream(((DynamicCustomOp) op.op).iArgs()).anyMatch(argument -> argument != 0)
                || !isOfMatrices(op);
    }

    private static boolean isOfMatrices(Lowering op) {
        return op.input(0).shape.length == 2 && op.input(1).shape.length == 2;
    }

    /** Whether C = op(A)·op(B), without factors and not transposed. */
    private static boolean isProduct(DynamicCustomOp op) {
        long[] transposes = op.iArgs();
        double[] factors = op.tArgs();
        return (transposes.length < 3 || transposes[2] == 0)
                && (factors.length < 1 || factors[0] == 1)
                && (factors.length < 2 || factors[1] == 0);
    }

    private static void matmul(Lowering op) {
        DynamicCustomOp product = (DynamicCustomOp) op.op;
        if (isOfMatrices(op) && isProduct(product)) {
            op.defineMatmul(0, op.input(0), isSet(product, 0), op.input(1), isSet(product, 1));
        } else {
            op.emitUnchanged(false);
        }
    }

    private static boolean isSet(DynamicCustomOp op, int flag) {
        return op.iArgs().length > flag && op.iArgs()[flag] != 0;
    }

    /** For C = A·B: ∂A = ∂C·Bᵀ and ∂B = Aᵀ·∂C. */
    private static void matmulBp(Lowering op) {
        if (transposes(op)) {
            op.emitUnchanged(false);
            return;
        }
        Value a = op.input(0);
        Value b = op.input(1);
        Value gradient = op.input(2);
        if (op.wants(0)) {
            op.defineMatmul(0, gradient, false, b, true);
        }
        if (op.wants(1)) {
            op.defineMatmul(1, a, true, gradient, false);
        }
    }

    private static void biasAddBp(Lowering op) {
        if (op.input(2).shape.length != 2) {
            op.emitUnchanged(false);
            return;
        }
        if (op.wants(0)) {
            op.define(0, op.input(2));
        }
        if (op.wants(1)) {
            op.defineColumnSums(1, op.input(2));
        }
    }

    /** SameDiff's transpose of reshape asks for the shape that there was: no array has to be kept for that. */
    private static void reshape(Lowering op) {
        long[] shape = op.inputs() == 2 ? op.input(1).known : null;
        if (shape == null) {
            op.emitUnchanged(false);
        } else {
            op.emitReshaped(shape);
        }
    }

    private static void slice(Lowering op) {
        long[] from = op.inputs() == 3 ? op.input(1).known : null;
        long[] shape = op.inputs() == 3 ? op.input(2).known : null;
        if (from == null || shape == null || Arrays.stream(shape).anyMatch(size -> size <= 0)) {
            op.emitUnchanged(false);
        } else {
            op.emitSlice(from, shape);
        }
    }

    private static void zeros(Lowering op) {
        op.emitZeros();
    }

    /** Zeros are added where a tangent has to be repeated; where it has its shape already there is nothing to do. */
    private static void add(Lowering op) {
        if (op.sameShapes() && op.input(0).zeros) {
            op.define(0, op.input(1));
        } else {
            op.emitUnchanged(op.sameShapes());
        }
    }

    private static void multiply(Lowering op) {
        if (op.sameShapes()) {
            op.defineProduct(0, op.input(0), op.input(1));
        } else {
            op.emitUnchanged(false);
        }
    }

    private static void multiplyBp(Lowering op) {
        if (!op.wants(1) && Arrays.equals(op.input(0).shape, op.input(2).shape)) {
            // the other factor is repeated along the way
            op.emit(0, "multiply", op.input(2).shape, List.of(op.input(2), op.input(1)), op.sameShapes());
            return;
        }
        if (!op.sameShapes()) {
            op.emitUnchanged(false);
            return;
        }
        if (op.wants(0)) {
            op.defineProduct(0, op.input(2), op.input(1));
        }
        if (op.wants(1)) {
            op.defineProduct(1, op.input(2), op.input(0));
        }
    }

    private static void reduce(Lowering op, String registered) {
        if (!(op.op instanceof BaseReduceOp reduction)) {
            op.emitUnchanged(false);
            return;
        }
        int[] dimensions = reduction.getDimensions();
        boolean all = dimensions.length == 1 && dimensions[0] == Integer.MAX_VALUE;
        long[] integers =
                all ? new long[0] : Arrays.stream(dimensions).asLongStream().toArray();
        op.emitRegistered(registered, integers, new double[0], new boolean[] {reduction.isKeepDims()}, false);
    }

    /** Variance and its root, by the registered operation of another name. */
    private static void variance(Lowering op, String registered) {
        Variance variance = (Variance) op.op;
        int[] dimensions = variance.getDimensions();
        boolean all = dimensions == null || dimensions.length == 1 && dimensions[0] == Integer.MAX_VALUE;
        long[] integers =
                all ? new long[0] : Arrays.stream(dimensions).asLongStream().toArray();
        boolean[] flags = {variance.isKeepDims(), variance.isBiasCorrected()};
        op.emitRegistered(registered, integers, new double[0], flags, false);
    }

    private static void pick(Lowering op) {
        Pick pick = (Pick) op.op;
        op.emit(
                pick.shape(),
                List.of(op.input(0).type),
                (to, in, out) -> to.kernels().pick(to.program(), pick.map(), in[0], out[0]));
    }

    private static void scatter(Lowering op) {
        Scatter scatter = (Scatter) op.op;
        op.emit(
                scatter.shape(),
                List.of(op.input(0).type),
                (to, in, out) -> to.kernels().scatter(to.program(), scatter.map(), in[0], out[0]));
    }

    private static void take(Lowering op) {
        Take take = (Take) op.op;
        op.emit(
                take.shape(),
                List.of(op.input(0).type),
                (to, in, out) -> to.kernels().take(to.program(), take.windows(), in[0], in[1], out[0]));
    }

    private static void put(Lowering op) {
        Put put = (Put) op.op;
        op.emit(
                put.shape(),
                List.of(op.input(0).type),
                (to, in, out) -> to.kernels().put(to.program(), put.windows(), in[0], in[1], out[0]));
    }

    private static void rows(Lowering op) {
        Rows rows = (Rows) op.op;
        op.defineSlice(0, op.input(0), rows.shape(), 0, rows.first());
    }

    /** Each gradient is a part of the whole's; what was concatenated is not read. */
    private static void concatBp(Lowering op) {
        Value gradient = op.input(op.inputs() - 1);
        int rank = gradient.shape.length;
        int dimension = Math.floorMod((int) ((DynamicCustomOp) op.op).iArgs()[0], rank);
        long from = 0;
        for (int i = 0; i < op.inputs() - 1; i++) {
            long[] shape = op.input(i).shape;
            if (op.wants(i)) {
                op.defineSlice(i, gradient, shape, dimension, from);
            }
            from += shape[dimension];
        }
    }

    private static void oneHotRows(Lowering op) {
        long[] shape = ((OneHotRows) op.op).shape();
        op.emit(
                shape,
                List.of(op.input(0).type),
                (to, in, out) -> to.kernels().oneHotRows(to.program(), in[0], out[0]));
    }

    private static void windowMaximum(Lowering op) {
        WindowMaximum maximum = (WindowMaximum) op.op;
        op.emit(
                maximum.shape(),
                List.of(op.input(0).type, DataType.INT),
                (to, in, out) -> to.kernels().windowMaximum(to.program(), maximum.windows(), in[0], out[0], out[1]));
    }

    /**
     * Of a sum of a matrix and a row, as of one of equal shapes, the cotangents are that of the sum and its column sums: a
     * {@code biasadd_bp}. SameDiff's own operation takes both summands, which are computed for it alone.
     */
    private static void addBp(Lowering op) {
        Value u = op.input(2);
        for (int i = 0; i < 2; i++) {
            if (op.wants(i) && !isOfShape(op.input(i), u) && !isRowOf(op.input(i), u)) {
                op.emitUnchanged(false);
                return;
            }
        }
        for (int i = 0; i < 2; i++) {
            if (op.wants(i) && isOfShape(op.input(i), u)) {
                op.define(i, u);
            } else if (op.wants(i)) {
                op.defineColumnSums(i, u);
            }
        }
    }

    private static boolean isOfShape(Value a, Value b) {
        return Arrays.equals(a.shape, b.shape);
    }

    private static boolean isRowOf(Value row, Value matrix) {
        return matrix.shape.length == 2 && row.shape.length == 1 && row.shape[0] == matrix.shape[1];
    }
}
