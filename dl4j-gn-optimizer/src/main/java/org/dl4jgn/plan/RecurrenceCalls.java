package org.dl4jgn.plan;

import org.dl4jgn.ops.CellFunction;
import org.dl4jgn.ops.RecurrentCell;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The loops of {@link org.dl4jgn.ops.Recurrence} and its tangent and cotangent, unrolled into ND4J's own operations. */
final class RecurrenceCalls {

    private final Program program;
    private final KernelArrays arrays;

    RecurrenceCalls(Program program, KernelArrays arrays) {
        this.program = program;
        this.arrays = arrays;
    }

    /** All steps of the layer. */
    void forward(RecurrenceArrays on) {
        Forward loop = new Forward(on);
        for (long t = 0; t < on.steps(); t++) {
            loop.step(t);
        }
    }

    private final class Forward {

        private final RecurrenceArrays on;
        private final RecurrentCell cell;
        private final StepCalls calls;
        private final INDArray h;
        private final INDArray z;
        private final INDArray factor;
        private final @Nullable INDArray[] peepholes = new INDArray[3];
        private @Nullable INDArray mask;

        Forward(RecurrenceArrays on) {
            this.on = on;
            cell = on.cell();
            calls = new StepCalls(program, arrays, on.q().dataType(), on.batch(), on.units());
            h = calls.room("h", 1);
            z = calls.room("z", cell.blocks());
            factor = calls.room("factor", 1);
            calls.start(on.firstOutput(), h);
            if (cell.gated()) {
                calls.start(on.firstCells(), calls.room("c", 1));
            }
            for (int i = 0; i < 3 && on.peepholes() != null; i++) {
                peepholes[i] = calls.peephole(i, on.peepholes());
            }
        }

        void step(long t) {
            mask = on.mask() == null ? null : calls.at(t, on.mask());
            program.matmul(h, false, on.weights(), false, z)
                    .add(z, calls.at(t, on.q()), z)
                    .copy(h, calls.at(t, on.out()[2]));
            if (cell.gated()) {
                gated(t);
            } else {
                calls.function(cell.activation(), z, h);
                masked(h);
                calls.derivative(cell.activation(), h, factor);
                writeFactor(0, t);
            }
            program.copy(h, calls.at(t, on.out()[0]));
        }

        private void gated(long t) {
            INDArray c = calls.room("c", 1);
            INDArray a = calls.room("a", 1);
            INDArray f = calls.room("f", 1);
            INDArray o = calls.room("o", 1);
            INDArray g = calls.room("g", 1);
            program.copy(c, calls.at(t, on.out()[4]));
            seen(c, 0, 1);
            seen(c, 2, 3);
            calls.function(cell.activation(), calls.block(0, z), a);
            calls.function(cell.gate(), calls.block(1, z), f);
            calls.function(cell.gate(), calls.block(3, z), g);
            write(cell.activation(), a, g, 0, t);
            write(cell.gate(), f, c, 1, t);
            write(cell.gate(), g, a, 3, t);
            program.copy(f, factor);
            writeFactor(4, t);
            program.multiply(c, f, c);
            calls.addProduct(a, g, c);
            seen(c, 1, 2);
            calls.function(cell.gate(), calls.block(2, z), o);
            calls.function(cell.activation(), c, a);
            write(cell.gate(), o, a, 2, t);
            write(cell.activation(), a, o, 5, t);
            program.multiply(o, a, h);
            masked(h);
            masked(c);
            program.copy(c, calls.at(t, on.out()[3]));
        }

        /** The block of z sees the cells through a peephole. */
        private void seen(INDArray c, int peephole, int block) {
            INDArray p = peepholes[peephole];
            if (p != null) {
                calls.addProduct(c, p, calls.block(block, z));
            }
        }

        private void write(CellFunction f, INDArray y, INDArray times, int i, long t) {
            calls.derivative(f, y, factor);
            program.multiply(factor, times, factor);
            writeFactor(i, t);
        }

        private void writeFactor(int i, long t) {
            masked(factor);
            program.copy(factor, calls.block(i, calls.at(t, on.out()[1])));
        }

        private void masked(INDArray array) {
            if (mask != null) {
                program.multiply(array, mask, array);
            }
        }
    }

    /** All steps of the tangent. */
    void tangent(LoopArrays on) {
        StepCalls calls = new StepCalls(program, arrays, on.in().dataType(), on.batch(), on.units());
        INDArray h = calls.room("h", 1);
        INDArray y = calls.room("z", on.cell().blocks());
        INDArray c = calls.room("c", 1);
        calls.start(null, h);
        calls.start(null, c);
        INDArray[] peepholes = peepholes(calls, on);
        for (long t = 0; t < on.steps(); t++) {
            INDArray factors = calls.at(t, on.factors());
            program.matmul(h, false, on.weights(), false, y).add(y, calls.at(t, on.in()), y);
            if (on.cell().gated()) {
                if (peepholes.length > 0) {
                    calls.addProduct(c, peepholes[0], calls.block(1, y));
                    calls.addProduct(c, peepholes[2], calls.block(3, y));
                }
                program.multiply(c, calls.block(4, factors), c);
                calls.addProduct(calls.block(0, y), calls.block(0, factors), c);
                calls.addProduct(calls.block(1, y), calls.block(1, factors), c);
                calls.addProduct(calls.block(3, y), calls.block(3, factors), c);
                if (peepholes.length > 0) {
                    calls.addProduct(c, peepholes[1], calls.block(2, y));
                }
                program.multiply(calls.block(2, y), calls.block(2, factors), h);
                calls.addProduct(c, calls.block(5, factors), h);
            } else {
                program.multiply(y, factors, h);
            }
            program.copy(h, calls.at(t, on.out()));
        }
    }

    /** All steps of the cotangent, the last first. */
    void cotangent(LoopArrays on) {
        StepCalls calls = new StepCalls(program, arrays, on.in().dataType(), on.batch(), on.units());
        INDArray h = calls.room("h", 1);
        INDArray q = calls.room("z", on.cell().blocks());
        INDArray c = calls.room("c", 1);
        calls.start(null, q);
        calls.start(null, c);
        INDArray[] peepholes = peepholes(calls, on);
        for (long t = on.steps() - 1; t >= 0; t--) {
            INDArray factors = calls.at(t, on.factors());
            program.matmul(q, false, on.weights(), true, h).add(h, calls.at(t, on.in()), h);
            if (on.cell().gated()) {
                program.multiply(h, calls.block(2, factors), calls.block(2, q));
                calls.addProduct(h, calls.block(5, factors), c);
                if (peepholes.length > 0) {
                    calls.addProduct(calls.block(2, q), peepholes[1], c);
                }
                for (int block : new int[] {0, 1, 3}) {
                    program.multiply(c, calls.block(block, factors), calls.block(block, q));
                }
                program.multiply(c, calls.block(4, factors), c);
                if (peepholes.length > 0) {
                    calls.addProduct(calls.block(1, q), peepholes[0], c);
                    calls.addProduct(calls.block(3, q), peepholes[2], c);
                }
            } else {
                program.multiply(h, factors, q);
            }
            program.copy(q, calls.at(t, on.out()));
        }
    }

    private static INDArray[] peepholes(StepCalls calls, LoopArrays on) {
        INDArray all = on.peepholes();
        return all == null
                ? new INDArray[0]
                : new INDArray[] {calls.peephole(0, all), calls.peephole(1, all), calls.peephole(2, all)};
    }

    /** [0, c₋ ∘ p₁, c ∘ p₂, c₋ ∘ p₃] for all steps. */
    void peepholeProduct(INDArray peepholes, INDArray before, INDArray cells, INDArray out) {
        StepCalls calls = new StepCalls(program, arrays, out.dataType(), out.size(0), cells.size(1));
        program.apply("zeros_as", out, out);
        program.multiply(before, calls.peephole(0, peepholes), calls.block(1, out))
                .multiply(cells, calls.peephole(1, peepholes), calls.block(2, out))
                .multiply(before, calls.peephole(2, peepholes), calls.block(3, out));
    }

    /** The transpose of {@link #peepholeProduct}. */
    void peepholeSums(INDArray q, INDArray before, INDArray cells, INDArray out) {
        StepCalls calls = new StepCalls(program, arrays, out.dataType(), q.size(0), cells.size(1));
        INDArray products = calls.room("products", 1);
        for (int i = 0; i < 3; i++) {
            INDArray sums = arrays.room("peephole sums", out.dataType(), out.size(0));
            program.multiply(calls.block(i + 1, q), i == 1 ? cells : before, products)
                    .sum(products, 0, sums)
                    .copy(sums, out.get(NDArrayIndex.all(), NDArrayIndex.point(i)));
        }
    }
}
