package org.dl4jgn.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Random;
import org.dl4jgn.linalg.HostMatrix;
import org.dl4jgn.linalg.HostMemory;
import org.dl4jgn.testing.Matrix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Products with features of which columns are empty, against sums of products in Java; all numbers are small integers, so exact. */
class NarrowProductTest {

    private static final int ROWS = 24;
    private static final int COLUMNS = 150;
    private static final int WIDTH = 7;

    private final Random random = new Random(1);
    private ExecutionPlan plan;
    private INDArray w;
    private INDArray u;

    @AfterEach
    void close() {
        if (plan != null) {
            plan.close();
        }
    }

    /** z = xw and g = xᵀu. */
    private void compile(INDArray x) {
        DataType type = x.dataType();
        SameDiff graph = SameDiff.create();
        var features = graph.placeHolder("x", type, ROWS, COLUMNS);
        graph.mmul("z", features, graph.placeHolder("w", type, COLUMNS, WIDTH));
        graph.mmul("g", features, graph.placeHolder("u", type, ROWS, WIDTH), true, false, false);
        w = numbers(type, COLUMNS, WIDTH);
        u = numbers(type, ROWS, WIDTH);
        plan = new PlanCompiler(graph)
                .input("x", x, Stage.BATCH)
                .input("w", w, Stage.JVP)
                .input("u", u, Stage.VJP)
                .output("z")
                .output("g")
                .compile();
    }

    private INDArray numbers(DataType type, int rows, int columns) {
        return Nd4j.createFromArray(ProductCallTest.random(random, rows, columns))
                .castTo(type)
                .dup('c');
    }

    /** Features with numbers in the columns from {@code from} on, but not in every third. */
    private INDArray from(DataType type, int from) {
        INDArray x = numbers(type, ROWS, COLUMNS);
        for (int j = 0; j < COLUMNS; j++) {
            if (j < from || j % 3 == 0) {
                x.getColumn(j).assign(0);
            } else {
                x.putScalar(ROWS - 1, j, 1);
            }
        }
        return x;
    }

    private void requireProducts(INDArray x) {
        INDArray z = plan.output("z");
        INDArray g = plan.output("g");
        plan.run(Stage.BATCH);
        // before and after the columns are known
        for (int time = 0; time < 2; time++) {
            g.assign(Double.NaN);
            plan.run(Stage.VJP);
            requireEqual(Matrix.of(x).transposed().times(Matrix.of(u)), g);
            z.assign(Double.NaN);
            plan.run(Stage.JVP);
            requireEqual(Matrix.of(x).times(Matrix.of(w)), z);
        }
    }

    private static void requireEqual(Matrix expected, INDArray actual) {
        double[][] rows = actual.toDoubleMatrix();
        for (int i = 0; i < expected.rows(); i++) {
            assertArrayEquals(expected.elements()[i], rows[i], "row " + i);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void productsAreThoseOfAllColumnsHoweverManyAreEmpty(DataType type) {
        INDArray x = from(type, 100);
        compile(x);
        requireProducts(x);
        for (int used : new int[] {0, 30, 140, 60, COLUMNS, 1}) {
            x.assign(from(type, used));
            requireProducts(x);
        }
        x.assign(numbers(type, ROWS, COLUMNS));
        requireProducts(x);
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "DOUBLE"})
    void anotherArrayHasColumnsOfItsOwn(DataType type) {
        compile(from(type, 100));
        plan.run(Stage.BATCH);
        for (INDArray x : new INDArray[] {numbers(type, ROWS, COLUMNS), from(type, 120), from(type, 90)}) {
            plan.bind("x", x);
            requireProducts(x);
        }
    }

    @Test
    void anotherMatrixIsReadFromThenOn() {
        INDArray x = from(DataType.DOUBLE, 100);
        compile(x);
        requireProducts(x);
        w = numbers(DataType.DOUBLE, COLUMNS, WIDTH);
        plan.bind("w", w);
        u = numbers(DataType.DOUBLE, ROWS, WIDTH);
        plan.bind("u", u);
        requireProducts(x);
    }

    /** What shows that the empty columns are left out at all. */
    @Test
    void aTangentThatMeetsNothingIsNotRead() {
        assumeTrue(
                HostMemory.isAddressable() && HostMatrix.isAvailable(), "there are no such products on this backend");
        INDArray x = from(DataType.DOUBLE, 100);
        compile(x);
        requireProducts(x);
        w.putScalar(5, 2, Double.NaN);
        plan.run(Stage.JVP);
        assertEquals(
                0,
                Nd4j.createFromArray(plan.output("z").toDoubleMatrix())
                        .isNaN()
                        .castTo(DataType.INT)
                        .sumNumber()
                        .intValue());
    }
}
