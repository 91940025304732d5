package org.dl4jgn.gram;

import java.util.List;
import java.util.Optional;
import org.dl4jgn.gram.DampedDiagonal.PenaltyAt;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.network.ParameterSpace;
import org.dl4jgn.problem.DampedSystem;
import org.dl4jgn.problem.LayerFactors;
import org.dl4jgn.problem.Penalty;
import org.dl4jgn.problem.RowGram;
import org.dl4jgn.problem.RowSpace;
import org.dl4jgn.translate.BatchShape;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The rows of SᵀJ of a compiled network at a point, and the systems that are made of them; everything that is large is kept
 * in the {@link SystemCache} for the next point.
 */
public final class NetworkRowSpace implements RowSpace {

    private final LinearizedAt at;
    private final NetworkCosts costs;
    private final @Nullable PenaltyAt penalty;

    /** D on each part. */
    private final double[] levels;

    /**
     * A compiled network at a linearization point.
     *
     * @param network the network
     * @param space where it reads parameters and tangents, and writes products
     * @param graphs its graph, for other numbers of examples
     * @param position the point
     * @param systems what is kept for the network
     */
    public record LinearizedAt(
            CompiledNetwork network,
            ParameterSpace space,
            GraphSource graphs,
            NetworkPosition position,
            SystemCache systems) {

        private boolean hasRows() {
            return network.jacobian().network().assembled()
                    && network.heads().stream().allMatch(head -> head.loss.hasRoot());
        }
    }

    private NetworkRowSpace(LinearizedAt at, NetworkCosts costs, @Nullable PenaltyAt penalty) {
        this.at = at;
        this.costs = costs;
        this.penalty = penalty;
        levels = penalty == null ? new double[1] : penalty.penalty().levels();
    }

    /** The row space, without D; empty if rows of the network are not formed. */
    public static Optional<RowSpace> of(LinearizedAt at) {
        return at.hasRows()
                ? Optional.of(new NetworkRowSpace(at, new NetworkCosts(at.network), null))
                : Optional.empty();
    }

    /**
     * The factors of the rows of each dense layer, in the network's type; empty if rows are not formed. The arrays are valid
     * as long as the point is. Cost: the unit cotangents, at the first call at a point; their memory has no limit.
     */
    public static List<LayerFactors> layerFactors(LinearizedAt at) {
        if (!at.hasRows()) {
            return List.of();
        }
        DataType type = at.space.theta.dataType();
        SystemCache.Key key = new SystemCache.Key(at.network, at.network.normalizer(), NetworkRows.class, type);
        return at.systems
                .open(key, 0, Long.MAX_VALUE, at.position, () -> rows(at, type, true))
                .at(at.position)
                .factors();
    }

    private static NetworkRows rows(LinearizedAt at, DataType type, boolean reduced) {
        return new NetworkRows(at.graphs, at.space, at.network, type, reduced);
    }

    private static long rowBytes(LinearizedAt at, NetworkCosts costs, DataType type) {
        BatchShape example = at.network.jacobian().network().batch().ofSize(1);
        long cotangents = at.systems.cotangentBytes(
                example,
                () -> UnitCotangents.bytesOfAnExample(
                        at.graphs.differentiated(at.network.outputs()), at.space.theta, at.network));
        return costs.rowBytes(cotangents, type.width());
    }

    @Override
    public List<SystemOffer> systems() {
        RowCosts rows = costs.rows();
        return ExactMethod.ALL.stream()
                .map(method -> (SystemOffer) new Offer(method, rows))
                .toList();
    }

    @Override
    public double productWork() {
        return costs.productWork();
    }

    @Override
    public Optional<RowSpace> with(Penalty added, INDArray theta) {
        if (added.isZero()) {
            return Optional.of(this);
        }
        boolean fits = at.space.slots().stream()
                .map(slot -> new Span(slot.offset(), slot.length()))
                .allMatch(added::isConstantOn);
        return penalty == null && fits
                ? Optional.of(new NetworkRowSpace(at, costs, new PenaltyAt(added, theta)))
                : Optional.empty();
    }

    @Override
    public List<GramOffer> grams() {
        RowCosts rows = costs.rows();
        GramOffer formed = new FormedOffer(rows, true);
        boolean hasKernel = levels.length == 1 && TangentKernel.isFor(at.network.jacobian());
        return hasKernel ? List.of(formed, new KernelOffer(rows, true)) : List.of(formed);
    }

    /** The rows and their Gram matrices, in the network's type. */
    private abstract class RowGramOffer implements GramOffer {

        final RowCosts rows;
        private final boolean spansGradient;

        RowGramOffer(RowCosts rows, boolean spansGradient) {
            this.rows = rows;
            this.spansGradient = spansGradient;
        }

        final DataType type() {
            return at.space.theta.dataType();
        }

        @Override
        public long size() {
            return rows.examples() * rows.rank();
        }

        @Override
        public int parts() {
            return levels.length;
        }

        @Override
        public RowGram open(long limit) {
            SystemCache.Key key = new SystemCache.Key(at.network, at.network.normalizer(), getClass(), type());
            SystemCache.Kept<PointRows> kept = at.systems.open(key, bytes(), limit, at.position, this::make);
            return new OpenRowGram(kept, at.position, penalty, levels, spansGradient);
        }

        /** What is kept. */
        abstract PointRows make();
    }

    /** With Gram matrices that are formed. */
    private final class FormedOffer extends RowGramOffer {

        FormedOffer(RowCosts rows, boolean spansGradient) {
            super(rows, spansGradient);
        }

        @Override
        public double work() {
            return rows.formingWork() + productWork() * rows.elementWork();
        }

        @Override
        public double productWork() {
            double n = size();
            return parts() * n * n;
        }

        @Override
        public long bytes() {
            return rowBytes(at, costs, type()) + GramOfRows.bytes(rows);
        }

        @Override
        public GramOffer withAnotherGradient() {
            return new FormedOffer(rows, false);
        }

        @Override
        PointRows make() {
            return new GramOfRows(rows(at, type(), true));
        }
    }

    /** With products by the tangent kernel. */
    private final class KernelOffer extends RowGramOffer {

        KernelOffer(RowCosts rows, boolean spansGradient) {
            super(rows, spansGradient);
        }

        @Override
        public double work() {
            return costs.kernelFormingWork();
        }

        @Override
        public double productWork() {
            return costs.kernelWork();
        }

        @Override
        public long bytes() {
            return costs.kernelBytes(type().width());
        }

        @Override
        public GramOffer withAnotherGradient() {
            return new KernelOffer(rows, false);
        }

        @Override
        PointRows make() {
            return new KernelRows(at.graphs, at.space, at.network);
        }
    }

    /** One method, with its costs for these rows. */
    private final class Offer implements SystemOffer {

        private final ExactMethod method;
        private final RowCosts rows;

        Offer(ExactMethod method, RowCosts rows) {
            this.method = method;
            this.rows = rows;
        }

        @Override
        public String name() {
            return method.name();
        }

        @Override
        public long size() {
            return method.size(rows);
        }

        @Override
        public double work() {
            return method.work(rows);
        }

        @Override
        public long bytes(DataType type) {
            return rowBytes(at, costs, type) + method.bytes(rows, type.width());
        }

        @Override
        public SystemOffer keeping() {
            return new Offer(method.keeping(), rows);
        }

        @Override
        public DampedSystem open(DataType type, long limit) {
            SystemCache.Kept<ExactSystem> kept = at.systems.open(
                    new SystemCache.Key(at.network, at.network.normalizer(), method, type),
                    bytes(type),
                    limit,
                    at.position,
                    () -> method.make(rows(at, type, method.reducesRows())));
            return new OpenSystem(kept, at.position, penalty);
        }
    }
}
