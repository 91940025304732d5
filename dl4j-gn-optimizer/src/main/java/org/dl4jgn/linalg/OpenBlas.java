package org.dl4jgn.linalg;

import com.sun.jna.Function;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OpenBLAS that ND4J's CPU backend brings: whether it is there, which kernels it has chosen for this processor, and
 * whether they are right.
 *
 * <p>0.3.19, which ND4J 1.0.0-M2.1 brings, was built on a machine without AVX-512, and with it the triangular kernels in float64 for
 * processors that have AVX-512 came out wrong (OpenBLAS issues 2986 and 3454): SkylakeX and Cooperlake solve no triangular system
 * of eight rows or more, and so their Cholesky, LU and QR are wrong, without an error; Cooperlake's also write where they must
 * not, so that neither is tried. And it does not know processors that came later, for some of which it takes the kernels of 2004,
 * Prescott: products of matrices take 1.1 to 2.3 times as long as with Haswell's (101 × 100 × 100 to 512 × 512 × 512). The environment variable {@code OPENBLAS_CORETYPE=HASWELL}, set before the JVM starts, cures both.
 */
public final class OpenBlas {

    private static final Logger LOG = LoggerFactory.getLogger(OpenBlas.class);

    private static final String CURE = "set the environment variable OPENBLAS_CORETYPE=HASWELL before the JVM starts";

    private static final Set<String> WRONG = Set.of("SkylakeX", "Cooperlake");

    /** More rows than the kernels' blocks have. */
    private static final int TRIED = 40;

    private OpenBlas() {}

    /** What is found out once. */
    private static final class Found {

        static final boolean IS_THERE = isThere();
        static final Optional<String> CORE = IS_THERE ? coreName() : Optional.empty();
        static final boolean SOLVES_TRIANGLES =
                IS_THERE && CORE.filter(WRONG::contains).isEmpty() && solvesATriangle();

        static {
            if (IS_THERE && !SOLVES_TRIANGLES) {
                LOG.warn(
                        "The OpenBLAS that ND4J brings solves triangular systems in float64 wrongly with its kernels for this"
                                + " processor ({}). Factorizations here take a slower way that is right; those of ND4J"
                                + " itself do not. To have both right and fast, {}",
                        CORE.orElse("unknown"),
                        CURE);
            } else if (CORE.equals(Optional.of("Prescott")) && hasAvx2()) {
                LOG.warn(
                        "The OpenBLAS that ND4J brings does not know this processor and uses kernels of 2004 (Prescott), with"
                                + " which products of matrices take up to twice as long. {}",
                        Character.toUpperCase(CURE.charAt(0)) + CURE.substring(1));
            }
        }
    }

    /** Whether OpenBLAS with LAPACK is on the class path. The first call warns of kernels that are wrong or slow. */
    public static boolean isAvailable() {
        return Found.IS_THERE;
    }

    /** The processor whose kernels it uses, as in {@code Haswell}, where that can be known. */
    public static Optional<String> core() {
        return Found.CORE;
    }

    /** Whether it is there and its triangular kernels in float64, and so LAPACK's factorizations, are right. */
    public static boolean solvesTriangles() {
        return Found.SOLVES_TRIANGLES;
    }

    private static boolean isThere() {
        try {
            Class.forName("org.bytedeco.openblas.global.openblas");
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private static Optional<String> coreName() {
        try {
            org.bytedeco.javacpp.Pointer function = Loader.addressof("openblas_get_corename");
            return function == null
                    ? Optional.empty()
                    : Optional.of(Function.getFunction(new Pointer(function.address()))
                            .invokeString(null, false));
        } catch (LinkageError | RuntimeException e) {
            // no JNA for this system: a name for messages, no more
            LOG.debug("The name of OpenBLAS's kernels is not known", e);
            return Optional.empty();
        }
    }

    /** Solves LX = B with all ones in the lower triangle of L and 2 on its diagonal, X a matrix of ones. */
    private static boolean solvesATriangle() {
        double[] lower = new double[TRIED * TRIED];
        double[] x = new double[TRIED * TRIED];
        for (int i = 0; i < TRIED; i++) {
            Arrays.fill(lower, i * TRIED, i * TRIED + i, 1.0);
            lower[i * TRIED + i] = 2;
            Arrays.fill(x, i * TRIED, (i + 1) * TRIED, i + 2.0);
        }
        openblas.cblas_dtrsm(
                openblas.CblasRowMajor,
                openblas.CblasLeft,
                openblas.CblasLower,
                openblas.CblasNoTrans,
                openblas.CblasNonUnit,
                TRIED,
                TRIED,
                1.0,
                lower,
                TRIED,
                x,
                TRIED);
        return Arrays.stream(x).allMatch(found -> found == 1.0);
    }

    private static boolean hasAvx2() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.anyMatch(line -> line.startsWith("flags") && line.contains(" avx2"));
        } catch (IOException e) {
            return false;
        }
    }
}
