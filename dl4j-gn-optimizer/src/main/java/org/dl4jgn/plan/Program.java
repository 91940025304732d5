package org.dl4jgn.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dl4jgn.linalg.HostMemory;
import org.dl4jgn.linalg.HostVectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.Op;

/**
 * A sequence of prepared native calls on fixed arrays.
 *
 * <p>Arrays are bound when an instruction is added, stay their owner's, and must stay alive as long as the program. Running
 * a program allocates nothing. Not safe for use by several threads at once.
 *
 * <p>The calls themselves hold native memory: whoever makes a program closes it, before the arrays. A part of a program
 * ({@link #only}) shares the calls and does not own them: closing it does nothing, and it cannot run any more once the
 * whole is closed.
 */
public final class Program implements AutoCloseable {

    private static final long[] NO_INTEGERS = {};
    private static final double[] NO_REALS = {};

    private final List<Instruction> recorded = new ArrayList<>();
    private final boolean ownsInstructions;
    private Instruction @Nullable [] compiled;

    /** An empty program. */
    public Program() {
        this(true);
    }

    private Program(boolean ownsInstructions) {
        this.ownsInstructions = ownsInstructions;
    }

    /**
     * Runs all instructions in the order in which they were added.
     *
     * @throws IllegalStateException if the program, or the whole that it is a part of, was closed
     */
    public void run() {
        Instruction[] instructions = compiled;
        if (instructions == null) {
            instructions = recorded.toArray(Instruction[]::new);
            compiled = instructions;
        }
        for (Instruction instruction : instructions) {
            instruction.run();
        }
    }

    /** Number of instructions. */
    public int size() {
        return recorded.size();
    }

    /** Names of the operations, in order. */
    public List<String> opNames() {
        return recorded.stream().map(Instruction::opName).toList();
    }

    /**
     * The instructions with the given operation alone, in order: the same prepared calls, for measurements. They remain
     * this program's.
     */
    public Program only(String opName) {
        Program part = new Program(false);
        recorded.stream().filter(i -> i.opName().equals(opName)).forEach(part::append);
        return part;
    }

    /** Frees the calls; arrays are their owner's. Closing again, or closing a part of a program, does nothing. */
    @Override
    public void close() {
        if (ownsInstructions) {
            recorded.forEach(Instruction::close);
        }
    }

    /**
     * Reads {@code to} wherever {@code from} was read until now. Both arrays must have the same shape, type and
     * strides; the caller makes sure of it.
     */
    public void rebind(INDArray from, INDArray to) {
        for (Instruction instruction : recorded) {
            instruction.rebind(from, to);
        }
    }

    /** {@code out = op(a)}. */
    public Program apply(String op, INDArray a, INDArray out, double... reals) {
        return call(op, new INDArray[] {a}, new INDArray[] {out}, NO_INTEGERS, reals);
    }

    /** {@code out = a ∘ b}, element by element; {@code out} may be {@code a} or {@code b}. */
    public Program multiply(INDArray a, INDArray b, INDArray out) {
        return call("multiply", new INDArray[] {a, b}, new INDArray[] {out}, NO_INTEGERS, NO_REALS);
    }

    /** {@code out = a + b}, element by element. */
    public Program add(INDArray a, INDArray b, INDArray out) {
        return call("add", new INDArray[] {a, b}, new INDArray[] {out}, NO_INTEGERS, NO_REALS);
    }

    /** {@code out = a − b}, element by element. */
    public Program subtract(INDArray a, INDArray b, INDArray out) {
        return call("subtract", new INDArray[] {a, b}, new INDArray[] {out}, NO_INTEGERS, NO_REALS);
    }

    /** {@code out = a / b}, element by element. */
    public Program divide(INDArray a, INDArray b, INDArray out) {
        return call("divide", new INDArray[] {a, b}, new INDArray[] {out}, NO_INTEGERS, NO_REALS);
    }

    /** {@code out = max(a, b)}, element by element. */
    public Program maximum(INDArray a, INDArray b, INDArray out) {
        return call("maximum", new INDArray[] {a, b}, new INDArray[] {out}, NO_INTEGERS, NO_REALS);
    }

    /**
     * {@code out = f(in)} in Java, some rows at a time: dense arrays of float32 or float64, all of one type and with as many rows.
     *
     * @throws IllegalStateException if the backend's memory cannot be addressed, see {@link HostMemory#isAddressable}
     */
    public Program rows(String name, INDArray[] in, INDArray[] out, RowFunction f) {
        if (!HostMemory.isAddressable()) {
            throw new IllegalStateException("Rows of '" + name + "' cannot be worked on in Java: the arrays of this"
                    + " backend are not in the host's memory. Write it with ND4J's operations where"
                    + " HostMemory.isAddressable() is false");
        }
        return append(RowKernel.of(name, List.of(in), List.of(out), f));
    }

    /** {@code out = Σ a} along one dimension, which {@code out} lacks. */
    public Program sum(INDArray a, int dimension, INDArray out) {
        return call("reduce_sum", new INDArray[] {a}, new INDArray[] {out}, new long[] {dimension}, NO_REALS);
    }

    /** {@code out = op(a)·op(b)} for matrices, where {@code op} transposes on demand. */
    public Program matmul(INDArray a, boolean transposeA, INDArray b, boolean transposeB, INDArray out) {
        long[] transposes = {transposeA ? 1 : 0, transposeB ? 1 : 0, 0};
        return call("matmul", new INDArray[] {a, b}, new INDArray[] {out}, transposes, NO_REALS);
    }

    /** {@code out = α·op(a)·op(b) + β·out} for matrices; with β = 0 whatever {@code out} held. */
    public Program matmul(
            INDArray a, boolean transposeA, INDArray b, boolean transposeB, INDArray out, double alpha, double beta) {
        long[] transposes = {transposeA ? 1 : 0, transposeB ? 1 : 0, 0};
        return call("matmul", new INDArray[] {a, b}, new INDArray[] {out}, transposes, new double[] {alpha, beta});
    }

    /** {@code out = 0}, of a dense array: 1 µs for 3 to 5 by {@code zeros_as} (5,000 elements, float). */
    public Program clear(INDArray out) {
        return action("zeros_as", () -> HostVectors.clear(out));
    }

    /** {@code out = from}, whatever the order of the two in memory. */
    public Program copy(INDArray from, INDArray out) {
        return call("assign", new INDArray[] {out, from}, new INDArray[] {out}, NO_INTEGERS, NO_REALS);
    }

    /**
     * {@code out = aᵀ}, both row by row: 1.6 ms where {@link #copy} between the two orders takes 5.0 (784 × 800, float).
     */
    public Program transpose(INDArray a, INDArray out) {
        return Transposition.isFor(out)
                ? append(Transposition.of(a, out))
                : call(Transposition.NAME, new INDArray[] {a}, new INDArray[] {out}, new long[] {1, 0}, NO_REALS);
    }

    /** {@code out} = as many columns of the matrix {@code a} as it has, from {@code first} on. */
    public Program columns(INDArray a, long first, INDArray out) {
        return call(
                "slice",
                new INDArray[] {a},
                new INDArray[] {out},
                new long[] {0, first, a.size(0), out.size(1)},
                NO_REALS);
    }

    /** {@code out = a} in the type of {@code out}, both row by row; a quarter of the time of {@link #copy}. */
    public Program convert(INDArray a, INDArray out) {
        return call(
                "cast",
                new INDArray[] {a},
                new INDArray[] {out},
                new long[] {out.dataType().toInt()},
                NO_REALS);
    }

    /**
     * {@code out = [a b]}, side by side. Also the fast way to write {@code a} into the first columns of a matrix: 33 µs
     * where {@link #copy} into such a view takes 780 (160 × 640 of 1280, float).
     */
    public Program concat(INDArray a, INDArray b, INDArray out) {
        return concat(List.of(a, b), out);
    }

    /** {@code out = [a₀ a₁ ...]}, side by side. */
    public Program concat(List<INDArray> arrays, INDArray out) {
        return call("concat", arrays.toArray(INDArray[]::new), new INDArray[] {out}, new long[] {1}, NO_REALS);
    }

    /** Any registered operation of ND4J with its arrays, integer and floating-point arguments. */
    public Program call(String op, INDArray[] in, INDArray[] out, long[] integers, double[] reals) {
        return call(op, in, out, integers, reals, new boolean[0]);
    }

    Program call(String op, INDArray[] in, INDArray[] out, long[] integers, double[] reals, boolean[] flags) {
        return call(op, Operand.all(in), new Arguments(integers, reals, flags), out);
    }

    Program call(String op, Operand[] in, Arguments arguments, INDArray... out) {
        return append(instruction(op, in, arguments, out));
    }

    /** The call, which belongs to nobody yet. */
    static Instruction instruction(String op, Operand[] in, Arguments arguments, INDArray... out) {
        Optional<Instruction> product = op.equals(ProductCall.NAME)
                ? SymmetricProduct.of(in, arguments, out[0]).or(() -> ProductCall.of(in, arguments, out[0]))
                : Optional.empty();
        return product.orElseGet(() -> new PreparedCall(op, in, out, arguments));
    }

    /** Whatever {@code action} does to fixed arrays. */
    public Program action(String name, Runnable action) {
        return append(new ActionCall(name, action));
    }

    /** An element-wise operation that ND4J offers only in its older form, with its arrays already set. */
    public Program legacy(Op op) {
        return append(new LegacyCall(op));
    }

    Program append(Instruction instruction) {
        recorded.add(instruction);
        compiled = null;
        return this;
    }

    /** The instructions, in order. */
    List<Instruction> instructions() {
        return List.copyOf(recorded);
    }
}
