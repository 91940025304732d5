package org.dl4jgn.plan;

import org.dl4jgn.linalg.StridedProducts;
import org.dl4jgn.ops.RecurrentCell;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loop over the steps of sequences in float32, on memory of the host: a product with the recurrent weights for all examples
 * at each step, and the rest in Java arrays, example after example, in the processor's cache.
 *
 * <p>LSTM(64), 50 steps, 32 examples: a plan of ND4J's operations makes some 1,200 calls of a forward pass, this is one.
 */
abstract class HostLoop extends Instruction {

    private final String name;

    final RecurrentCell cell;
    final int units;
    final int width;
    final int steps;
    final int batch;

    /** What the product of the step before gave: [b, columns]. */
    final INDArray fromBefore;

    /** Cells, or their tangents, of all examples. */
    final float[] cells;

    final float @Nullable [][] peepholes;

    private final @Nullable HostArray peepholeMemory;
    private final HostArray product;
    private final float[] all;

    /** @param fromBefore room for [b, columns] */
    HostLoop(
            String name,
            RecurrentCell cell,
            long steps,
            long batch,
            long units,
            @Nullable INDArray peepholes,
            INDArray fromBefore) {
        this.name = name;
        this.cell = cell;
        this.steps = Math.toIntExact(steps);
        this.batch = Math.toIntExact(batch);
        this.units = Math.toIntExact(units);
        width = this.units * cell.blocks();
        this.fromBefore = fromBefore;
        cells = new float[cell.gated() ? this.batch * this.units : 0];
        peepholeMemory = peepholes == null ? null : new HostArray(peepholes);
        this.peepholes = peepholes == null ? null : new float[3][this.units];
        product = new HostArray(fromBefore);
        all = new float[3 * this.units];
    }

    /** Products of a step's rows in {@code rows}, [b·T, n], with weights. */
    final StridedProducts products(INDArray rows, INDArray weights, boolean transposed) {
        return new StridedProducts(rows, steps * rows.size(1), weights, transposed, fromBefore);
    }

    /** Adds the product's row of an example to {@code z}; {@code scratch} is as long. */
    final void addProduct(int example, float[] z, float[] scratch) {
        product.read((long) example * z.length, scratch, z.length);
        for (int i = 0; i < z.length; i++) {
            z[i] += scratch[i];
        }
    }

    /** The row of an example at a step. */
    final long row(int example, int step) {
        return (long) example * steps + step;
    }

    final void readPeepholes() {
        if (peepholes != null && peepholeMemory != null) {
            peepholeMemory.read(0, all, all.length);
            for (int i = 0; i < all.length; i++) {
                peepholes[i % 3][i / 3] = all[i];
            }
        }
    }

    /** {@code z[from + i] += x[at + i]·p[i]}. */
    static void addProducts(float[] x, int at, float[] p, float[] z, int from) {
        for (int i = 0; i < p.length; i++) {
            z[from + i] += x[at + i] * p[i];
        }
    }

    @Override
    void rebind(INDArray from, INDArray to) {
        // what recurrent layers read is computed, never a batch's own array
    }

    @Override
    String opName() {
        return name;
    }
}
