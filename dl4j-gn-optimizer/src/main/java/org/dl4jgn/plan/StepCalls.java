package org.dl4jgn.plan;

import org.dl4jgn.ops.CellFunction;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Writes what recurrent loops do at a step, as ND4J's own operations, and has the room for it. */
final class StepCalls {

    /** The slope in ND4J's hard sigmoid, a float32 number in every type. */
    private static final double FIFTH = 0.2f;

    private final Program program;
    private final KernelArrays arrays;
    private final DataType type;
    private final long batch;
    private final long units;

    StepCalls(Program program, KernelArrays arrays, DataType type, long batch, long units) {
        this.program = program;
        this.arrays = arrays;
        this.type = type;
        this.batch = batch;
        this.units = units;
    }

    /** Room for {@code blocks} numbers for each unit and example: [b, n·blocks]. */
    INDArray room(String name, int blocks) {
        return arrays.room("recurrence " + name, type, batch, units * blocks);
    }

    /** The rows of step {@code t}, [b, columns], of an array whose rows are the steps of the examples. */
    INDArray at(long t, INDArray rows) {
        return Views.reshape(rows, batch, rows.size(0) / batch, rows.size(1))
                .get(NDArrayIndex.all(), NDArrayIndex.point(t), NDArrayIndex.all());
    }

    /** Block {@code i}, [b, n], of [b, n·blocks]. */
    INDArray block(int i, INDArray of) {
        INDArrayIndex columns = NDArrayIndex.interval(i * units, (i + 1) * units);
        return of.get(NDArrayIndex.all(), columns);
    }

    /** One of the peepholes, [1, n]. */
    INDArray peephole(int i, INDArray of) {
        INDArray row = arrays.room("peephole " + i, type, 1, units);
        program.copy(
                Views.reshape(of.get(NDArrayIndex.all(), NDArrayIndex.point(i)), units), Views.reshape(row, units));
        return row;
    }

    /** {@code array ← from}, or zero for null. */
    void start(@Nullable INDArray from, INDArray array) {
        if (from == null) {
            program.apply("zeros_as", array, array);
        } else {
            program.copy(from, array);
        }
    }

    /** {@code out ← out + a ∘ b}. */
    void addProduct(INDArray a, INDArray b, INDArray out) {
        INDArray product = room("product", 1);
        program.multiply(a, b, product).add(out, product, out);
    }

    /** {@code y ← f(x)}. */
    void function(CellFunction f, INDArray x, INDArray y) {
        switch (f) {
            case IDENTITY -> program.copy(x, y);
            case TANH -> program.apply("tanh", x, y);
            case SIGMOID -> program.apply("sigmoid", x, y);
            case RELU -> program.apply("relu", x, y, 0.0);
            case HARD_TANH -> clipped(x, -1, y);
            case HARD_SIGMOID -> {
                program.multiply(x, constant(FIFTH), y).add(y, constant(0.5), y);
                clipped(y, 0, y);
            }
            case SOFTSIGN -> program.apply("softsign", x, y);
        }
    }

    private void clipped(INDArray x, double low, INDArray y) {
        program.maximum(x, constant(low), y)
                .call("minimum", new INDArray[] {y, constant(1)}, new INDArray[] {y}, new long[0], new double[0]);
    }

    /** {@code d ← f′}, of y = f(x). */
    void derivative(CellFunction f, INDArray y, INDArray d) {
        switch (f) {
            case IDENTITY -> program.apply("ones_as", y, d);
            case TANH -> program.multiply(y, y, d).subtract(constant(1), d, d);
            case SIGMOID -> program.subtract(constant(1), y, d).multiply(d, y, d);
            case RELU -> larger(y, constant(0), d);
            case HARD_TANH -> between(-1, y, 1, d);
            case HARD_SIGMOID -> between(0, y, FIFTH, d);
            case SOFTSIGN ->
                program.legacy(new Abs(y, d)).subtract(constant(1), d, d).multiply(d, d, d);
        }
    }

    /** {@code d ← slope·[low < y < 1]}. */
    private void between(double low, INDArray y, double slope, INDArray d) {
        INDArray under = room("under", 1);
        larger(y, constant(low), d);
        larger(constant(1), y, under);
        program.multiply(d, under, d).multiply(d, constant(slope), d);
    }

    private void larger(INDArray a, INDArray b, INDArray out) {
        INDArray flags = arrays.room("larger", DataType.BOOL, batch, units);
        program.call("greater", new INDArray[] {a, b}, new INDArray[] {flags}, new long[0], new double[0])
                .call("cast", new INDArray[] {flags}, new INDArray[] {out}, new long[] {type.toInt()}, new double[0]);
    }

    private INDArray constant(double value) {
        return arrays.filled(value, type, 1, 1);
    }
}
