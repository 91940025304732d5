package org.dl4jgn.plan;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.StridedProducts;
import org.dl4jgn.ops.IndexMap;
import org.dl4jgn.ops.OneHotRows;
import org.dl4jgn.ops.Pick;
import org.dl4jgn.ops.Put;
import org.dl4jgn.ops.Scatter;
import org.dl4jgn.ops.Take;
import org.dl4jgn.ops.WindowMaximum;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The operations of {@link org.dl4jgn.ops} as loops over an example in Java arrays, on memory of the host. */
final class HostKernels implements Kernels {

    /** Elements up to which a loop is faster than a call that copies or a loop that the compiler makes vectors of. */
    private static final int SHORT = 16;

    private static final int UNROLLED = 8;

    /** Elements from which the compiler's own vectors are faster than a loop unrolled by hand. */
    private static final int LONG = 64;

    /** Runs of the maps met so far, which several operations share. */
    private final Map<IndexMap, int[]> runs = new IdentityHashMap<>();

    /** What is faster as ND4J's own operations. */
    private final KernelArrays arrays;

    HostKernels(Buffers buffers) {
        arrays = new KernelArrays(buffers);
    }

    private int[] runsOf(IndexMap map) {
        return runs.computeIfAbsent(map, IndexMap::runs);
    }

    @Override
    public void pick(Program program, IndexMap map, INDArray x, INDArray y) {
        int[] steps = runsOf(map);
        program.append(new ExampleKernel(
                Pick.NAME,
                x.length() / map.inputLength(),
                List.of(x),
                List.of(y),
                x.dataType() == DataType.FLOAT
                        ? (in, out) -> copy((float[]) in[0], (float[]) out[0], steps)
                        : (in, out) -> copy((double[]) in[0], (double[]) out[0], steps)));
    }

    @Override
    public void scatter(Program program, IndexMap map, INDArray y, INDArray x) {
        int[] steps = runsOf(map);
        program.append(new ExampleKernel(
                Scatter.NAME,
                x.length() / map.inputLength(),
                List.of(y),
                List.of(x),
                x.dataType() == DataType.FLOAT
                        ? (in, out) -> add((float[]) in[0], (float[]) out[0], steps)
                        : (in, out) -> add((double[]) in[0], (double[]) out[0], steps)));
    }

    @Override
    public void take(Program program, IndexMap windows, INDArray x, INDArray indices, INDArray y) {
        program.append(new ExampleKernel(
                Take.NAME,
                x.length() / windows.inputLength(),
                List.of(x, indices),
                List.of(y),
                x.dataType() == DataType.FLOAT
                        ? (in, out) -> take((float[]) in[0], (int[]) in[1], (float[]) out[0])
                        : (in, out) -> take((double[]) in[0], (int[]) in[1], (double[]) out[0])));
    }

    @Override
    public void put(Program program, IndexMap windows, INDArray y, INDArray indices, INDArray x) {
        program.append(new ExampleKernel(
                Put.NAME,
                x.length() / windows.inputLength(),
                List.of(y, indices),
                List.of(x),
                x.dataType() == DataType.FLOAT
                        ? (in, out) -> put((float[]) in[0], (int[]) in[1], (float[]) out[0])
                        : (in, out) -> put((double[]) in[0], (int[]) in[1], (double[]) out[0])));
    }

    @Override
    public void windowMaximum(Program program, IndexMap windows, INDArray x, INDArray y, INDArray indices) {
        long examples = x.length() / windows.inputLength();
        int[] sources = windows.sources();
        program.append(new ExampleKernel(
                WindowMaximum.NAME,
                examples,
                List.of(x),
                List.of(y, indices),
                x.dataType() == DataType.FLOAT
                        ? (in, out) -> maximum((float[]) in[0], sources, (float[]) out[0], (int[]) out[1])
                        : (in, out) -> maximum((double[]) in[0], sources, (double[]) out[0], (int[]) out[1])));
    }

    @Override
    public void oneHotRows(Program program, INDArray indices, INDArray rows) {
        program.append(new ExampleKernel(
                OneHotRows.NAME,
                rows.size(0),
                List.of(indices),
                List.of(rows),
                rows.dataType() == DataType.FLOAT
                        ? (in, out) -> oneHot(((float[]) in[0])[0], (float[]) out[0])
                        : (in, out) -> oneHot(((double[]) in[0])[0], (double[]) out[0])));
    }

    @Override
    public void sigmoid(Program program, INDArray x, INDArray y) {
        cells(program, "sigmoid", x, y, DoubleCells::sigmoid);
    }

    @Override
    public void tanh(Program program, INDArray x, INDArray y) {
        cells(program, "tanh", x, y, DoubleCells::tanh);
    }

    /** In Java in float64; ND4J is fast in float32. */
    private static void cells(Program program, String name, INDArray x, INDArray y, BiConsumer<double[], double[]> f) {
        if (x.dataType() == DataType.DOUBLE) {
            program.append(new ExampleKernel(
                    name,
                    RowKernel.pieces(x.length(), 1),
                    List.of(x),
                    List.of(y),
                    (in, out) -> f.accept((double[]) in[0], (double[]) out[0])));
        } else {
            program.apply(name, x, y);
        }
    }

    /** Loops of recurrent layers exist in float32 alone. */
    private static boolean isLoop(INDArray array) {
        return array.dataType() == DataType.FLOAT && StridedProducts.isAvailable();
    }

    private INDArray products(long batch, long columns) {
        return arrays.room("products of a step", DataType.FLOAT, batch, columns);
    }

    @Override
    public void recurrence(Program program, RecurrenceArrays on) {
        if (isLoop(on.q())) {
            program.append(new HostRecurrence(on, products(on.batch(), on.q().size(1))));
            return;
        }
        new RecurrenceCalls(program, arrays).forward(on);
    }

    @Override
    public void recurrentTangent(Program program, LoopArrays on) {
        if (isLoop(on.in())) {
            program.append(
                    new HostRecurrentTangent(on, products(on.batch(), on.in().size(1))));
            return;
        }
        new RecurrenceCalls(program, arrays).tangent(on);
    }

    @Override
    public void recurrentCotangent(Program program, LoopArrays on) {
        if (isLoop(on.in())) {
            program.append(new HostRecurrentCotangent(on, products(on.batch(), on.units())));
            return;
        }
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

    private static void oneHot(double index, float[] row) {
        Arrays.fill(row, 0);
        row[checked(index, row.length)] = 1;
    }

    private static void oneHot(double index, double[] row) {
        Arrays.fill(row, 0);
        row[checked(index, row.length)] = 1;
    }

    private static int checked(double index, int classes) {
        if (index != Math.rint(index) || index < 0 || index >= classes) {
            throw OneHotRows.refusal(index, classes);
        }
        return (int) index;
    }

    private static void copy(float[] x, float[] y, int[] runs) {
        for (int i = 0; i < runs.length; i += 3) {
            int at = runs[i];
            int from = runs[i + 1];
            int length = runs[i + 2];
            if (from == IndexMap.NONE) {
                Arrays.fill(y, at, at + length, 0);
            } else if (length < SHORT) {
                for (int j = 0; j < length; j++) {
                    y[at + j] = x[from + j];
                }
            } else {
                System.arraycopy(x, from, y, at, length);
            }
        }
    }

    private static void copy(double[] x, double[] y, int[] runs) {
        for (int i = 0; i < runs.length; i += 3) {
            int at = runs[i];
            int from = runs[i + 1];
            int length = runs[i + 2];
            if (from == IndexMap.NONE) {
                Arrays.fill(y, at, at + length, 0);
            } else if (length < SHORT) {
                for (int j = 0; j < length; j++) {
                    y[at + j] = x[from + j];
                }
            } else {
                System.arraycopy(x, from, y, at, length);
            }
        }
    }

    private static void add(float[] y, float[] x, int[] runs) {
        Arrays.fill(x, 0);
        for (int i = 0; i < runs.length; i += 3) {
            if (runs[i + 1] != IndexMap.NONE) {
                add(y, runs[i], x, runs[i + 1], runs[i + 2]);
            }
        }
    }

    private static void add(float[] y, int from, float[] x, int to, int length) {
        int i = 0;
        if (length < LONG) {
            for (int end = length - UNROLLED; i <= end; i += UNROLLED) {
                x[to + i] += y[from + i];
                x[to + i + 1] += y[from + i + 1];
                x[to + i + 2] += y[from + i + 2];
                x[to + i + 3] += y[from + i + 3];
                x[to + i + 4] += y[from + i + 4];
                x[to + i + 5] += y[from + i + 5];
                x[to + i + 6] += y[from + i + 6];
                x[to + i + 7] += y[from + i + 7];
            }
        }
        for (; i < length; i++) {
            x[to + i] += y[from + i];
        }
    }

    private static void add(double[] y, double[] x, int[] runs) {
        Arrays.fill(x, 0);
        for (int i = 0; i < runs.length; i += 3) {
            if (runs[i + 1] != IndexMap.NONE) {
                add(y, runs[i], x, runs[i + 1], runs[i + 2]);
            }
        }
    }

    private static void add(double[] y, int from, double[] x, int to, int length) {
        int i = 0;
        if (length < LONG) {
            for (int end = length - UNROLLED; i <= end; i += UNROLLED) {
                x[to + i] += y[from + i];
                x[to + i + 1] += y[from + i + 1];
                x[to + i + 2] += y[from + i + 2];
                x[to + i + 3] += y[from + i + 3];
                x[to + i + 4] += y[from + i + 4];
                x[to + i + 5] += y[from + i + 5];
                x[to + i + 6] += y[from + i + 6];
                x[to + i + 7] += y[from + i + 7];
            }
        }
        for (; i < length; i++) {
            x[to + i] += y[from + i];
        }
    }

    private static void take(float[] x, int[] indices, float[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = x[indices[i]];
        }
    }

    private static void take(double[] x, int[] indices, double[] y) {
        for (int i = 0; i < y.length; i++) {
            y[i] = x[indices[i]];
        }
    }

    private static void put(float[] y, int[] indices, float[] x) {
        Arrays.fill(x, 0);
        for (int i = 0; i < y.length; i++) {
            x[indices[i]] += y[i];
        }
    }

    private static void put(double[] y, int[] indices, double[] x) {
        Arrays.fill(x, 0);
        for (int i = 0; i < y.length; i++) {
            x[indices[i]] += y[i];
        }
    }

    /**
     * Without branches, which could not be predicted: element and place are one number, of which the larger is kept. The
     * bits of a float, as an integer, are in the order of floats once those of negative ones are turned around.
     */
    private static void maximum(float[] x, int[] windows, float[] y, int[] indices) {
        int size = windows.length / y.length;
        for (int i = 0, first = 0; i < y.length; i++, first += size) {
            long largest = Long.MIN_VALUE;
            for (int w = 0; w < size; w++) {
                int source = windows[first + w];
                if (source != IndexMap.NONE) {
                    int bits = Float.floatToRawIntBits(x[source]);
                    long key = bits ^ (bits >> 31 & Integer.MAX_VALUE);
                    largest = Math.max(largest, key << 32 | size - w);
                }
            }
            int best = windows[first + size - (int) largest];
            y[i] = x[best];
            indices[i] = best;
        }
    }

    private static void maximum(double[] x, int[] windows, double[] y, int[] indices) {
        int size = windows.length / y.length;
        for (int i = 0, w = 0; i < y.length; i++) {
            int best = IndexMap.NONE;
            double largest = Double.NEGATIVE_INFINITY;
            for (int end = w + size; w < end; w++) {
                int source = windows[w];
                if (source != IndexMap.NONE && (best == IndexMap.NONE || x[source] > largest)) {
                    best = source;
                    largest = x[source];
                }
            }
            y[i] = largest;
            indices[i] = best;
        }
    }
}
