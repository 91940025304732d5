package org.dl4jgn.optimize;

import java.util.ArrayList;
import java.util.List;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.optimize.Direction.Proposal;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Bounds on a direction Δ, each on its norm in a part of the parameters, ‖Δ_part‖ ≤ threshold: what DL4J's clipping of gradients
 * means for a Gauss-Newton step. A step goes at most the learning rate times Δ, so that its own bound is the learning rate times
 * the threshold, as that of a clipped gradient step is.
 *
 * <p>A direction that is over a bound is shortened as a whole, to the length at which all bounds hold, and keeps its way: scaling
 * parts of it by themselves would not leave it a direction of descent. Cost: a pass over the vector for each kind of bound.
 */
public final class StepBounds {

    /** How a part of a direction is measured. */
    public enum Norm {
        /** ‖·‖₂. */
        EUCLIDEAN,
        /** ‖·‖∞. */
        LARGEST
    }

    /**
     * A bound.
     *
     * @param parts what it is on, together
     * @param threshold a positive number
     */
    public record Bound(List<Span> parts, Norm norm, double threshold) {

        /** Checks the threshold. */
        public Bound {
            parts = List.copyOf(parts);
            if (!(threshold > 0)) {
                throw new IllegalArgumentException(
                        "A bound on steps is " + threshold + ", but must be a positive number");
            }
        }
    }

    /** A bound on the parts of one array. */
    private record Measured(Bound bound, List<INDArray> parts) {

        double norm() {
            double norm = 0;
            for (INDArray part : parts) {
                double own = bound.norm == Norm.LARGEST ? Vectors.normInf(part) : Vectors.norm2(part);
                norm = bound.norm == Norm.LARGEST ? Math.max(norm, own) : Math.hypot(norm, own);
            }
            return norm;
        }
    }

    private final INDArray delta;
    private final List<Measured> bounds = new ArrayList<>();

    /** @param delta Δ, the array that all directions are in */
    StepBounds(List<Bound> bounds, INDArray delta) {
        this.delta = delta;
        for (Bound bound : bounds) {
            this.bounds.add(new Measured(
                    bound, bound.parts.stream().map(part -> part.of(delta)).toList()));
        }
    }

    /** Shortens Δ until all bounds hold; what is not a number stays so. */
    Proposal shorten(Proposal proposal) {
        double factor = 1;
        for (Measured measured : bounds) {
            double norm = measured.norm();
            if (norm > measured.bound.threshold) {
                factor = Math.min(factor, measured.bound.threshold / norm);
            }
        }
        if (factor == 1) {
            return proposal;
        }
        Vectors.scale(factor, delta);
        return new Proposal(
                factor * proposal.descent(),
                factor * proposal.slope(),
                factor * factor * proposal.curvature(),
                proposal.usable(),
                proposal.solve());
    }
}
