package org.dl4jgn.curvature;

import org.dl4jgn.linalg.SpdSolver;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Views;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The direction through a system of the batch's size: with P = D + λI, Q = SSᵀ and K = J P⁻¹ Jᵀ,
 *
 * <pre>Δ = −P⁻¹(Jᵀu + Dθ),    u = r/b − S (bI + SᵀKS)⁻¹ (SᵀKr/b + SᵀJP⁻¹Dθ),</pre>
 *
 * by the push-through identity (Duncan-Guttman; Korbit et al. 2024, equation for the direction, in symmetric form). The
 * matrix is symmetric and at least bI. K is assembled layer by layer from J's blocks, so J does not exist.
 *
 * <p>The subtraction in u is where digits are lost when λ is small, since J has large singular values. It happens between
 * vectors of b·c elements, in the type of the rows, for which Kr is computed from the same rows as K: an error of the
 * rows' own is then an error of J, to which Δ is as sensitive as the problem itself, and not one of the difference.
 */
final class GramSystem implements DampedSystem {

    private final BatchPlan plan;
    private final ParameterSpace space;
    private final L2Penalty penalty;
    private final SpdSolver solver = SpdSolver.create();
    private final JacobianRows rows;
    private final INDArray matrix;
    private final INDArray diagonal;
    private final INDArray room;
    private final INDArray y;
    private final INDArray share;
    private final INDArray sums;
    private final Program assemble = new Program();
    private final Program toRoot = new Program();
    private final Program fromRoot = new Program();
    private final long n;

    GramSystem(BatchPlan plan, JacobianRows rows, ParameterSpace space, L2Penalty penalty) {
        this.plan = plan;
        this.rows = rows;
        this.space = space;
        this.penalty = penalty;
        n = rows.b * rows.c;
        matrix = Nd4j.createUninitializedDetached(rows.type, n, n);
        diagonal = Nd4j.create(matrix.data(), new long[] {n}, new long[] {n + 1}, 0, 'c');
        room = Nd4j.createUninitializedDetached(rows.type, JacobianRows.roomLength(rows.b, rows.c));
        y = Nd4j.createUninitializedDetached(rows.type, n, 1);
        share = Nd4j.createUninitializedDetached(rows.type, n, 1);
        sums = Nd4j.createUninitializedDetached(rows.type, rows.b);
        rows.appendGram(assemble, matrix, true, room);
        rows.root().appendTransposed(toRoot, share, y, Views.reshape(sums, rows.b, 1));
        rows.root().append(fromRoot, Views.reshape(y, rows.b, rows.c), Views.reshape(share, rows.b, rows.c), sums);
    }

    /** Bytes of the matrix and what it is formed through, without the rows. */
    static long bytes(long b, long c, int width) {
        long n = b * c;
        return width * (n * n + JacobianRows.roomLength(b, c) + 2 * n + b);
    }

    @Override
    public void linearize() {
        rows.load();
        rows.project();
        rows.takeRoot();
    }

    @Override
    public boolean solve(double lambda, INDArray delta) {
        rows.weigh(slot -> 1 / (penalty.coefficient(slot) + lambda));
        rightHandSide(lambda);
        assemble.run();
        diagonal.addi(rows.b);
        if (!solver.factor(matrix)) {
            return false;
        }
        solver.solve(y);
        fromRoot.run();
        if (!Vectors.isFinite(y)) {
            return false;
        }
        // y ← r/b − y
        Vectors.scale(-1.0, y);
        Vectors.axpy(1.0 / rows.b, rows.residual(), y);
        plan.cotangent.assign(Views.reshape(y, rows.b, rows.c));
        plan.vjp();
        penalty.addProduct(space.theta, space.product);
        penalty.divideByDamped(space.product, lambda);
        Vectors.copy(space.product, delta);
        Vectors.scale(-1.0, delta);
        return true;
    }

    /** y ← SᵀKr/b + SᵀJP⁻¹Dθ. */
    private void rightHandSide(double lambda) {
        if (penalty.diagonal() == null) {
            rows.product(y);
            Vectors.scale(1.0 / rows.b, y);
            return;
        }
        space.tangent.assign(0.0);
        penalty.addProduct(space.theta, space.tangent);
        penalty.divideByDamped(space.tangent, lambda);
        plan.jvp();
        share.assign(Views.reshape(plan.jvp, n, 1));
        toRoot.run();
        rows.product(y);
        Vectors.scale(1.0 / rows.b, y);
        Vectors.axpy(1.0, share, y);
    }

    @Override
    public long size() {
        return n;
    }

    @Override
    public void close() {
        rows.close();
        matrix.close();
        room.close();
        y.close();
        share.close();
        sums.close();
    }
}
