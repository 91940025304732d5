package org.dl4jgn.curvature;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.dl4jgn.gram.JacobianRows;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.network.MiniBatch;
import org.dl4jgn.plan.Program;
import org.dl4jgn.translate.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network linearized at its parameters and a batch: loss, gradient, and products with the Jacobian J = ∂z/∂θ and the
 * Gauss-Newton matrix H = (1/b)JᵀQJ + D.
 *
 * <pre>{@code
 * try (Linearization at = GaussNewton.linearize(net)) {
 *     at.at(features, labels);
 *     INDArray hv = at.ggnVectorProduct(at.gradient());
 * }
 * }</pre>
 *
 * <p>Notation: b examples, c outputs, d parameters; z = f(x; θ) are the pre-activations of the output layer, [b, c].
 * Flat vectors have shape [d], in the order of {@code net.params()}. Loss and gradient are those of DL4J: means over the
 * examples of the batch, with l2; l1 and weight decay are in neither. Layers run in training mode; dropout is drawn anew by each {@link #at}, from the
 * network's seed and iteration count, and stays fixed for all products.
 *
 * <p>Returned arrays are the caller's. The network's parameters are never changed. Not safe for use by several threads.
 */
public final class Linearization implements AutoCloseable {

    private final Model model;
    private final NetworkProblems problems;
    private final WorkingParameters parameters;
    private final Buffers buffers = new Buffers();
    private final INDArray vector;
    private final INDArray product;
    private @Nullable NetworkPoint point;
    private boolean closed;

    /**
     * Prepares to linearize a model.
     *
     * @throws org.dl4jgn.translate.UnsupportedNetworkException if the model has something that is not supported
     */
    public Linearization(Model model) {
        this.model = model;
        problems = new NetworkProblems(model);
        parameters = new WorkingParameters(model, problems.order());
        vector = buffers.allocate(model.type(), model.parameterCount());
        product = buffers.allocate(model.type(), model.parameterCount());
    }

    /** As {@link #at(INDArray, INDArray, INDArray)} without a mask. */
    public Linearization at(INDArray features, INDArray labels) {
        return at(features, labels, null);
    }

    /**
     * Linearizes at the network's current parameters and a batch, which is copied. Cost: one forward and one backward pass.
     *
     * @param features [b, nIn]
     * @param labels [b, c]; [b, 1] class indices for SPARSE_MCXENT
     * @param labelMask null, [b, 1], or, except for a softmax output, [b, c]; of zeros and ones
     * @return this
     * @throws IllegalArgumentException if shapes do not match the network or a value is not finite; the point stays as
     *     it was
     */
    public Linearization at(INDArray features, INDArray labels, @Nullable INDArray labelMask) {
        return at(MiniBatch.of(features, labels, labelMask));
    }

    /**
     * As {@link #at(INDArray, INDArray, INDArray)}, of sequences that may have a mask of their features.
     *
     * @param featureMask null or [b, T], of zeros and ones
     * @param labelMask null, [b, T], or, except for a softmax output, the labels' shape
     */
    public Linearization at(
            INDArray features, INDArray labels, @Nullable INDArray featureMask, @Nullable INDArray labelMask) {
        return at(new MiniBatch(
                Collections.singletonList(features),
                Collections.singletonList(featureMask),
                Collections.singletonList(labels),
                Collections.singletonList(labelMask)));
    }

    /** As {@link #at(INDArray, INDArray, INDArray, INDArray)}, of a data set with its masks. */
    public Linearization at(DataSet batch) {
        Objects.requireNonNull(batch, "batch must not be null");
        return at(batch.getFeatures(), batch.getLabels(), batch.getFeaturesMaskArray(), batch.getLabelsMaskArray());
    }

    /** The same at a mini-batch of a network with several inputs or outputs. */
    public Linearization at(MultiDataSet batch) {
        Objects.requireNonNull(batch, "batch must not be null");
        return at(MiniBatch.of(
                batch.getFeatures(), batch.getFeaturesMaskArrays(), batch.getLabels(), batch.getLabelsMaskArrays()));
    }

    private Linearization at(MiniBatch batch) {
        requireOpen();
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            NetworkProblem next = problems.of(batch.withOwnFeatures(), model.iteration(), model.epoch());
            point = next.linearize(parameters.read());
            return this;
        }
    }

    /** L = (1/b) Σᵢ ℓ(o(zᵢ), yᵢ) + ½θᵀDθ, exact where DL4J's score clips probabilities. */
    public double loss() {
        return point().value();
    }

    /** z, [b, c], of a network with one output. */
    public INDArray preOutput() {
        return only(preOutputs());
    }

    /** z of each output, as DL4J arranges it: [b, c] each, and [b, c, steps] of sequences. */
    public List<INDArray> preOutputs() {
        return copies(point().preOutputs());
    }

    /** g = (1/b)Jᵀr + Dθ, [d], with r = ∂(ℓ∘o)/∂z. */
    public INDArray gradient() {
        return inNetworkOrder(point().gradient());
    }

    /**
     * Jv: the directional derivative of z along v, of a network with one output.
     *
     * @param v [d]
     * @return of the shape of z
     */
    public INDArray jvp(INDArray v) {
        return only(jvps(v));
    }

    /** Jv for each output, each of the shape of its z. */
    public List<INDArray> jvps(INDArray v) {
        return copies(point().jvp(inWorkingOrder(v)));
    }

    /**
     * Jᵀu, without 1/b, summed over the outputs.
     *
     * @param u one for each output, of the shape of its z
     * @return [d]
     */
    public INDArray vjp(INDArray... u) {
        NetworkPoint at = point();
        List<long[]> shapes = at.outputShapes();
        if (u.length != shapes.size()) {
            throw new IllegalArgumentException(
                    "The network has " + shapes.size() + " outputs, got cotangents for " + u.length);
        }
        for (int i = 0; i < u.length; i++) {
            if (!Arrays.equals(u[i].shape(), shapes.get(i))) {
                throw new IllegalArgumentException((u.length == 1 ? "u" : "u of output " + i) + " must have shape "
                        + Arrays.toString(shapes.get(i)) + ", got " + Arrays.toString(u[i].shape()));
            }
        }
        return inNetworkOrder(at.vjp(List.of(u)));
    }

    private INDArray only(List<INDArray> heads) {
        if (heads.size() != 1) {
            throw new IllegalStateException(
                    "The network has " + heads.size() + " outputs; ask for all of them, by preOutputs() or jvps(v)");
        }
        return heads.get(0);
    }

    private static List<INDArray> copies(List<INDArray> views) {
        return views.stream().map(view -> view.dup('c')).toList();
    }

    /**
     * Hv = (1/b)JᵀQJv + Dv, without damping. Cost: one Jacobian-vector and one vector-Jacobian product.
     *
     * @param v [d]
     * @return [d]
     */
    public INDArray ggnVectorProduct(INDArray v) {
        point().gaussNewton().apply(inWorkingOrder(v), product);
        return inNetworkOrder(product);
    }

    /**
     * JJᵀ, without Q, 1/b or damping, formed layer by layer without J. Cost for dense layers: (bc)²·nOut + b²·nIn each;
     * memory 16(bc)² bytes.
     *
     * @return [b·c, b·c]; row and column i·c + k belong to example i and output k
     */
    public INDArray gram() {
        return withRows(rows -> {
            long n = rows.b * rows.c;
            INDArray matrix = Nd4j.createUninitialized(rows.type, n, n);
            rows.weigh(index -> 1.0);
            try (INDArray room = Nd4j.createUninitializedDetached(rows.type, JacobianRows.roomLength(rows.b, rows.c));
                    Program program = new Program()) {
                rows.appendGram(program, matrix, false, room);
                program.run();
            }
            return point().rowOrder().rowsAndColumns(matrix);
        });
    }

    /**
     * J = ∂z/∂θ. Memory 16·b·c·d bytes: for small problems; {@link #jvp}, {@link #vjp} and {@link #gram} do without it.
     *
     * @return [b·c, d]; row i·c + k belongs to example i and output k
     */
    public INDArray jacobian() {
        return withRows(rows -> {
            INDArray result = Nd4j.zeros(rows.type, rows.b * rows.c, problems.parameterCount());
            try (Program program = new Program()) {
                rows.appendRows(program, 0, rows.b, result);
                program.run();
            }
            return point().rowOrder().rows(problems.order().rowsToNetworkOrder(result));
        });
    }

    /**
     * The gradient of each example's own loss, Jᵢᵀrᵢ: not divided by b and without regularization, so that the mean of the
     * rows plus Dθ is {@link #gradient()}. Cost: one reverse pass of b·c examples.
     *
     * @return [b, d]
     */
    public INDArray perExampleGradients() {
        return withRows(rows -> {
            rows.project();
            INDArray result = Nd4j.zeros(rows.type, rows.b, problems.parameterCount());
            try (Program program = new Program()) {
                rows.appendPerExample(program, result);
                program.run();
            }
            return problems.order().rowsToNetworkOrder(result);
        });
    }

    /** Computes in float64 and returns in the network's type. */
    private INDArray withRows(Function<JacobianRows, INDArray> query) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
                JacobianRows rows = point().rows(DataType.DOUBLE)) {
            rows.load();
            return query.apply(rows).castTo(model.type());
        }
    }

    private INDArray inWorkingOrder(INDArray v) {
        point();
        if (v.length() != problems.parameterCount() || v.rank() > 1 && !v.isRowVector()) {
            throw new IllegalArgumentException("v must have shape [" + problems.parameterCount()
                    + "], one element for each of the network's parameters, got " + Arrays.toString(v.shape()));
        }
        problems.order().toWorkingOrder(v.castTo(model.type()).dup('c').reshape(v.length()), vector);
        return vector;
    }

    private INDArray inNetworkOrder(INDArray working) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray result = Nd4j.createUninitialized(working.dataType(), working.length());
            problems.order().toNetworkOrder(working, result);
            return result;
        }
    }

    private NetworkPoint point() {
        requireOpen();
        if (point == null) {
            throw new IllegalStateException("Call at(features, labels) first");
        }
        return point;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("This linearization is closed; make a new one");
        }
    }

    /** Frees all buffers; the linearization cannot be used afterwards. Closing it again does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            parameters.close();
            problems.close();
            buffers.close();
        }
    }
}
