package org.dl4jgn.curvature;

import org.dl4jgn.linalg.SpdSolver;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.plan.Program;
import org.dl4jgn.plan.Views;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The direction through a system of the batch's size: with P = D + λI, Q = SSᵀ and K = J P⁻¹ Jᵀ,
 *
 * <pre>Δ = −P⁻¹(Jᵀu + e),    u = r/b − S (bI + SᵀKS)⁻¹ (SᵀKr/b + SᵀJP⁻¹e),    e = Dθ − λm,</pre>
 *
 * by the push-through identity (Duncan-Guttman; Korbit et al. 2024, equation for the direction, in symmetric form). The
 * matrix is symmetric and at least bI. K is assembled layer by layer from J's blocks, so J does not exist.
 *
 * <p>With r = Sw the difference can be taken on paper,
 *
 * <pre>u = S (bI + SᵀKS)⁻¹ (w − SᵀJP⁻¹e),</pre>
 *
 * which loses no digits however small λ is, and saves the product Kr. That is the usual case, see {@link
 * CurvatureRoot#appendPreimage}; where w would be huge, because an output is certain and wrong, the first form is used. Its
 * subtraction is between vectors of b·c elements, in the type of the rows, for which Kr is computed from the same rows as K:
 * an error of the rows' own is then an error of J, to which Δ is as sensitive as the problem itself.
 */
final class GramSystem implements DampedSystem {

    private final Buffers buffers = new Buffers();
    private final BatchPlan plan;
    private final ParameterSpace space;
    private final L2Penalty penalty;
    private final SpdSolver solver = SpdSolver.create();
    private final JacobianRows rows;
    private final INDArray matrix;
    private final INDArray diagonal;
    private final INDArray room;
    private final INDArray w;
    private final INDArray y;
    private final INDArray full;
    private final INDArray share;
    private final INDArray spare;
    private final INDArray sums;
    private final Program assemble = new Program();
    private final Program preimage = new Program();
    private final Program toRoot = new Program();
    private final Program fromRoot = new Program();
    private final long n;
    private boolean isDirect;
    private double damping;

    GramSystem(BatchPlan plan, JacobianRows rows, ParameterSpace space, L2Penalty penalty) {
        this.plan = plan;
        this.rows = rows;
        this.space = space;
        this.penalty = penalty;
        long all = rows.b * rows.c;
        n = rows.b * rows.q;
        matrix = buffers.allocate(rows.type, n, n);
        diagonal = Nd4j.create(matrix.data(), new long[] {n}, new long[] {n + 1}, 0, 'c');
        room = buffers.allocate(rows.type, JacobianRows.roomLength(rows.b, rows.q));
        w = buffers.allocate(rows.type, all, 1);
        y = buffers.allocate(rows.type, n, 1);
        full = buffers.allocate(rows.type, all, 1);
        share = Views.part(Views.reshape(full, all), 0, n, 1);
        spare = buffers.allocate(rows.type, all, 1);
        sums = buffers.allocate(rows.type, rows.b);
        rows.appendGram(assemble, matrix, true, room);
        CurvatureRoot root = rows.root();
        root.appendPreimage(preimage, rows.residual(), w, spare, sums);
        root.appendTransposed(toRoot, full, spare, Views.reshape(sums, rows.b, 1));
        root.append(fromRoot, Views.reshape(y, rows.b, rows.q), examples(full), examples(spare), sums);
    }

    private INDArray examples(INDArray vector) {
        return Views.reshape(vector, rows.b, rows.c);
    }

    /** Bytes of the matrix and what it is formed through, without the rows. */
    static long bytes(long b, long c, long q, int width) {
        return width * (b * q * b * q + JacobianRows.roomLength(b, q) + 4 * b * c + b);
    }

    @Override
    public void linearize() {
        rows.load();
        preimage.run();
        isDirect = rows.root().isSafePreimage(firstRows(w), rows.residual());
        if (!isDirect) {
            rows.project();
        }
        rows.takeRoot();
    }

    private INDArray firstRows(INDArray vector) {
        return Views.part(Views.reshape(vector, vector.length()), 0, n, 1);
    }

    @Override
    public boolean solve(double lambda, @Nullable INDArray memory, INDArray delta) {
        damping = lambda;
        rows.weigh(slot -> 1 / (penalty.coefficient(slot) + lambda));
        rightHandSide(lambda, memory);
        assemble.run();
        diagonal.addi(rows.b);
        if (!solver.factor(matrix)) {
            return false;
        }
        solver.solve(y);
        fromRoot.run();
        if (!Vectors.isFinite(full)) {
            return false;
        }
        if (!isDirect) {
            // u = r/b − S…
            Vectors.scale(-1.0, full);
            Vectors.axpy(1.0 / rows.b, rows.residual(), full);
        }
        plan.cotangent.assign(examples(full));
        plan.vjp();
        addPull(lambda, memory, space.product);
        penalty.divideByDamped(space.product, lambda);
        Vectors.copy(space.product, delta);
        Vectors.scale(-1.0, delta);
        return true;
    }

    /** {@code v ← v + Dθ − λm}. */
    private void addPull(double lambda, @Nullable INDArray memory, INDArray v) {
        penalty.addProduct(space.theta, v);
        if (memory != null) {
            Vectors.axpy(-lambda, memory, v);
        }
    }

    /** y ← w − SᵀJP⁻¹(Dθ − λm), or SᵀKr/b + SᵀJP⁻¹(Dθ − λm). */
    private void rightHandSide(double lambda, @Nullable INDArray memory) {
        if (isDirect) {
            Vectors.copy(firstRows(w), y);
        } else {
            rows.product(y);
            Vectors.scale(1.0 / rows.b, y);
        }
        if (penalty.diagonal() != null || memory != null) {
            space.tangent.assign(0.0);
            addPull(lambda, memory, space.tangent);
            penalty.divideByDamped(space.tangent, lambda);
            tangentToRoot();
            Vectors.axpy(isDirect ? -1.0 : 1.0, share, y);
        }
    }

    /** share ← SᵀJv for the tangent v. */
    private void tangentToRoot() {
        plan.jvp();
        examples(full).assign(plan.jvp);
        toRoot.run();
    }

    /** Δ ← Δ + P⁻¹(ρ − Jᵀ S (bI + SᵀKS)⁻¹ SᵀJP⁻¹ρ) for the residual ρ. */
    @Override
    public void correct(INDArray residual, INDArray delta) {
        Vectors.copy(residual, space.tangent);
        penalty.divideByDamped(space.tangent, damping);
        Vectors.axpy(1.0, space.tangent, delta);
        tangentToRoot();
        Vectors.copy(share, y);
        solver.solve(y);
        fromRoot.run();
        plan.cotangent.assign(examples(full));
        plan.vjp();
        penalty.divideByDamped(space.product, damping);
        Vectors.axpy(-1.0, space.product, delta);
    }

    @Override
    public long size() {
        return n;
    }

    @Override
    public long bytes() {
        return rows.bytes() + buffers.bytes();
    }

    @Override
    public void close() {
        rows.close();
        buffers.close();
    }
}
