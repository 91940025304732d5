package org.dl4jgn.samediff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dl4jgn.translate.AffineUse;
import org.dl4jgn.translate.BatchShape;
import org.dl4jgn.translate.FeatureFormat;
import org.dl4jgn.translate.FeatureShape;
import org.dl4jgn.translate.LayerOutput;
import org.dl4jgn.translate.Model;
import org.dl4jgn.translate.NetworkHead;
import org.dl4jgn.translate.NetworkInput;
import org.dl4jgn.translate.ParameterLayout;
import org.dl4jgn.translate.ParameterSlot;
import org.dl4jgn.translate.ParameterUse;
import org.dl4jgn.translate.Regularized;
import org.dl4jgn.translate.TranslatedNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * A SameDiff graph as a {@link Model}: features are placeholders [b, ...], heads are outputs [b, c] with a loss each.
 *
 * <p>The parameters live in the graph's variables and, for the steps, in one vector: {@link #pull} and {@link #push} copy between
 * them.
 */
final class SameDiffModel implements Model {

    private final SameDiff graph;
    private final List<String> inputs;
    private final List<GraphHead> heads;
    private final List<ParameterSlot> slots = new ArrayList<>();
    private final List<AffineUses.Use> uses;
    private final long[] outputs;
    private final DataType type;
    private final double l2;
    private final INDArray params;
    private final List<INDArray> views = new ArrayList<>();
    private int iteration;
    private int epoch;

    /**
     * Reads a graph.
     *
     * @param inputs names of the placeholders that are features, in the order in which data sets have them
     * @param l2 coefficient of the variables that are matrices
     */
    SameDiffModel(SameDiff graph, List<String> inputs, List<GraphHead> heads, double l2) {
        this.graph = graph;
        this.inputs = List.copyOf(inputs);
        this.heads = List.copyOf(heads);
        this.l2 = l2;
        List<String> names = heads.stream().map(GraphHead::output).toList();
        names.forEach(this::requireVariable);
        type = graph.getVariable(names.get(0)).dataType();
        if (type != DataType.FLOAT && type != DataType.DOUBLE) {
            throw new IllegalArgumentException(
                    "Output '" + names.get(0) + "' is of type " + type + "; FLOAT and DOUBLE can be trained");
        }
        requireInputs(names);
        GraphParameters found = GraphParameters.of(graph, names, type);
        Set<String> trained = new LinkedHashSet<>();
        found.slots().forEach(slot -> trained.add(slot.name()));
        uses = AffineUses.of(graph, inputs, names, trained);
        layOut(found);
        params = Nd4j.createUninitializedDetached(
                type, 1, slots.stream().mapToLong(ParameterSlot::length).sum());
        slots.forEach(slot -> views.add(params.reshape(params.length())
                .get(NDArrayIndex.interval(slot.offset(), slot.offset() + slot.length()))));
        pull();
        outputs = sizes(names);
    }

    private void requireVariable(String name) {
        if (graph.getVariable(name) == null) {
            throw new IllegalArgumentException("The graph has no variable '" + name + "'");
        }
    }

    private void requireInputs(List<String> names) {
        for (String name : GraphParameters.ancestors(graph, names)) {
            SDVariable variable = graph.getVariable(name);
            if (variable.getVariableType() == VariableType.PLACEHOLDER) {
                if (!inputs.contains(name)) {
                    throw new IllegalArgumentException("The outputs " + names + " depend on placeholder '" + name
                            + "', which is none of the features " + inputs);
                }
                if (variable.getShape() == null || variable.getShape().length < 2) {
                    throw new IllegalArgumentException("Placeholder '" + name + "' has shape "
                            + Arrays.toString(variable.getShape()) + ", but features are [batch, ...]");
                }
            }
        }
    }

    /** Layers' weights with their biases behind them, and then the others. */
    private void layOut(GraphParameters found) {
        Map<String, GraphParameters.Slot> open = new HashMap<>();
        found.slots().forEach(slot -> open.put(slot.name(), slot));
        List<String> order = new ArrayList<>();
        for (AffineUses.Use use : uses) {
            order.add(use.weight());
            if (use.bias() != null) {
                order.add(use.bias());
            }
        }
        found.slots().stream()
                .map(GraphParameters.Slot::name)
                .filter(n -> !order.contains(n))
                .forEach(order::add);
        long offset = 0;
        for (String name : order) {
            GraphParameters.Slot slot = found.slot(name);
            long[] shape = slot.shape();
            int[] axes = new int[shape.length];
            Arrays.setAll(axes, i -> i);
            slots.add(new ParameterSlot(name, slots.size(), name, offset, shape, new ParameterLayout(shape, axes)));
            offset += slot.length();
        }
    }

    /** c of each head, by evaluating the graph for two examples of zeros. */
    private long[] sizes(List<String> names) {
        Map<String, INDArray> zeros = new HashMap<>();
        for (String input : inputs) {
            long[] shape = graph.getVariable(input).getShape().clone();
            shape[0] = 2;
            for (int i = 1; i < shape.length; i++) {
                if (shape[i] < 0) {
                    throw new IllegalArgumentException("Placeholder '" + input + "' has shape "
                            + Arrays.toString(graph.getVariable(input).getShape())
                            + "; all but the first of its sizes must be known");
                }
            }
            zeros.put(input, Nd4j.zeros(graph.getVariable(input).dataType(), shape));
        }
        Map<String, INDArray> found = graph.output(zeros, names);
        long[] sizes = new long[names.size()];
        for (int i = 0; i < sizes.length; i++) {
            INDArray z = found.get(names.get(i));
            if (z == null || z.rank() != 2 || z.size(0) != 2) {
                throw new IllegalArgumentException("Output '" + names.get(i) + "' has shape "
                        + (z == null ? "none" : Arrays.toString(z.shape()))
                        + " for two examples; a head must be [batch, outputs]");
            }
            sizes[i] = z.size(1);
        }
        return sizes;
    }

    /** The vector ← the graph's variables. */
    void pull() {
        for (int i = 0; i < views.size(); i++) {
            INDArray value = graph.getVariable(slots.get(i).variable()).getArr();
            views.get(i).assign(value.reshape(value.length()));
        }
    }

    /** The graph's variables ← the vector. */
    void push() {
        for (int i = 0; i < views.size(); i++) {
            INDArray value = graph.getVariable(slots.get(i).variable()).getArr();
            value.assign(views.get(i).reshape(value.shape()));
        }
    }

    void setProgress(int steps, int epochs) {
        iteration = steps;
        epoch = epochs;
    }

    @Override
    public DataType type() {
        return type;
    }

    @Override
    public INDArray params() {
        return params;
    }

    @Override
    public long seed() {
        return 0;
    }

    @Override
    public int iteration() {
        return iteration;
    }

    @Override
    public int epoch() {
        return epoch;
    }

    @Override
    public List<FeatureFormat> features() {
        return inputs.stream()
                .map(name -> new FeatureFormat(List.of(new FeatureShape(example(name), true)), 0))
                .toList();
    }

    private long[] example(String input) {
        long[] shape = graph.getVariable(input).getShape();
        return Arrays.copyOfRange(shape, 1, shape.length);
    }

    @Override
    public TranslatedNetwork translate(BatchShape batch) {
        SameDiff copy = graph.dup();
        List<NetworkInput> features = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            features.add(input(copy, inputs.get(i), i, batch));
        }
        List<NetworkHead> ends = new ArrayList<>();
        for (int i = 0; i < heads.size(); i++) {
            LayerOutput z = new LayerOutput(copy.getVariable(heads.get(i).output()), new long[] {outputs[i]}, true);
            ends.add(new NetworkHead(heads.get(i).head(i, outputs[i]), z, batch.size()));
        }
        List<ParameterUse> layers = uses.stream()
                .map(use -> (ParameterUse) new AffineUse(
                        slot(use.weight()),
                        biasSlot(use),
                        copy.getVariable(use.input()),
                        copy.getVariable(use.output())))
                .toList();
        List<String> unassembled = uses.isEmpty()
                ? List.of("the graph, which is no chain of dense layers that keep examples apart")
                : List.of();
        return new TranslatedNetwork(
                copy,
                batch,
                features,
                slots,
                List.of(),
                List.of(),
                layers,
                unassembled,
                List.of(),
                Map.of(),
                ends,
                List.of(),
                Map.of());
    }

    private @Nullable ParameterSlot biasSlot(AffineUses.Use use) {
        return use.bias() == null ? null : slot(use.bias());
    }

    private ParameterSlot slot(String name) {
        return slots.stream().filter(s -> s.variable().equals(name)).findFirst().orElseThrow();
    }

    /** Features come as [b, n]: a placeholder of more dimensions is read through a reshape. */
    private NetworkInput input(SameDiff copy, String name, int index, BatchShape batch) {
        long[] shape = {batch.size(), batch.length(index)};
        SDVariable placeholder = copy.getVariable(name);
        if (placeholder.getShape().length == 2) {
            return new NetworkInput(placeholder, shape, NetworkInput.Source.FEATURES, index);
        }
        SDVariable rows = copy.placeHolder(name + "-rows", type, shape);
        long[] whole = graph.getVariable(name).getShape().clone();
        whole[0] = batch.size();
        List<SameDiffOp> readers = copy.getOps().values().stream()
                .filter(op -> op.getInputsToOp().contains(name))
                .toList();
        SDVariable shaped = rows.reshape(whole);
        for (SameDiffOp reader : readers) {
            List<String> in = reader.getInputsToOp();
            for (int i = 0; i < in.size(); i++) {
                if (in.get(i).equals(name)) {
                    copy.replaceArgFor(i, shaped, reader.getOp());
                }
            }
        }
        return new NetworkInput(rows, shape, NetworkInput.Source.FEATURES, index);
    }

    @Override
    public TranslatedNetwork translateAny() {
        return translate(BatchShape.of(1, inputs.stream().map(this::example).toArray(long[][]::new)));
    }

    @Override
    public Regularized regularization(ParameterSlot slot) {
        List<Regularization> terms = l2 > 0 && slot.shape().length > 1 ? List.of(new L2Regularization(l2)) : List.of();
        return new Regularized("Variable '" + slot.variable() + "'", terms);
    }
}
