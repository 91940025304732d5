package org.dl4jgn.translate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.dl4jgn.ops.Recurrence;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;

/** What a {@link LayerTranslator} writes to: the graph so far, and the declarations of parameters and noise. */
public final class GraphWriter {

    private final Refusals refusals = new Refusals();
    private final SameDiff graph;
    private final DataType type;
    private final List<ParameterSlot> parameters = new ArrayList<>();
    private final List<NoiseSlot> noise = new ArrayList<>();
    private final List<ParameterUse> uses = new ArrayList<>();
    private int layer;
    private String layerName = "";
    private long offset;
    private String prefix = "";
    private boolean carriesState;
    private final List<StateSlot> states = new ArrayList<>();
    private final Map<Integer, Long> classes = new LinkedHashMap<>();
    private final List<NetworkInput> inputs = new ArrayList<>();
    private final List<RunningStatistic> statistics = new ArrayList<>();
    private final List<String> unassembled = new ArrayList<>();
    private final Map<Integer, SDVariable> labels = new LinkedHashMap<>();
    private final Map<String, Activations> networkInputs = new LinkedHashMap<>();
    private boolean examplesInPlace = true;
    private final FrozenParameters frozen = new FrozenParameters();
    private final WeightNoises weightNoises = new WeightNoises(this);

    GraphWriter(SameDiff graph, DataType type) {
        this.graph = graph;
        this.type = type;
    }

    /** Number of the layer that is written. */
    int layer() {
        return layer;
    }

    /** How messages name the layer that is being written. */
    public String layerName() {
        return layerName;
    }

    void startLayer(int index, Layer conf) {
        layer = index;
        layerName = describe(index, conf);
        weightNoises.of(null);
    }

    void startVertex(int index, String name, GraphVertex conf) {
        layer = index;
        layerName = describe(name, conf);
        weightNoises.of(null);
    }

    /** Takes the features of an input as what vertices know it by. */
    void nameInput(String name, Activations features) {
        networkInputs.put(name, features);
    }

    /** The features of an input of the network, by the input's name. */
    Activations networkInput(String name) {
        Activations features = networkInputs.get(name);
        if (features == null) {
            throw unsupported("a reference to '" + name + "'", networkInputs.keySet());
        }
        return features;
    }

    /** Says whether the examples of what is written next are those of the network, in its order. */
    void setExamplesInPlace(boolean inPlace) {
        examplesInPlace = inPlace;
    }

    /** The graph. */
    public SameDiff graph() {
        return graph;
    }

    /** Declares the next parameter of the layer, which DL4J has in the same order; the calls follow DL4J's order. */
    public SDVariable parameter(String key, long... shape) {
        return parameter(key, ParameterLayout.same(shape), shape);
    }

    /** Declares the next parameter of the layer; the calls follow DL4J's order. */
    public SDVariable parameter(String key, ParameterLayout layout, long... shape) {
        return weightNoises.on(key, part("", key, layout, shape), shape);
    }

    /** The parameters of this layer that are declared from now on have its weight noise, if it has any. */
    void weightNoise(BaseLayer conf) {
        weightNoises.of(conf);
    }

    /**
     * Declares the next part of a parameter that DL4J has as one array, of which this part is dense.
     *
     * @param part its name among the parts
     */
    SDVariable part(String part, String key, ParameterLayout layout, long... shape) {
        String whole = prefix + key;
        ParameterSlot slot = new ParameterSlot(layer + "_" + whole + part, layer, whole, offset, shape, layout);
        parameters.add(slot);
        frozen.declare(slot);
        offset += slot.length();
        return graph.placeHolder(slot.variable(), type, shape);
    }

    /** Writes a layer that is a part of the present one, in which DL4J's names of its parameters have a prefix. */
    <T> T within(String inner, Supplier<T> part) {
        String before = prefix;
        prefix = before + inner;
        try {
            return part.get();
        } finally {
            prefix = before;
        }
    }

    /**
     * Declares that the layer computes {@code output = input·weights + bias}, of which Gram matrices are assembled.
     *
     * @param bias null for none
     */
    public void affine(SDVariable input, SDVariable weights, @Nullable SDVariable bias, SDVariable output) {
        affine(input, weights, bias, output, 1);
    }

    /** The same for rows of which each example has so many. */
    void affine(
            SDVariable input, SDVariable weights, @Nullable SDVariable bias, SDVariable output, long rowsOfExample) {
        if (rowsOfExample > 1) {
            convolution(input, weights, bias, output, rowsOfExample);
            return;
        }
        if (!hasRows(weights, bias)) {
            return;
        }
        uses.add(new AffineUse(slot(weights), bias == null ? null : slot(bias), input, output));
    }

    /**
     * Declares that the layer computes {@code output = patches·weights + bias} for each position of an example.
     *
     * @param bias null for none
     */
    public void convolution(
            SDVariable patches, SDVariable weights, @Nullable SDVariable bias, SDVariable output, long positions) {
        if (!hasRows(weights, bias)) {
            return;
        }
        uses.add(new ConvolutionUse(slot(weights), bias == null ? null : slot(bias), patches, output, positions));
    }

    /** Declares that the gates of an LSTM read its cells through the peepholes {@code weights} at each step of an example. */
    void peepholes(SDVariable weights, Recurrence layer, SDVariable output, long steps) {
        if (hasRows(weights, null)) {
            uses.add(new PeepholeUse(slot(weights), layer.previousCells(), layer.cells(), output, steps));
        }
    }

    /**
     * Declares that no rows of the Jacobian are formed of this layer: its parameters enter in another way than those above,
     * or outputs of one example depend on the others.
     */
    public void withoutRows() {
        if (!frozen.isWriting()) {
            unassembled.add(layerName);
        }
    }

    /** Whether rows can be formed of the layer that is written, which else is noted. */
    private boolean hasRows(SDVariable weights, @Nullable SDVariable bias) {
        boolean isNoisy = weightNoises.isNoisy(weights) || bias != null && weightNoises.isNoisy(bias);
        if (!examplesInPlace || isNoisy) {
            withoutRows();
        }
        return examplesInPlace && !isNoisy && !frozen.isWriting();
    }

    /** What of the network is frozen. */
    FrozenParameters frozen() {
        return frozen;
    }

    /** The layers for which no rows of the Jacobian are formed. */
    List<String> unassembled() {
        return List.copyOf(unassembled);
    }

    /** Declares that the features in a variable are indices of so many classes. */
    void classIndices(SDVariable features, long classes) {
        inputs.stream()
                .filter(input -> input.name().equals(features.name()))
                .forEach(input -> this.classes.put(input.index(), classes));
    }

    /**
     * The features of an input of the network.
     *
     * @param channelsFirst whether an example that is an array has its channels first
     */
    Activations features(BatchShape batch, int input, boolean channelsFirst) {
        long[] example = batch.example(input);
        SDVariable features = input(NetworkInput.Source.FEATURES, input, batch.size(), batch.length(input));
        Activations result = arranged(
                Activations.of(graph, features, batch.size(), true, batch.length(input)), channelsFirst, example);
        if (!batch.masked().contains(input)) {
            return result;
        }
        // sequences have a flag for each step, of whichever dimension the features have it
        long steps = example.length == 2 ? example[channelsFirst ? 1 : 0] : batch.length(input);
        long[] shape = {batch.size(), steps};
        SDVariable mask = input(NetworkInput.Source.FEATURE_MASK, input, shape);
        if (batch.size() == 0) {
            return result;
        }
        SDVariable flags = SequenceMoves.reshaped(graph, mask, steps, shape, batch.size() * steps, 1);
        return result.of(batch.padded() ? Sequences.NONE.obeyed(flags) : Sequences.NONE.masked(flags));
    }

    /** Recurrent layers begin each batch in a state that is given, from now on. */
    void carryState() {
        carriesState = true;
    }

    /** Whether recurrent layers begin each batch in a state that is given. */
    boolean carriesState() {
        return carriesState;
    }

    /** Declares a placeholder of the layer's for the state before the first step, [b, n]. */
    SDVariable stateBefore(String key, long batch, long units) {
        return graph.placeHolder(layer + "_" + key, type, batch, units);
    }

    /** Declares what comes of it. */
    void state(String key, SDVariable before, SDVariable steps) {
        states.add(new StateSlot(layer, key, before, steps));
    }

    /** Refuses the steps of sequences that count as examples, for whoever has another idea of what an example is. */
    void refuseSteps(Activations input) {
        if (input.sequences().ofSteps()) {
            throw unsupported(
                    "an input of steps that count as examples", Set.of("FeedForwardToRnnPreProcessor before it"));
        }
    }

    /** Whether a parameter was declared already. */
    boolean hasParameters() {
        return !parameters.isEmpty();
    }

    /** For whoever does not know what becomes of a mask of features. */
    void refuseMask(Activations input) {
        if (input.mask() != null) {
            throw unsupported("a mask of features", Set.of("sequences without one"));
        }
    }

    /** Declares something that is read of each batch, a matrix [b, n]. */
    SDVariable input(NetworkInput.Source source, int index, long... shape) {
        String name = (source == NetworkInput.Source.FEATURES ? Activations.FEATURES : "mask") + index;
        SDVariable variable = graph.placeHolder(name, type, shape);
        inputs.add(new NetworkInput(variable, shape, source, index));
        return variable;
    }

    /** The features, element after element as DL4J has them, in our order. */
    private static Activations arranged(Activations features, boolean channelsFirst, long[] example) {
        if (example.length == 1) {
            return features;
        }
        long[] shape = example.clone();
        if (channelsFirst) {
            System.arraycopy(example, 1, shape, 0, example.length - 1);
            shape[example.length - 1] = example[0];
        }
        return features.moved(() -> Activations.fromNetworkOrder(channelsFirst, shape), shape)
                .renamed(channelsFirst);
    }

    /** The network that was written. */
    TranslatedNetwork finished(BatchShape batch, Map<String, LayerOutput> activations, List<NetworkHead> heads) {
        refusals.throwAny();
        return new TranslatedNetwork(
                graph,
                batch,
                List.copyOf(inputs),
                parameters(),
                frozen.slots(),
                statistics(),
                uses(),
                unassembled(),
                noise(),
                activations,
                List.copyOf(heads),
                List.copyOf(states),
                Map.copyOf(classes));
    }

    /** Writes a DL4J activation function. */
    public Activations activation(IActivation activation, Activations x) {
        return ActivationWriter.write(activation, x, this);
    }

    /** Writes DL4J's dropout on a layer's input, or nothing for null. */
    public Activations dropout(@Nullable IDropout dropout, Activations x) {
        return DropoutWriter.write(dropout, x, this);
    }

    /** Declares that this output layer reads the labels in the graph, [rows, columns], which any derivative holds fixed. */
    SDVariable labels(long rows, long columns) {
        SDVariable variable = graph.placeHolder(layer + "_labels", type, rows, columns);
        labels.put(layer, variable);
        return variable;
    }

    /** The labels that an output layer reads in the graph; null where it reads none. */
    @Nullable
    SDVariable labelsOf(int head) {
        return labels.get(head);
    }

    /** Declares that the parameter of this name is a running statistic. */
    void statistic(String parameter, RunningStatistic.Kind kind, double decay, SDVariable ofBatch) {
        statistics.add(new RunningStatistic(slot(parameter), kind, decay, ofBatch));
    }

    List<RunningStatistic> statistics() {
        return List.copyOf(statistics);
    }

    private ParameterSlot slot(SDVariable parameter) {
        return slot(parameter.name());
    }

    private ParameterSlot slot(String parameter) {
        return parameters.stream()
                .filter(slot -> slot.variable().equals(parameter))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Declares {@code count} random arrays on activations, that one sampler draws together.
     *
     * @param shape their shape: the rows of each example, one example after the other, in the first dimension
     */
    public List<SDVariable> noise(int count, long[] shape, NoiseSampler sampler) {
        return noise(count, shape, examplesInPlace ? NoiseSlot.Scope.EXAMPLE : NoiseSlot.Scope.BATCH, sampler);
    }

    /** Declares a random array that has one draw a step for all examples, such as noise on a parameter. */
    public SDVariable parameterNoise(long[] shape, NoiseSampler sampler) {
        return noise(1, shape, NoiseSlot.Scope.STEP, sampler).get(0);
    }

    private List<SDVariable> noise(int count, long[] shape, NoiseSlot.Scope scope, NoiseSampler sampler) {
        if (frozen.isWriting()) {
            throw unsupported("a random activation in a frozen layer", Set.of("others"));
        }
        List<SDVariable> variables = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            variables.add(graph.placeHolder(layer + "_noise" + noise.size() + "_" + i, type, shape));
        }
        noise.add(new NoiseSlot(variables.stream().map(SDVariable::name).toList(), shape, scope, sampler));
        return variables;
    }

    /**
     * Notes that something about this layer is not supported, without which the layer can still be written. The network is
     * refused in the end, with all that was noted.
     */
    public void refuse(String what, Set<String> supported) {
        refusals.note(unsupported(what, supported));
    }

    /** What was noted so far. */
    Refusals refusals() {
        return refusals;
    }

    /** An exception that names this layer, what about it is not supported, and what is. */
    public UnsupportedNetworkException unsupported(String what, Set<String> supported) {
        return new UnsupportedNetworkException(
                layerName + ": " + what + " is not supported. Supported: " + String.join(", ", supported) + ".");
    }

    List<ParameterSlot> parameters() {
        return List.copyOf(parameters);
    }

    List<NoiseSlot> noise() {
        return List.copyOf(noise);
    }

    List<ParameterUse> uses() {
        return List.copyOf(uses);
    }

    /** How messages name a vertex that is no layer. */
    public static String describe(String name, GraphVertex conf) {
        return "Vertex '" + name + "' (" + conf.getClass().getSimpleName() + ")";
    }

    /** How messages name a layer: its index, its name if the user chose one, and its kind. */
    public static String describe(int index, Layer conf) {
        String name = conf.getLayerName();
        boolean chosen = name != null && !name.equals("layer" + index);
        return "Layer " + index + (chosen ? " '" + name + "'" : "") + " ("
                + conf.getClass().getSimpleName() + ")";
    }
}
