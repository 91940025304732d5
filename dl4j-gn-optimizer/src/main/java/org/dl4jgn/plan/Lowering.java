package org.dl4jgn.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.api.ops.impl.shape.Reshape;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;

/**
 * What a {@link LoweringRule} sees of the operation it lowers, and what it may do with it.
 *
 * <p>A rule reads the operation's inputs, and for each wanted output either defines it as a value that exists already
 * (an alias: no work, no memory) or emits a node.
 */
final class Lowering {

    /** Kinds of ND4J's older operations that compute each element from the one at its place, in the same type. */
    private static final Set<Op.Type> ELEMENTWISE =
            Set.of(Op.Type.SCALAR, Op.Type.TRANSFORM_SAME, Op.Type.TRANSFORM_FLOAT, Op.Type.TRANSFORM_STRICT);

    final DifferentialFunction op;

    /** Whether faster substitutes with a larger relative error are out of question. */
    final boolean exact;

    private final List<Value> inputs;
    private final List<String> outputs;
    private final Set<String> wanted;
    private final Map<String, Value> values;
    private final List<Node> nodes;

    Lowering(
            DifferentialFunction op,
            boolean exact,
            List<Value> inputs,
            List<String> outputs,
            Set<String> wanted,
            Map<String, Value> values,
            List<Node> nodes) {
        this.op = op;
        this.exact = exact;
        this.inputs = inputs;
        this.outputs = outputs;
        this.wanted = wanted;
        this.values = values;
        this.nodes = nodes;
    }

    Value input(int i) {
        return inputs.get(i);
    }

    boolean wants(int output) {
        return output < outputs.size() && wanted.contains(outputs.get(output));
    }

    boolean sameShapes() {
        return inputs.stream().allMatch(v -> Arrays.equals(v.shape, inputs.get(0).shape));
    }

    /** Output {@code i} is {@code value}, unless it was given from outside, as one of several outputs can be. */
    void define(int i, Value value) {
        values.putIfAbsent(outputs.get(i), value);
    }

    /** Output {@code i} is a tensor of ones. */
    void defineOnes(int i, long[] shape, DataType type) {
        define(i, new Value(outputs.get(i), shape, type, Stage.FORWARD, true));
    }

    /** Output {@code i} is {@code a ∘ b}, or one of them where the other is all ones. */
    void defineProduct(int i, Value a, Value b) {
        if (a.ones) {
            define(i, b);
        } else if (b.ones) {
            define(i, a);
        } else {
            emit(i, "multiply", a.shape, List.of(a, b), true);
        }
    }

    /** Output {@code i} is the matrix product of {@code a} and {@code b}, each transposed on demand. */
    void defineMatmul(int i, Value a, boolean transposeA, Value b, boolean transposeB) {
        long[] shape = {a.shape[transposeA ? 1 : 0], b.shape[transposeB ? 0 : 1]};
        Arguments transposes = Arguments.integers(transposeA ? 1 : 0, transposeB ? 1 : 0, 0);
        emit(i, shape, List.of(a, b), false, (to, in, out) -> to.multiply(in[0], a.stage, in[1], transposes, out[0]));
    }

    /**
     * Output {@code i} is the vector of column sums of the matrix {@code a}, taken as a product with a row of ones:
     * 6 µs where the reduction takes 12 (1000 × 20, float). Of a tall and thin matrix, several rows are first taken as
     * one: 576,000 × 6 in 2.8 ms in place of 4.5 (float, two threads).
     */
    void defineColumnSums(int i, Value a) {
        long group = 1;
        while (a.shape[0] >= TALL && a.shape[0] % (2 * group) == 0 && 2 * group * a.shape[1] <= WIDE) {
            group *= 2;
        }
        long columns = group * a.shape[1];
        if (group == 1) {
            emitColumnSums(i, a, a.shape[0], columns, a.shape[1]);
        } else {
            Value wide = new Value(outputs.get(i), new long[] {columns}, a.type, a.stage, false);
            nodes.add(columnSums(a, a.shape[0] / group, columns, wide));
            emitColumnSums(i, wide, group, a.shape[1], a.shape[1]);
        }
    }

    private static final long TALL = 4096;
    private static final long WIDE = 512;

    private void emitColumnSums(int i, Value a, long rows, long columns, long length) {
        Value out = new Value(outputs.get(i), new long[] {length}, a.type, a.stage, false);
        nodes.add(columnSums(a, rows, columns, out));
        define(i, out);
    }

    /** The sums of {@code a} as a matrix of the given shape. */
    private static Node columnSums(Value a, long rows, long columns, Value sums) {
        Value ones = new Value("ones", new long[] {1, rows}, a.type, Stage.FORWARD, true);
        return new Node(
                List.of(ones, a),
                List.of(sums),
                false,
                (to, in, out) -> to.program()
                        .call(
                                "matmul",
                                new Operand[] {Operand.of(in[0]), Operand.reshaped(in[1], rows, columns)},
                                Arguments.integers(0, 0, 0),
                                Views.reshape(out[0], 1, columns)));
    }

    /** Output {@code i} is the part of {@code a} of this shape that begins at {@code from} in one dimension. */
    void defineSlice(int i, Value a, long[] shape, int dimension, long from) {
        int rank = shape.length;
        long[] arguments = new long[2 * rank];
        arguments[dimension] = from;
        System.arraycopy(shape, 0, arguments, rank, rank);
        emit(i, "slice", shape, List.of(a), Arguments.integers(arguments), false);
    }

    /** Output 0 is the part of input 0 of this shape that begins there. */
    void emitSlice(long[] from, long[] shape) {
        long[] arguments = Arrays.copyOf(from, 2 * shape.length);
        System.arraycopy(shape, 0, arguments, from.length, shape.length);
        emit(0, "slice", shape, List.of(input(0)), Arguments.integers(arguments), false);
    }

    /** Output 0 is zeros of the shape of input 0. */
    void emitZeros() {
        Value like = input(0);
        Value out = new Value(outputs.get(0), like.shape, like.type, like.stage, false);
        out.zeros = true;
        nodes.add(Node.call("zeroslike", List.of(like), List.of(out), Arguments.NONE, false));
        define(0, out);
    }

    /** Number of inputs. */
    int inputs() {
        return inputs.size();
    }

    /** Output {@code i} by an operation without arguments. */
    void emit(int i, String name, long[] shape, List<Value> in, boolean elementwise) {
        emit(i, name, shape, in, Arguments.NONE, elementwise);
    }

    /** Output {@code i} by an operation with floating-point arguments. */
    void emit(int i, String name, long[] shape, List<Value> in, double[] reals, boolean elementwise) {
        emit(i, name, shape, in, Arguments.reals(reals), elementwise);
    }

    private void emit(int i, String name, long[] shape, List<Value> in, Arguments arguments, boolean elementwise) {
        emit(i, shape, in, elementwise, Node.calling(name, arguments));
    }

    private void emit(int i, long[] shape, List<Value> in, boolean elementwise, Node.Writer writer) {
        Value out = new Value(outputs.get(i), shape, in.get(0).type, stageOf(in), false);
        nodes.add(new Node(in, List.of(out), elementwise, writer));
        define(i, out);
    }

    /** Output 0 from input 0, element by element. */
    void emitElementwise(Node.Writer writer) {
        emit(0, input(0).shape, List.of(input(0)), true, writer);
    }

    /** All outputs, of one shape, by instructions of this library. */
    void emit(long[] shape, List<DataType> types, Node.Writer writer) {
        emit(Collections.nCopies(types.size(), shape), types, writer);
    }

    /** All outputs by instructions of this library. */
    void emit(List<long[]> shapes, List<DataType> types, Node.Writer writer) {
        List<Value> out = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            out.add(new Value(outputs.get(i), shapes.get(i), types.get(i), stageOf(inputs), false));
            define(i, out.get(i));
        }
        nodes.add(new Node(inputs, out, false, writer));
    }

    /** An element-wise operation on the way to an output. */
    Value emitIntermediate(String name, Value in) {
        Value out = new Value(outputs.get(0), in.shape, in.type, in.stage, false);
        nodes.add(Node.call(name, List.of(in), List.of(out), Arguments.NONE, true));
        return out;
    }

    /** An operation with a scalar on the way to an output. */
    Value emitScalar(Value in, Supplier<? extends ScalarOp> op, double scalar) {
        Value out = new Value(outputs.get(0), in.shape, in.type, in.stage, false);
        nodes.add(Node.scalar(op, scalar, in, out));
        return out;
    }

    /** The operation as it stands, with all its inputs and outputs: what happens where no rule knows better. */
    void emitUnchanged(boolean elementwise) {
        if (op instanceof DynamicCustomOp custom) {
            emitRegistered(custom.iArgs(), custom.tArgs(), custom.bArgs(), elementwise);
        } else {
            emitLegacy();
        }
    }

    /** The registered operation of this one's name, with all its inputs and outputs and these arguments. */
    void emitRegistered(long[] integers, double[] reals, boolean[] flags, boolean elementwise) {
        emitRegistered(op.opName(), integers, reals, flags, elementwise);
    }

    /** A registered operation of another name that computes what this one does. */
    void emitRegistered(String name, long[] integers, double[] reals, boolean[] flags, boolean elementwise) {
        Arguments arguments = new Arguments(integers, reals, flags);
        List<LongShapeDescriptor> shapes = elementwise ? List.of() : new StandIns(inputs).shapes(name, arguments);
        List<Value> out = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            long[] shape = elementwise ? inputs.get(0).shape : shapes.get(i).getShape();
            DataType type = elementwise ? inputs.get(0).type : shapes.get(i).dataType();
            out.add(new Value(outputs.get(i), shape, type, stageOf(inputs), false));
            define(i, out.get(i));
        }
        boolean known = !inputs.isEmpty() && inputs.stream().allMatch(v -> v.known != null);
        if (known && out.size() == 1 && out.get(0).type.isIntType()) {
            out.get(0).known = new StandIns(inputs).computed(name, arguments, out.get(0));
        }
        nodes.add(Node.call(name, inputs, out, arguments, elementwise));
    }

    /** The shape of input 0, which is known before anything runs. */
    void emitShape() {
        emitUnchanged(false);
        Objects.requireNonNull(values.get(outputs.get(0))).known = input(0).shape;
    }

    /** Input 0 in the shape that input 1 holds, known by now. */
    void emitReshaped(long[] shape) {
        emit(0, "reshape", shape, List.of(input(0)), Arguments.integers(withOrder(shape)), false);
    }

    /** ND4J's name for row by row comes before the sizes. */
    private static long[] withOrder(long[] shape) {
        long[] arguments = new long[shape.length + 1];
        arguments[0] = Reshape.C_ORDER;
        System.arraycopy(shape, 0, arguments, 1, shape.length);
        return arguments;
    }

    /** An operation of ND4J's older form on one array, element by element; the other kinds have no rule. */
    private void emitLegacy() {
        if (inputs.size() != 1 || !ELEMENTWISE.contains(op.opType())) {
            throw new UnsupportedOperationException("Operation '" + op.opName() + "' (output '" + outputs.get(0)
                    + "', of type " + op.opType() + ") cannot be compiled: only registered operations and those on"
                    + " one array, element by element, can");
        }
        Value in = input(0);
        Value out = new Value(outputs.get(0), in.shape, in.type, in.stage, false);
        nodes.add(Node.legacy((Op) op, in, out));
        define(0, out);
    }

    /** The scalar of an operation such as {@code 1 − x}. */
    double scalar() {
        return ((ScalarOp) op).scalar().getDouble(0);
    }

    private static Stage stageOf(List<Value> in) {
        return in.stream().map(v -> v.stage).max(Comparator.naturalOrder()).orElse(Stage.FORWARD);
    }
}
