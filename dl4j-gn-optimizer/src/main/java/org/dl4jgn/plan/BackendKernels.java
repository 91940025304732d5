package org.dl4jgn.plan;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.ops.IndexMap;
import org.dl4jgn.ops.OneHotRows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The operations of {@link org.dl4jgn.ops} as ND4J's own, which run where the arrays are: on any backend, without a copy to
 * the host, and with the same numbers in the same places at each run.
 *
 * <p>Everything is a gather with indices that are known when the plan is compiled, sums included: an element gathers what is
 * to be added to it, and adds it up. (ND4J's scatter adds in whatever order, or locks.) What comes from nowhere is gathered
 * from a column of zeros that is put beside the examples first. Memory: the examples once more where there is such a column;
 * for a sum, as much as the largest number of summands of an element takes for all. Both are shared between calls.
 */
final class BackendKernels implements Kernels {

    private final KernelArrays arrays;
    private final Map<IndexMap, INDArray> sources = new IdentityHashMap<>();
    private final Map<IndexMap, Sum> sums = new IdentityHashMap<>();
    private final Map<IndexMap, Sum> windowSums = new IdentityHashMap<>();

    /**
     * Where the summands of each of n elements are, [n·room]: element i has those from i·room on.
     *
     * @param room the largest number of summands
     * @param padded whether some indices point one behind the last summand, to a zero
     */
    private record Sum(INDArray indices, int room, boolean padded) {}

    BackendKernels(Buffers buffers) {
        arrays = new KernelArrays(buffers);
    }

    @Override
    public void pick(Program program, IndexMap map, INDArray x, INDArray y) {
        long examples = x.length() / map.inputLength();
        gather(
                program,
                examples,
                map.hasNone() ? beside(program, examples, x, 0) : Operand.reshaped(x, examples, map.inputLength()),
                sources.computeIfAbsent(map, m -> indices(m.sources(), m.inputLength())),
                y);
    }

    @Override
    public void scatter(Program program, IndexMap map, INDArray y, INDArray x) {
        long examples = x.length() / map.inputLength();
        Sum sum = sums.computeIfAbsent(map, m -> sum(m, 1));
        INDArray summands = sum.room == 1 ? x : arrays.room("summands", x.dataType(), x.length() * sum.room);
        gather(program, examples, summandsOf(program, examples, y, sum, 0), sum.indices, summands);
        add(program, sum, summands, x);
    }

    @Override
    public void take(Program program, IndexMap windows, INDArray x, INDArray indices, INDArray y) {
        long examples = x.length() / windows.inputLength();
        // gather knows of one list of indices: those of all examples within the whole array
        INDArray whole = arrays.room("place", DataType.LONG, examples, y.length() / examples);
        program.call(
                "cast",
                new Operand[] {Operand.reshaped(indices, whole.shape())},
                Arguments.integers(DataType.LONG.toInt()),
                whole);
        program.call(
                "add",
                Operand.all(whole, arrays.multiples(windows.inputLength(), DataType.LONG, examples, 1)),
                Arguments.NONE,
                whole);
        program.call(
                "gather",
                new Operand[] {Operand.reshaped(x, x.length()), Operand.reshaped(whole, whole.length())},
                Arguments.integers(0),
                Views.reshape(y, y.length()));
    }

    /** x[i] gathers from all windows in which i occurs what is theirs, and adds up that of windows whose index is i. */
    @Override
    public void put(Program program, IndexMap windows, INDArray y, INDArray indices, INDArray x) {
        long examples = x.length() / windows.inputLength();
        Sum sum = windowSums.computeIfAbsent(windows, w -> sum(w, (int) (w.outputLength() * examples / y.length())));
        long[] shape = {examples, windows.inputLength(), sum.room};
        INDArray summands = arrays.room("summands", x.dataType(), shape);
        INDArray chosen = arrays.room("chosen", DataType.INT, shape);
        INDArray here = arrays.room("here", DataType.BOOL, shape);
        INDArray factors = arrays.room("factors", x.dataType(), shape);
        gather(program, examples, summandsOf(program, examples, indices, sum, IndexMap.NONE), sum.indices, chosen);
        gather(program, examples, summandsOf(program, examples, y, sum, 0), sum.indices, summands);
        INDArray own = arrays.multiples(1, DataType.INT, 1, shape[1], 1);
        program.call("equals", Operand.all(chosen, own), Arguments.NONE, here);
        program.call("cast", Operand.all(here), Arguments.integers(x.dataType().toInt()), factors);
        INDArray products = sum.room == 1 ? Views.reshape(x, shape) : summands;
        program.call("multiply", Operand.all(summands, factors), Arguments.NONE, products);
        add(program, sum, products, x);
    }

    @Override
    public void windowMaximum(Program program, IndexMap windows, INDArray x, INDArray y, INDArray indices) {
        long examples = x.length() / windows.inputLength();
        long count = y.length() / examples;
        long size = windows.outputLength() / count;
        INDArray table = sources.computeIfAbsent(windows, w -> indices(w.sources(), w.inputLength()));
        INDArray elements = arrays.room("summands", x.dataType(), examples, count, size);
        gather(
                program,
                examples,
                windows.hasNone()
                        ? beside(program, examples, x, Double.NEGATIVE_INFINITY)
                        : Operand.reshaped(x, examples, windows.inputLength()),
                table,
                elements);
        program.call("reduce_max", Operand.all(elements), Arguments.integers(2), Views.reshape(y, examples, count));
        INDArray place = arrays.room("place", DataType.LONG, examples, count);
        program.call("argmax", Operand.all(elements), Arguments.integers(2), place);
        INDArray first = arrays.multiples(size, DataType.LONG, 1, count);
        program.call("add", Operand.all(place, first), Arguments.NONE, place);
        program.call(
                "gather",
                Operand.all(table, Views.reshape(place, place.length())),
                Arguments.integers(0),
                Views.reshape(indices, indices.length()));
    }

    /**
     * Rows by ND4J's one-hot; then their product with 0, 1, 2, ... must be the indices again. Of the largest deviation, one
     * number, the host is told.
     */
    @Override
    public void oneHotRows(Program program, INDArray indices, INDArray rows) {
        long classes = rows.size(1);
        DataType type = rows.dataType();
        INDArray integers = arrays.room("class", DataType.INT, rows.size(0));
        INDArray again = arrays.room("class again", type, rows.size(0), 1);
        INDArray deviation = arrays.room("deviation", type);
        INDArray ramp = arrays.multiples(1, type, classes, 1);
        Operand given = Operand.reshaped(indices, rows.size(0));
        program.call("cast", new Operand[] {given}, Arguments.integers(DataType.INT.toInt()), integers);
        program.call(
                "onehot",
                Operand.all(integers),
                new Arguments(new long[] {-1, classes}, new double[] {1, 0}, new boolean[0]),
                rows);
        program.matmul(rows, false, ramp, false, again);
        program.call(
                "subtract",
                new Operand[] {Operand.reshaped(indices, rows.size(0), 1), Operand.of(again)},
                Arguments.NONE,
                again);
        program.call("reduce_norm_max", Operand.all(again), Arguments.NONE, deviation);
        program.action("gn_check_indices", () -> {
            if (deviation.getDouble(0) != 0) {
                throw refusal(given.view(), classes);
            }
        });
    }

    private static IllegalArgumentException refusal(INDArray indices, long classes) {
        for (double index : indices.toDoubleVector()) {
            if (index != Math.rint(index) || index < 0 || index >= classes) {
                return OneHotRows.refusal(index, classes);
            }
        }
        throw new IllegalStateException("Class indices " + Arrays.toString(indices.shape())
                + " were not reproduced by their rows of " + classes + ", though all are valid");
    }

    @Override
    public void recurrence(Program program, RecurrenceArrays on) {
        new RecurrenceCalls(program, arrays).forward(on);
    }

    @Override
    public void recurrentTangent(Program program, LoopArrays on) {
        new RecurrenceCalls(program, arrays).tangent(on);
    }

    @Override
    public void recurrentCotangent(Program program, LoopArrays on) {
        new RecurrenceCalls(program, arrays).cotangent(on);
    }

    @Override
    public void peepholeProduct(Program program, INDArray peepholes, INDArray before, INDArray cells, INDArray out) {
        new RecurrenceCalls(program, arrays).peepholeProduct(peepholes, before, cells, out);
    }

    @Override
    public void peepholeSums(Program program, INDArray q, INDArray before, INDArray cells, INDArray out) {
        new RecurrenceCalls(program, arrays).peepholeSums(q, before, cells, out);
    }

    // ---- gather and add -------------------------------------------------------------------------------------------

    /** {@code out}, [examples, indices], holds of each example of {@code from} the elements at {@code indices}. */
    private static void gather(Program program, long examples, Operand from, INDArray indices, INDArray out) {
        program.call(
                "gather",
                new Operand[] {from, Operand.of(indices)},
                Arguments.integers(1),
                Views.reshape(out, examples, indices.length()));
    }

    /** Sums over the last of [n, room], if that is more than one. */
    private static void add(Program program, Sum sum, INDArray summands, INDArray x) {
        if (sum.room > 1) {
            program.call(
                    "reduce_sum",
                    Operand.all(Views.reshape(summands, x.length(), sum.room)),
                    Arguments.integers(1),
                    Views.reshape(x, x.length()));
        }
    }

    private Operand summandsOf(Program program, long examples, INDArray y, Sum sum, double none) {
        return sum.padded ? beside(program, examples, y, none) : Operand.reshaped(y, examples, y.length() / examples);
    }

    /** The examples as rows, with {@code value} behind the last element of each. */
    private Operand beside(Program program, long examples, INDArray x, double value) {
        long length = x.length() / examples;
        INDArray wider = arrays.room("beside", x.dataType(), examples, length + 1);
        INDArray column = arrays.filled(value, x.dataType(), examples, 1);
        program.call(
                "concat",
                new Operand[] {Operand.reshaped(x, examples, length), Operand.of(column)},
                Arguments.integers(1),
                wider);
        return Operand.of(wider);
    }

    private Sum sum(IndexMap map, int size) {
        int[][] groups = map.groupsOfSources(size);
        int room = groups[0].length;
        int[] flat = Arrays.stream(groups).flatMapToInt(Arrays::stream).toArray();
        boolean padded = Arrays.stream(flat).anyMatch(i -> i == IndexMap.NONE);
        return new Sum(indices(flat, map.outputLength() / size), room, padded);
    }

    /** The indices on the backend, with {@code behind} for none. */
    private INDArray indices(int[] values, long behind) {
        int[] found = Arrays.stream(values)
                .map(i -> i == IndexMap.NONE ? Math.toIntExact(behind) : i)
                .toArray();
        return arrays.integers(found);
    }
}
