package org.dl4jgn.gram;

import org.dl4jgn.gram.DampedDiagonal.PenaltyAt;
import org.dl4jgn.problem.DampedSystem;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A kept system at one point, for whoever asked for it there: puts the network back to the point where that is needed (a
 * forward pass, with activations' derivatives), and factors again where the same buffers were used for another λ or penalty in between.
 */
final class OpenSystem implements DampedSystem {

    private final SystemCache.Kept<ExactSystem> kept;
    private final NetworkPosition position;
    private final @Nullable PenaltyAt penalty;
    private @Nullable DampedDiagonal solved;

    OpenSystem(SystemCache.Kept<ExactSystem> kept, NetworkPosition position, @Nullable PenaltyAt penalty) {
        this.kept = kept;
        this.position = position;
        this.penalty = penalty;
    }

    @Override
    public boolean solve(double lambda, @Nullable INDArray addend, INDArray delta) {
        DampedDiagonal p = damped(lambda);
        solved = p;
        ExactSystem system = kept.at(position);
        if (system.needsModel(p, addend)) {
            position.restore();
        } else {
            position.requireValid();
        }
        return system.factor(p) && system.solve(addend, delta);
    }

    @Override
    public boolean multiplyInverse(double lambda, double factor, INDArray v, INDArray result) {
        DampedDiagonal p = damped(lambda);
        solved = p;
        ExactSystem system = here();
        return (p.isSameMatrixAs(system.factored()) || system.factor(p)) && system.multiplyInverse(factor, v, result);
    }

    private DampedDiagonal damped(double lambda) {
        if (!(lambda > 0 && Double.isFinite(lambda))) {
            throw new IllegalArgumentException("λ is " + lambda + ", but must be a finite number > 0");
        }
        return new DampedDiagonal(penalty, lambda);
    }

    @Override
    public void correct(INDArray residual, INDArray delta) {
        if (solved == null) {
            throw new IllegalStateException("Nothing was solved yet; call solve first");
        }
        ExactSystem system = here();
        if (!solved.isSameMatrixAs(system.factored())) {
            system.factor(solved);
        }
        system.correct(residual, delta);
    }

    private ExactSystem here() {
        ExactSystem system = kept.at(position);
        position.restore();
        return system;
    }
}
