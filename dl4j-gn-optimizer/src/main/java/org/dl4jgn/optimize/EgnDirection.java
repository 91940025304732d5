package org.dl4jgn.optimize;

import org.dl4jgn.conf.Egn;
import org.dl4jgn.curvature.DampedSystem;
import org.dl4jgn.curvature.LinearizedNetwork;
import org.dl4jgn.linalg.Vectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * EGN: the exact solution of (H + λI)Δ = −g (Korbit et al. 2024), with momentum on the direction.
 *
 * <p>With momentum the step is along the bias-corrected average of the directions, unless that would not descend: then
 * along the direction itself.
 */
final class EgnDirection implements Direction {

    private final @Nullable Momentum momentum;
    private final @Nullable INDArray average;

    EgnDirection(Egn egn, LinearizedNetwork at) {
        momentum = egn.momentum() > 0 ? new Momentum(egn.momentum(), at.newVector()) : null;
        average = egn.momentum() > 0 ? at.newVector() : null;
    }

    @Override
    public Proposal propose(LinearizedNetwork at, double damping, TrainingState state, INDArray delta) {
        DampedSystem system = at.gramSystem(DataType.DOUBLE);
        system.linearize();
        Solve solve = solve(system, damping, delta);
        INDArray g = at.gradient();
        double slope = Vectors.dot(g, delta);
        return new Proposal(slope, slope, -slope, solve);
    }

    private static Solve solve(DampedSystem system, double damping, INDArray delta) {
        if (!system.solve(damping, delta)) {
            throw new IllegalStateException();
        }
        return new Solve(Solve.Solver.GRAM_CHOLESKY, system.size(), damping, 0, 0, Double.NaN, "factored");
    }

    @Override
    public void commit(TrainingState state, INDArray delta) {
        if (momentum != null) {
            momentum.commit(state);
        }
    }
}
