package org.dl4jgn.bench.control;

import java.util.stream.IntStream;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * A linear system with quadratic cost and process noise,
 *
 * <pre>
 *     x ← Ax + Bu + w,  w ~ N(0, I)        cost of a step: xᵀQx + uᵀRu
 * </pre>
 *
 * <p>for policies u = −Kx, whose mean cost a step is tr P_K with P_K = Q + KᵀRK + (A − BK)ᵀ P_K (A − BK).
 *
 * @param a A, [n, n]
 * @param b B, [n, m]
 * @param q Q, [n, n], positive semidefinite
 * @param r R, [m, m], positive definite
 */
public record LinearSystem(RealMatrix a, RealMatrix b, RealMatrix q, RealMatrix r) {

    /** Quadratic convergence: 2⁶⁰ steps of the plain iteration. */
    private static final int DOUBLINGS = 60;

    private static final double CONVERGED = 1e-15;

    /** Checks the shapes. */
    public LinearSystem {
        int n = a.getRowDimension();
        int m = b.getColumnDimension();
        requireShape("A", a, n, n);
        requireShape("B", b, n, m);
        requireShape("Q", q, n, n);
        requireShape("R", r, m, m);
    }

    /**
     * Masses of 1 in a row between two walls, joined by springs (stiffness 1) and dampers (0.1); a force acts on the first
     * and, if there is more than one, another on the last. Sampled every 0.2 s by the trapezoidal rule. Q = I, R = 0.1 I.
     * Without control it comes to rest slowly, so that K = 0 is a policy to start from.
     */
    public static LinearSystem springs(int masses) {
        int forces = Math.min(masses, 2);
        RealMatrix a = MatrixUtils.createRealMatrix(2 * masses, 2 * masses);
        RealMatrix b = MatrixUtils.createRealMatrix(2 * masses, forces);
        for (int i = 0; i < masses; i++) {
            a.setEntry(i, masses + i, 1);
            a.setEntry(masses + i, i, -2);
            a.setEntry(masses + i, masses + i, -0.2);
            for (int j : new int[] {i - 1, i + 1}) {
                if (j >= 0 && j < masses) {
                    a.setEntry(masses + i, j, 1);
                    a.setEntry(masses + i, masses + j, 0.1);
                }
            }
        }
        b.setEntry(masses, 0, 1);
        b.setEntry(2 * masses - 1, forces - 1, 1);
        double seconds = 0.2;
        RealMatrix identity = MatrixUtils.createRealIdentityMatrix(2 * masses);
        RealMatrix half = a.scalarMultiply(seconds / 2);
        RealMatrix implicit = inverse(identity.subtract(half));
        return new LinearSystem(
                implicit.multiply(identity.add(half)),
                implicit.multiply(b).scalarMultiply(seconds),
                identity,
                MatrixUtils.createRealIdentityMatrix(forces).scalarMultiply(0.1));
    }

    /** n, the length of a state. */
    public int states() {
        return a.getRowDimension();
    }

    /** m, the length of a control. */
    public int controls() {
        return b.getColumnDimension();
    }

    /**
     * The solution of the discrete Riccati equation P = Q + AᵀPA − AᵀPB (R + BᵀPB)⁻¹ BᵀPA, by doubling (Anderson 1978):
     * each pass looks twice as far ahead as the one before.
     */
    public RealMatrix riccati() {
        RealMatrix identity = MatrixUtils.createRealIdentityMatrix(states());
        RealMatrix ahead = a;
        RealMatrix g = b.multiply(inverse(r)).multiply(b.transpose());
        RealMatrix p = q;
        for (int i = 0; i < DOUBLINGS; i++) {
            RealMatrix v = inverse(identity.add(g.multiply(p)));
            RealMatrix growth = ahead.transpose().multiply(p).multiply(v).multiply(ahead);
            g = g.add(ahead.multiply(v).multiply(g).multiply(ahead.transpose()));
            ahead = ahead.multiply(v).multiply(ahead);
            p = p.add(growth);
            if (growth.getNorm() <= CONVERGED * p.getNorm()) {
                return p;
            }
        }
        throw new IllegalStateException("The Riccati equation has no stabilizing solution");
    }

    /** K* = (R + BᵀPB)⁻¹ BᵀPA, [m, n], with the P of {@link #riccati}: the policy of least cost. */
    public RealMatrix optimalGain() {
        RealMatrix p = riccati();
        return inverse(curvature(p)).multiply(b.transpose().multiply(p).multiply(a));
    }

    /** Whether u = −Kx brings the system to rest: all eigenvalues of A − BK are inside the unit circle. */
    public boolean isStableWith(RealMatrix k) {
        EigenDecomposition eigen = new EigenDecomposition(closedLoop(k));
        return IntStream.range(0, states())
                .allMatch(i -> Math.hypot(eigen.getRealEigenvalue(i), eigen.getImagEigenvalue(i)) < 1);
    }

    /** P_K, [n, n]: xᵀ P_K x is the cost from x on without noise. K must be stable. */
    public RealMatrix costToGo(RealMatrix k) {
        RealMatrix p = q.add(k.transpose().multiply(r).multiply(k));
        RealMatrix ahead = closedLoop(k);
        for (int i = 0; i < DOUBLINGS; i++) {
            RealMatrix growth = ahead.transpose().multiply(p).multiply(ahead);
            p = p.add(growth);
            ahead = ahead.multiply(ahead);
            if (growth.getNorm() <= CONVERGED * p.getNorm()) {
                return p;
            }
        }
        throw new IllegalArgumentException("K does not stabilize the system");
    }

    /** tr P_K, the mean cost of a step; infinite where K is not stable. */
    public double cost(RealMatrix k) {
        return isStableWith(k) ? costToGo(k).getTrace() : Double.POSITIVE_INFINITY;
    }

    /** R + BᵀPB, half the second derivative of the worth of a control. */
    RealMatrix curvature(RealMatrix p) {
        return r.add(b.transpose().multiply(p).multiply(b));
    }

    /** E = (R + BᵀP_KB)K − BᵀP_KA, [m, n]; the policy gradient of the mean cost is 2 E E[xxᵀ] (Fazel et al. 2018, lemma 1). */
    RealMatrix gradientFactor(RealMatrix k, RealMatrix p) {
        return curvature(p).multiply(k).subtract(b.transpose().multiply(p).multiply(a));
    }

    RealMatrix closedLoop(RealMatrix k) {
        return a.subtract(b.multiply(k));
    }

    private static RealMatrix inverse(RealMatrix matrix) {
        return new LUDecomposition(matrix).getSolver().getInverse();
    }

    private static void requireShape(String name, RealMatrix matrix, int rows, int columns) {
        if (matrix.getRowDimension() != rows || matrix.getColumnDimension() != columns) {
            throw new IllegalArgumentException(name + " is " + matrix.getRowDimension() + " x "
                    + matrix.getColumnDimension() + ", but must be " + rows + " x " + columns);
        }
    }
}
