package org.dl4jgn.linalg;

import org.nd4j.linalg.api.blas.Level1;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * BLAS level 1 on dense arrays, taken as vectors whatever their shape; no call allocates.
 *
 * <p>A call costs about 0.5 µs beside its work, a fifth of the same operation as a method of {@link INDArray}.
 */
public final class Vectors {

    private static final Level1 BLAS = Nd4j.getBlasWrapper().level1();

    private Vectors() {}

    /** xᵀy. */
    public static double dot(INDArray x, INDArray y) {
        return BLAS.dot(x.length(), 1.0, x, y);
    }

    /** ‖x‖₁. */
    public static double norm1(INDArray x) {
        return BLAS.asum(x);
    }

    /** ‖x‖₂. */
    public static double norm2(INDArray x) {
        return Math.sqrt(dot(x, x));
    }

    /** ‖x‖∞; not a number if x holds one. */
    public static double normInf(INDArray x) {
        double norm = Math.abs(x.getDouble(BLAS.iamax(x)));
        // BLAS passes over what is not a number
        return Double.isNaN(dot(x, x)) ? Double.NaN : norm;
    }

    /** y ← y + ax. */
    public static void axpy(double a, INDArray x, INDArray y) {
        BLAS.axpy(x.length(), a, x, y);
    }

    /** x ← ax. */
    public static void scale(double a, INDArray x) {
        BLAS.scal(x.length(), a, x);
    }

    /** y ← x. */
    public static void copy(INDArray x, INDArray y) {
        BLAS.copy(x, y);
    }

    /**
     * Whether x and y are the same to the bit, of one type. It ends where they begin to differ, in vectors that have nothing to do
     * with each other at once; if they are the same it reads each once, where a norm of a difference takes three passes.
     *
     * @param room a vector that is lost, used where their memory cannot be read here; there zeros are the same whatever their
     *     sign, and what is not a number is the same as nothing
     */
    public static boolean areSame(INDArray x, INDArray y, INDArray room) {
        if (HostMemory.isAddressable()) {
            return HostBytes.areSame(x, y);
        }
        copy(x, room);
        axpy(-1.0, y, room);
        return norm1(room) == 0;
    }

    /** Whether all elements are finite; exact, and one pass for the usual case. */
    public static boolean isFinite(INDArray x) {
        return Double.isFinite(dot(x, x)) || firstNonFinite(x) < 0;
    }

    /** Index (in c order) of the first element that is not finite, or −1. */
    public static long firstNonFinite(INDArray x) {
        for (long i = 0; i < x.length(); i++) {
            if (!Double.isFinite(x.getDouble(i))) {
                return i;
            }
        }
        return -1;
    }
}
