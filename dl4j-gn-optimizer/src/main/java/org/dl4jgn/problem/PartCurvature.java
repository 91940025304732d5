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
 * <p>The part's exact systems have the part's gradient g' on their right-hand side. What is missing is an addend:
 * (H + λI)Δ = −g + a is (H + λI)Δ = −g' + (a + g' − g).
 *
 * @param whole has loss and gradient
 * @param part has H, with the same D
 * @param difference room for a + g' − g, [d], overwritten by each solve
 */
public record PartCurvature(Point whole, Point part, INDArray difference) implements Point {

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

    /** a + g' − g. */
    private INDArray corrected(@Nullable INDArray addend) {
        Vectors.copy(part.gradient(), difference);
        Vectors.axpy(-1.0, whole.gradient(), difference);
        if (addend != null) {
            Vectors.axpy(1.0, addend, difference);
        }
        return difference;
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
        public Optional<GramOffer> gram() {
            return rows.gram().map(PartGram::new);
        }
    }

    /** The part's rows, which do not span the whole's gradient. */
    private record PartGram(RowSpace.GramOffer offer) implements RowSpace.GramOffer {

        @Override
        public long size() {
            return offer.size();
        }

        @Override
        public int parts() {
            return offer.parts();
        }

        @Override
        public double work() {
            return offer.work();
        }

        @Override
        public long bytes() {
            return offer.bytes();
        }

        @Override
        public RowGram open(long limit) {
            return new GramWithoutPreimage(offer.open(limit));
        }
    }

    /** Rows without a preimage of the gradient. */
    private record GramWithoutPreimage(RowGram rows) implements RowGram {

        @Override
        public int size() {
            return rows.size();
        }

        @Override
        public double normalizer() {
            return rows.normalizer();
        }

        @Override
        public double[] penalties() {
            return rows.penalties();
        }

        @Override
        public double[] gram(int part) {
            return rows.gram(part);
        }

        @Override
        public double @Nullable [] preimage() {
            return null;
        }

        @Override
        public void addPenaltyGradient(INDArray v) {
            rows.addPenaltyGradient(v);
        }

        @Override
        public void addPenaltyProduct(INDArray x, INDArray v) {
            rows.addPenaltyProduct(x, v);
        }

        @Override
        public void restrict(int part, INDArray v) {
            rows.restrict(part, v);
        }

        @Override
        public double[] apply(INDArray v) {
            return rows.apply(v);
        }

        @Override
        public void transposed(double[] y, INDArray v) {
            rows.transposed(y, v);
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
                    return system.solve(lambda, corrected(addend), delta);
                }

                @Override
                public void correct(INDArray residual, INDArray delta) {
                    system.correct(residual, delta);
                }
            };
        }
    }
}
