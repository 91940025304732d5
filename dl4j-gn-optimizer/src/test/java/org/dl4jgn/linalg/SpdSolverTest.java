package org.dl4jgn.linalg;

import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.products;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.dl4jgn.testing.Matrix;
import org.dl4jgn.testing.Networks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What every solver of symmetric positive definite systems does. */
class SpdSolverTest {

    private static final int N = 7;

    static Stream<Arguments> solvers() {
        return Stream.of(DataType.DOUBLE, DataType.FLOAT)
                .flatMap(type -> Stream.of(new OpenBlasCholesky(), new BlockedCholesky(), new Nd4jCholesky())
                        .map(solver -> Arguments.of(solver, type)));
    }

    private static Matrix definite() {
        return definite(N);
    }

    private static Matrix definite(int n) {
        Matrix root = Matrix.of(Networks.normal(3, 1.0, n, n));
        return root.times(root.transposed()).plusIdentity(0.5);
    }

    /** The one that is made, and the one that takes its place where LAPACK is wrong, whose blocks have 32 rows. */
    @ParameterizedTest
    @ValueSource(ints = {8, 31, 32, 33, 64, 150})
    void solvesWhateverTheSize(int n) {
        for (SpdSolver solver : List.of(SpdSolver.create(), new BlockedCholesky())) {
            for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT)) {
                Matrix a = definite(n).plusIdentity(n);
                INDArray y = Networks.normal(4, 1.0, n);
                INDArray expected = Nd4j.createFromArray(a.solve(y.toDoubleVector()));
                INDArray x = y.castTo(type);
                assertTrue(solver.factor(a.toArray().castTo(type).dup('c')));
                solver.solve(x);
                assertClose(expected, x, products(type), solver.getClass().getSimpleName());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void solvesFromTheLowerTriangle(SpdSolver solver, DataType type) {
        Matrix a = definite();
        INDArray y = Networks.normal(4, 1.0, N);
        INDArray expected = Nd4j.createFromArray(a.solve(y.toDoubleVector()));
        INDArray lower = a.toArray().castTo(type).dup('c');
        for (int i = 0; i < N; i++) {
            for (int j = i + 1; j < N; j++) {
                lower.putScalar(i, j, 1e6);
            }
        }
        INDArray x = y.castTo(type);
        assertTrue(solver.factor(lower));
        solver.solve(x);
        assertClose(expected, x, products(type), "x");
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void solvesSeveralTimesWithOneFactor(SpdSolver solver, DataType type) {
        Matrix a = definite();
        assertTrue(solver.factor(a.toArray().castTo(type).dup('c')));
        for (int seed = 0; seed < 3; seed++) {
            INDArray y = Networks.normal(seed, 1.0, N);
            INDArray expected = Nd4j.createFromArray(a.solve(y.toDoubleVector()));
            INDArray x = y.castTo(type).reshape(N, 1);
            solver.solve(x);
            assertClose(expected.reshape(N, 1), x, products(type), "x");
        }
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void saysThatAMatrixIsNotPositiveDefinite(SpdSolver solver, DataType type) {
        Matrix a = definite();
        a.set(N - 1, N - 1, -1.0);
        assertFalse(solver.factor(a.toArray().castTo(type).dup('c')));
        assertTrue(solver.factor(definite().toArray().castTo(type).dup('c')), "and goes on with the next");
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void refusesToSolveBeforeItFactored(SpdSolver solver, DataType type) {
        assertThrows(IllegalStateException.class, () -> solver.solve(Nd4j.ones(type, N)));
    }

    @ParameterizedTest
    @MethodSource("solvers")
    void closesWhatItHolds(SpdSolver solver, DataType type) {
        assertTrue(solver.factor(definite().toArray().castTo(type).dup('c')));
        long bytes = solver.bytes();
        assertTrue(solver.factor(definite().toArray().castTo(type).dup('c')));
        assertEquals(bytes, solver.bytes(), "a second matrix of the size takes no more");
        solver.close();
        assertEquals(0, solver.bytes());
        assertThrows(IllegalStateException.class, () -> solver.solve(Nd4j.ones(type, N)));
    }

    @Test
    void memoryIsKnownBefore() {
        try (SpdSolver solver = SpdSolver.portable()) {
            assertTrue(solver.factor(definite().toArray().dup('c')));
            assertEquals(Nd4jCholesky.bytes(N, Double.BYTES), solver.bytes());
        }
        assertEquals(0, SpdSolver.bytes(N, Double.BYTES), "LAPACK factors in place");
    }

    @Test
    void cpuBackendUsesLapackWhereItIsRight() {
        Class<?> expected = OpenBlas.solvesTriangles() ? OpenBlasCholesky.class : BlockedCholesky.class;
        assertInstanceOf(expected, SpdSolver.create());
        boolean isKnownToBeWrong = OpenBlas.core()
                .filter(Set.of("SkylakeX", "Cooperlake")::contains)
                .isPresent();
        assertEquals(isKnownToBeWrong, !OpenBlas.solvesTriangles(), "kernels of " + OpenBlas.core());
    }
}
