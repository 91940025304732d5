package org.dl4jgn.problem;

import java.util.List;
import java.util.Optional;
import org.dl4jgn.linalg.LinearOperator;
import org.dl4jgn.linalg.Vectors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A point whose loss and gradient g are those of a whole, and whose curvature H is that of a part of it, both at the same θ.
 *
 * <p>The part's exact systems have the part's gradient on their right-hand side, which nobody asks for: they solve
 * (H + λI)Δ = a − g as for any vector, and the part takes no backward pass for a gradient.
 *
 * @param whole has loss and gradient
 * @param part has H, with the same D
 */
public record PartCurvature(Point whole, Point part) implements Point {

    @Override
    public double value() {
        return whole.value();
    }

    @Override
    public double leastValue() {
        return whole.leastValue();
    }

    @Override
    public double rounding() {
        return whole.rounding();
    }

    @Override
    public double lossCurvature() {
        return whole.lossCurvature();
    }

    @Override
    public INDArray gradient() {
        return whole.gradient();
    }

    @Override
    public LinearOperator gaussNewton() {
        return part.gaussNewton();
    }

    @Override
    public boolean solve(INDArray h, double rho, int iterations, INDArray delta) {
        return part.solve(h, rho, iterations, delta);
    }

    @Override
    public List<LayerFactors> layerFactors() {
        return part.layerFactors();
    }

    @Override
    public Optional<RowSpace> rowSpace() {
        return part.rowSpace().map(PartRows::new);
    }

    /** {@code v ← a − g}. */
    private void writeRightHandSide(@Nullable INDArray addend, INDArray v) {
        if (addend != null) {
            Vectors.copy(addend, v);
            Vectors.axpy(-1.0, whole.gradient(), v);
        } else {
            Vectors.copy(whole.gradient(), v);
            Vectors.scale(-1.0, v);
        }
    }

    /** The part's rows, whose systems are told of the whole's gradient. */
    private final class PartRows implements RowSpace {

        private final RowSpace rows;

        PartRows(RowSpace rows) {
            this.rows = rows;
        }

        @Override
        public List<SystemOffer> systems() {
            return rows.systems().stream()
                    .map(offer -> (SystemOffer) new PartOffer(offer))
                    .toList();
        }

        @Override
        public double productWork() {
            return rows.productWork();
        }

        @Override
        public Optional<RowSpace> with(Penalty penalty, INDArray theta) {
            return rows.with(penalty, theta).map(PartRows::new);
        }

        @Override
        public List<GramOffer> grams() {
            return rows.grams().stream().map(GramOffer::withAnotherGradient).toList();
        }
    }

    /** A system of the part. */
    private final class PartOffer implements RowSpace.SystemOffer {

        private final RowSpace.SystemOffer offer;

        PartOffer(RowSpace.SystemOffer offer) {
            this.offer = offer;
        }

        @Override
        public String name() {
            return offer.name();
        }

        @Override
        public long size() {
            return offer.size();
        }

        @Override
        public double work() {
            return offer.work();
        }

        @Override
        public long bytes(DataType type) {
            return offer.bytes(type);
        }

        @Override
        public RowSpace.SystemOffer keeping() {
            return new PartOffer(offer.keeping());
        }

        @Override
        public DampedSystem open(DataType type, long limit) {
            DampedSystem system = offer.open(type, limit);
            return new DampedSystem() {
                @Override
                public boolean solve(double lambda, @Nullable INDArray addend, INDArray delta) {
                    writeRightHandSide(addend, delta);
                    return system.multiplyInverse(lambda, 1, delta, delta);
                }

                @Override
                public boolean multiplyInverse(double lambda, double factor, INDArray v, INDArray result) {
                    return system.multiplyInverse(lambda, factor, v, result);
                }

                @Override
                public void correct(INDArray residual, INDArray delta) {
                    system.correct(residual, delta);
                }
            };
        }
    }
}
