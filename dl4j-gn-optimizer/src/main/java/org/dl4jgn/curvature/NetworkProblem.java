package org.dl4jgn.curvature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.gram.DampedSystem;
import org.dl4jgn.gram.GramSystem;
import org.dl4jgn.gram.JacobianRows;
import org.dl4jgn.gram.ParameterSystem;
import org.dl4jgn.gram.SystemKind;
import org.dl4jgn.gram.UnitCotangents;
import org.dl4jgn.linalg.LinearOperator;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.loss.OutputLoss;
import org.dl4jgn.loss.OutputLosses;
import org.dl4jgn.network.Batch;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.network.L2Penalty;
import org.dl4jgn.network.ParameterSpace;
import org.dl4jgn.plan.ElementwiseThreads;
import org.dl4jgn.plan.ExecutionPlan;
import org.dl4jgn.plan.Program;
import org.dl4jgn.problem.Penalty;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.Problem;
import org.dl4jgn.problem.RowSpace;
import org.dl4jgn.translate.NetworkTranslator;
import org.dl4jgn.translate.ParameterSlot;
import org.dl4jgn.translate.ParameterUse;
import org.dl4jgn.translate.TranslatedNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network's loss, gradient and Gauss-Newton products at a point, for the optimizers: flat vectors in working order,
 * fixed buffers, no copies.
 *
 * <p>Working order holds every parameter array row by row; {@link #toNetworkOrder} and {@link #toWorkingOrder} convert.
 * {@link Linearization} offers the same to users, in DL4J's order.
 *
 * <p>The sequence of a step: {@link #setBatch}, {@link #readParameters}, {@link #evaluate}, {@link #linearize}, then any
 * number of products; then {@link #evaluateAt} for trial points, after which products need a new linearization. One plan
 * is compiled for each batch size, and the last few are kept. Not safe for use by several threads at once.
 */
public final class NetworkProblem implements Problem, AutoCloseable {

    /** Plans kept: full batch and short last batch, each with and without masks. */
    private static final int PLANS = 4;

    /** Elements up to which one thread is at least as fast as two. */
    private static final long SMALL_ARRAY = 65_536;

    private final MultiLayerNetwork net;
    private final ParameterSpace space;
    private final L2Penalty penalty;
    private final INDArray gradient;
    private final INDArray working;
    private final INDArray origin;
    private final INDArray flat;
    private final INDArray written;
    private final INDArray writtenTheta;
    private boolean hasWritten;
    private final List<ParameterSlot> trained;
    private final RunningStatistics statistics;
    private final Program flatToWorking;
    private final Program workingToFlat;
    private final Random random;
    private final Batch.Format format;
    private final Map<PlanKey, CompiledNetwork> plans = new LinkedHashMap<>(8, 0.75f, true);
    private final Map<List<Long>, Long> cotangentBytes = new HashMap<>();
    private @Nullable CompiledNetwork current;

    private record PlanKey(long batch, boolean masked, List<Long> example) {}

    /**
     * Prepares a network; the network's parameters are read when {@link #readParameters} is called, never written.
     *
     * @throws org.dl4jgn.translate.UnsupportedNetworkException if the network has something that is not supported
     */
    public NetworkProblem(MultiLayerNetwork net) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            this.net = net;
            var graph = NetworkTranslator.translateAny(net);
            format = new Batch.Format(
                    NetworkTranslator.check(net),
                    graph.outputs(),
                    OutputLosses.isSparse(OutputLosses.lossOf(net)),
                    OutputLosses.isOnSoftmax(net),
                    net.params().dataType());
            space = new ParameterSpace(net, graph.parameters());
            penalty = L2Penalty.of(net, space);
            trained = graph.trained();
            gradient = space.newVector();
            working = space.newVector();
            origin = space.newVector();
            flat = space.newVector();
            written = space.newVector();
            writtenTheta = space.newVector();
            flatToWorking = space.toWorking(flat, working);
            workingToFlat = space.toNetwork(working, flat);
            random = Nd4j.getRandomFactory().getNewRandomInstance(0);
            try (CompiledNetwork plan = new CompiledNetwork(net, space, 1, false, graph.example())) {
                statistics = new RunningStatistics(plan.jacobian().network().statistics(), space);
            }
        }
    }

    /** d. */
    public long parameterCount() {
        return space.theta.length();
    }

    /**
     * The parts of the parameter vector that are trained, in order: all but running statistics of batch normalization, where
     * gradients and directions are zero.
     */
    public List<Span> trained() {
        List<Span> spans = new ArrayList<>();
        for (ParameterSlot slot : trained) {
            Span last = spans.isEmpty() ? new Span(slot.offset(), 0) : spans.remove(spans.size() - 1);
            if (last.from() + last.length() != slot.offset()) {
                spans.add(last);
                last = new Span(slot.offset(), 0);
            }
            spans.add(new Span(last.from(), last.length() + slot.length()));
        }
        return spans;
    }

    /** c. */
    public long outputs() {
        return format.outputs();
    }

    /** b of the current batch. */
    public long batchSize() {
        return plan().preOutput.size(0);
    }

    @Override
    public long dimension() {
        return parameterCount();
    }

    @Override
    public DataType dataType() {
        return space.theta.dataType();
    }

    @Override
    public double value(INDArray theta) {
        linearized++;
        Vectors.copy(theta, space.theta);
        return evaluate();
    }

    @Override
    public double value(INDArray base, double step, INDArray direction) {
        linearized++;
        return evaluateAt(base, step, direction);
    }

    @Override
    public Point linearize(INDArray theta) {
        Vectors.copy(theta, space.theta);
        Vectors.copy(theta, origin);
        double value = evaluate();
        linearize();
        return new NetworkPoint(value, lossRounding(), lossCurvature(), ++linearized);
    }

    private long linearized;

    /** A point of this network; goes back to it by itself where trial points were evaluated in between. */
    private final class NetworkPoint implements Point {

        private final double value;
        private final double rounding;
        private final double curvature;
        private long stamp;

        NetworkPoint(double value, double rounding, double curvature, long stamp) {
            this.value = value;
            this.rounding = rounding;
            this.curvature = curvature;
            this.stamp = stamp;
        }

        private void goBack() {
            if (stamp != linearized) {
                Vectors.copy(origin, space.theta);
                evaluate();
                linearize();
                linearized++;
                stamp = linearized;
            }
        }

        @Override
        public double value() {
            return value;
        }

        @Override
        public double leastValue() {
            return 0;
        }

        @Override
        public double rounding() {
            return rounding;
        }

        @Override
        public double lossCurvature() {
            return curvature;
        }

        @Override
        public INDArray gradient() {
            return gradient;
        }

        @Override
        public LinearOperator gaussNewton() {
            LinearOperator h = NetworkProblem.this.gaussNewton();
            return (v, product) -> {
                goBack();
                h.apply(v, product);
            };
        }

        @Override
        public Optional<RowSpace> rowSpace() {
            return plan().jacobian().network().assembled() ? Optional.of(new NetworkRowSpace()) : Optional.empty();
        }

        /** The systems of the network. */
        private final class NetworkRowSpace implements RowSpace {

            @Override
            public List<SystemOffer> systems() {
                return Arrays.stream(SystemKind.values())
                        .map(kind -> (SystemOffer) new NetworkOffer(kind))
                        .toList();
            }

            @Override
            public double productWork() {
                return NetworkProblem.this.productWork();
            }

            @Override
            public RowSpace with(Penalty added, INDArray theta) {
                throw new UnsupportedOperationException("the network has its l2 itself");
            }
        }

        /** One of them. */
        private final class NetworkOffer implements RowSpace.SystemOffer {

            private final SystemKind kind;

            NetworkOffer(SystemKind kind) {
                this.kind = kind;
            }

            @Override
            public String name() {
                return kind == SystemKind.GRAM ? "GRAM_CHOLESKY" : "PARAMETER_CHOLESKY";
            }

            @Override
            public long size() {
                return systemRows(kind);
            }

            @Override
            public double work() {
                return systemWork(kind);
            }

            @Override
            public long bytes(DataType type) {
                return systemBytes(kind, type);
            }

            @Override
            public org.dl4jgn.problem.DampedSystem open(DataType type, long limit) {
                goBack();
                DampedSystem system = system(kind, type, limit);
                system.linearize();
                return new org.dl4jgn.problem.DampedSystem() {
                    @Override
                    public boolean solve(double lambda, @Nullable INDArray addend, INDArray delta) {
                        if (addend != null) {
                            throw new UnsupportedOperationException("no addend");
                        }
                        return system.solve(lambda, delta);
                    }

                    @Override
                    public void correct(INDArray residual, INDArray delta) {
                        system.correct(residual, delta);
                    }
                };
            }
        }
    }

    /** A zero vector of length d that lives as long as it is referenced. */
    @Override
    public INDArray newVector() {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return space.newVector();
        }
    }

    /**
     * Takes a mini-batch. Features are read in place: they must not change before the next call.
     *
     * @throws IllegalArgumentException if shapes do not match the network or a value is not finite; nothing is changed
     */
    public void setBatch(@Nullable INDArray features, @Nullable INDArray labels, @Nullable INDArray labelMask) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            Batch batch = Batch.checked(features, labels, labelMask, format);
            CompiledNetwork plan = planFor(batch, labelMask != null);
            plan.setBatch(batch);
            current = plan;
        }
    }

    private CompiledNetwork planFor(Batch batch, boolean masked) {
        List<Long> example = LongStream.of(batch.example()).boxed().toList();
        PlanKey key = new PlanKey(batch.size(), masked, example);
        CompiledNetwork plan = plans.get(key);
        if (plan == null) {
            plan = new CompiledNetwork(net, space, batch.size(), masked, batch.example());
            plans.put(key, plan);
            Iterator<CompiledNetwork> eldest = plans.values().iterator();
            while (plans.size() > PLANS) {
                eldest.next().close();
                eldest.remove();
            }
        }
        return plan;
    }

    /**
     * Draws dropout masks and other noise. The draw is a function of the network's seed and the iteration, so training
     * that is resumed draws what it would have drawn.
     */
    public void draw(int iteration, int epoch) {
        penalty.update(iteration, epoch);
        if (plan().isRandom()) {
            long seed = net.getDefaultConfiguration().getSeed();
            random.setSeed(seed * 0x9E3779B97F4A7C15L + iteration);
            try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                plan().draw(random, iteration, epoch);
            }
        }
    }

    /** θ ← the network's parameters. */
    public void readParameters() {
        INDArray params = net.params();
        Vectors.copy(params, flat);
        Vectors.axpy(-1.0, written, flat);
        // the usual case: nobody changed the parameters since the last step, and a comparison is ten times cheaper
        if (!hasWritten || Vectors.norm1(flat) != 0) {
            toWorkingOrder(params, space.theta);
        } else {
            Vectors.copy(writtenTheta, space.theta);
        }
    }

    /** The network's parameters ← θ, with running statistics of batch normalization as the last linearized batch makes them. */
    public void writeParameters() {
        statistics.write();
        toNetworkOrder(space.theta, net.params());
        Vectors.copy(flat, written);
        Vectors.copy(space.theta, writtenTheta);
        hasWritten = true;
    }

    /** θ, in working order; a live view that every evaluation reads. */
    public INDArray theta() {
        return space.theta;
    }

    /** L(θ), the mean loss with regularization. */
    public double evaluate() {
        return plan().evaluate() + penalty.value(space.theta);
    }

    /** Sets θ ← base + step · direction and returns L there. */
    public double evaluateAt(INDArray base, double step, INDArray direction) {
        Vectors.copy(base, space.theta);
        Vectors.axpy(step, direction, space.theta);
        return evaluate();
    }

    /**
     * Prepares all products at the point evaluated last and computes the gradient g = (1/b)Jᵀr + Dθ.
     *
     * @return g, a live view until the next call
     */
    public INDArray linearize() {
        CompiledNetwork plan = plan();
        plan.linearize();
        plan.residualToCotangent();
        plan.vjp();
        Vectors.copy(space.product, gradient);
        penalty.addProduct(space.theta, gradient);
        statistics.take(plan);
        return gradient;
    }

    /**
     * How far L can be off at the linearization point, because z is known to unit roundoff u only: the model's change of L
     * under an error of size u|z|. Where outputs meet labels this is more than rounding of L itself. To be called after
     * {@link #linearize} and before the products.
     */
    public double lossRounding() {
        CompiledNetwork plan = plan();
        INDArray z = plan.preOutput;
        double unit = z.dataType() == DataType.DOUBLE ? Math.ulp(1.0) : Math.ulp(1.0f);
        double slope = Vectors.norm2(plan.loss().residual) * Vectors.norm2(z) / batchSize();
        Vectors.copy(z, plan.jvp);
        plan.multiplyCurvature();
        double curvature = Vectors.dot(z, plan.cotangent);
        return unit * (slope + unit * curvature / 2);
    }

    /**
     * The mean over examples and outputs of a², where Q = SSᵀ with S = (I − p1ᵀ)·diag(a), at the linearization point: of the
     * diagonal of Q where Q is diagonal, and its upper bound 1/c for cross-entropy on a softmax.
     */
    public double lossCurvature() {
        OutputLoss loss = plan().loss();
        return Vectors.norm1(loss.squaredRoot()) / outputs();
    }

    /** g of the last linearization, in working order. */
    public INDArray gradient() {
        return gradient;
    }

    /**
     * Writes Jᵀr, the gradient of the summed data loss without l2, to {@code flat}, in DL4J's order; and, as DL4J does, for
     * running statistics of batch normalization their change.
     */
    public void dataGradientTo(INDArray flat) {
        Vectors.copy(gradient, space.product);
        penalty.subtractProduct(space.theta, space.product);
        Vectors.scale(batchSize(), space.product);
        toNetworkOrder(space.product, flat);
        statistics.writeChange(plan().jacobian().network().statistics(), flat);
    }

    /** z, [b, c], at the point evaluated last; a live view. */
    public INDArray preOutput() {
        return plan().preOutput;
    }

    /** v: where {@link #jvp()} reads its tangent. */
    public INDArray tangent() {
        return space.tangent;
    }

    /** Where {@link #vjp()} and the Gauss-Newton product write. */
    public INDArray product() {
        return space.product;
    }

    /** u, [b, c]: where {@link #vjp()} reads its cotangent. */
    public INDArray cotangent() {
        return plan().cotangent;
    }

    /** Jv, [b, c], for v in {@link #tangent()}. */
    public INDArray jvp() {
        plan().jvp();
        return plan().jvp;
    }

    /** {@link #product()} ← Jᵀu, for u in {@link #cotangent()}; no 1/b. */
    public void vjp() {
        plan().vjp();
    }

    /**
     * H = (1/b)JᵀQJ + D at the linearization point. One product costs one Jacobian-vector product, one multiplication by Q and
     * one vector-Jacobian product.
     */
    public LinearOperator gaussNewton() {
        return (v, product) -> {
            CompiledNetwork plan = plan();
            Vectors.copy(v, space.tangent);
            plan.jvp();
            plan.multiplyCurvature();
            plan.vjp();
            penalty.addProduct(space.tangent, space.product);
            Vectors.copy(space.product, product);
        };
    }

    /**
     * Bytes that {@link #system} allocates for the current batch size; an upper bound, known before. More than any memory
     * has, if no rows of the network's Jacobian are assembled.
     *
     * @param type the type that the system is computed in
     */
    public long systemBytes(SystemKind kind, DataType type) {
        TranslatedNetwork network = plan().jacobian().network();
        if (!network.assembled()) {
            return Long.MAX_VALUE;
        }
        long b = batchSize();
        int width = type.width();
        long cotangents;
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            cotangents = cotangentBytes.computeIfAbsent(
                    Arrays.stream(network.example()).boxed().toList(),
                    example -> UnitCotangents.bytesOfAnExample(net, space, network.example()));
        }
        return b * cotangents
                + JacobianRows.bytes(network, b, width)
                + switch (kind) {
                    case GRAM -> GramSystem.bytes(b, outputs(), plan().loss().rootRank(), width);
                    case PARAMETERS -> ParameterSystem.bytes(b, outputs(), parameterCount(), width);
                };
    }

    /** Rows of the matrix that a system factors for the current batch size: at most b·c, or d. */
    public long systemRows(SystemKind kind) {
        return switch (kind) {
            case GRAM -> batchSize() * plan().loss().rootRank();
            case PARAMETERS -> parameterCount();
        };
    }

    /**
     * The multiplications that {@link DampedSystem#solve} takes for the current batch size, with the products of every
     * layer; element-wise passes count as the {@value #PASSES} multiplications that take their time.
     */
    public double systemWork(SystemKind kind) {
        double n = systemRows(kind);
        double d = parameterCount();
        double element = plan().jacobian().network().uses().stream()
                .mapToDouble(use -> use.gramWork() + PASSES)
                .sum();
        // unit cotangents, and their rows where weights are shared
        double rows = 2 * outputs() * forwardWork();
        return rows
                + switch (kind) {
                    case GRAM -> n * n * element + n * n * n / 3;
                    case PARAMETERS -> batchSize() * outputs() * d * (d + PASSES) + d * d * d / 3;
                };
    }

    /** The multiplications of one product with H: a tangent and a cotangent, each through weights and activations. */
    public double productWork() {
        return 4 * forwardWork();
    }

    /** The multiplications of a forward pass; layers other than dense ones and convolutions count once a parameter. */
    private double forwardWork() {
        TranslatedNetwork network = plan().jacobian().network();
        double others = network.parameterCount();
        double work = 0;
        for (ParameterUse use : network.uses()) {
            work += use.work();
            others -= use.length();
        }
        return batchSize() * (work + others);
    }

    private static final int PASSES = 32;

    /**
     * A system for the current batch size, computed in {@code type}. It is made at the first call and kept with the plan
     * of the batch size; those of other batch sizes are freed where all together would take more than {@code limit} bytes.
     */
    public DampedSystem system(SystemKind kind, DataType type, long limit) {
        CompiledNetwork.KeptSystem kept = plan().system();
        if (kept != null && kept.kind() == kind && kept.type() == type) {
            return kept.system();
        }
        plan().keep(null);
        long bytes = systemBytes(kind, type);
        long total = bytes;
        for (CompiledNetwork other : plans.values()) {
            CompiledNetwork.KeptSystem others = other.system();
            if (others != null) {
                total += others.bytes();
            }
        }
        if (total > limit) {
            plans.values().forEach(other -> other.keep(null));
        }
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            JacobianRows rows = new JacobianRows(net, space, plan(), type, kind == SystemKind.GRAM);
            DampedSystem system = switch (kind) {
                case GRAM -> new GramSystem(plan(), rows, space, penalty);
                case PARAMETERS -> new ParameterSystem(this, rows, penalty);
            };
            plan().keep(new CompiledNetwork.KeptSystem(kind, type, bytes, system));
            return system;
        }
    }

    public List<ParameterSlot> slots() {
        return space.slots();
    }

    /** The rows of J for the current batch size, in {@code type}; the caller closes them. */
    JacobianRows rows(DataType type) {
        return new JacobianRows(net, space, plan(), type, false);
    }

    /** Copies {@code from}, in working order, to {@code to}, in DL4J's order; both dense arrays of d elements. */
    public void toNetworkOrder(INDArray from, INDArray to) {
        Vectors.copy(from, working);
        workingToFlat.run();
        Vectors.copy(flat, to);
    }

    /** Copies {@code from}, in DL4J's order, to {@code to}, in working order; both dense arrays of d elements. */
    public void toWorkingOrder(INDArray from, INDArray to) {
        Vectors.copy(from, flat);
        flatToWorking.run();
        Vectors.copy(working, to);
    }

    /** The columns of {@code rows}, [n, d] in working order, in DL4J's order. */
    INDArray rowsToNetworkOrder(INDArray rows) {
        return space.rowsToNetworkOrder(rows);
    }

    /** Outputs of all layers but the last at the point evaluated last, as live views. */
    public List<INDArray> activations() {
        return plan().activations();
    }

    /** The compiled plan of the current batch size, for inspection. */
    public ExecutionPlan executionPlan() {
        return plan().plan();
    }

    /**
     * To be open around the work of a step: element-wise operations on one thread where their arrays are small.
     *
     * <p>Float only: in double ND4J's tanh and sigmoid take up to 9 ns an element, which two threads do share with profit.
     */
    public ElementwiseThreads threads() {
        return ElementwiseThreads.one(
                space.theta.dataType() == DataType.FLOAT && plan().largestActivation() <= SMALL_ARRAY);
    }

    private CompiledNetwork plan() {
        if (current == null) {
            throw new IllegalStateException("No batch was set; call setBatch first");
        }
        return current;
    }

    @Override
    public void close() {
        plans.values().forEach(CompiledNetwork::close);
        plans.clear();
        current = null;
        space.close();
        gradient.close();
        working.close();
        flat.close();
        written.close();
        writtenTheta.close();
    }
}
