package org.dl4jgn.curvature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.dl4jgn.gram.SystemCache;
import org.dl4jgn.linalg.Span;
import org.dl4jgn.network.Batch;
import org.dl4jgn.network.BatchInputs;
import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.network.MiniBatch;
import org.dl4jgn.network.ParameterOrder;
import org.dl4jgn.network.ParameterSpace;
import org.dl4jgn.network.SequencePadding;
import org.dl4jgn.problem.AbsolutePenalty;
import org.dl4jgn.problem.Penalty;
import org.dl4jgn.problem.Problem;
import org.dl4jgn.problem.SparseProblem;
import org.dl4jgn.translate.FeatureFormat;
import org.dl4jgn.translate.GeometryException;
import org.dl4jgn.translate.Model;
import org.dl4jgn.translate.NetworkHead;
import org.dl4jgn.translate.NoiseSeed;
import org.dl4jgn.translate.ParameterSlot;
import org.dl4jgn.translate.StepPadding;
import org.dl4jgn.translate.TranslatedNetwork;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Poses a model's problems, one for each mini-batch: owns what they share, from the compiled networks to the vectors that
 * these read.
 *
 * <p>A problem ends when its network is asked for the next one of the same size, and all end when this is closed. Not safe
 * for use by several threads at once.
 */
public final class NetworkProblems implements AutoCloseable {

    private final Model model;
    private final List<FeatureFormat> formats;
    private final List<NetworkHead> heads;
    private final List<ParameterSlot> trained;
    private final ParameterSpace space;
    private final ParameterOrder order;
    private final SystemCache systems = new SystemCache();
    private final CompiledNetworks networks;
    private final L2Schedules l2;
    private final L1Schedules l1;
    private final WeightDecays decays;
    private final ScoreTerms scoreTerms;
    private final Penalty none;
    private final Random random;
    private final Coupling coupling;
    private final StepPadding padding;
    private final StepLengths lengths = new StepLengths();

    /**
     * Prepares a model; its parameters are read when they are asked for, never written.
     *
     * @throws org.dl4jgn.translate.UnsupportedNetworkException if the model has something that is not supported
     */
    public NetworkProblems(Model model) {
        this(model, false);
    }

    /**
     * The same.
     *
     * @param pads whether sequences of changing lengths are made longer, where that changes nothing but rounding, so that fewer
     *     networks are compiled; pre-activations and rows of the Jacobian are then those of the longer ones
     */
    public NetworkProblems(Model model, boolean pads) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            this.model = model;
            TranslatedNetwork any = model.translateAny();
            formats = model.features();
            heads = any.heads();
            trained = any.trained();
            RegularizationTerms terms = new RegularizationTerms(model, any.parameters());
            l2 = new L2Schedules(terms, model.type());
            l1 = new L1Schedules(terms, model.type());
            decays = new WeightDecays(terms);
            scoreTerms = new ScoreTerms(terms);
            space = new ParameterSpace(any.parameters(), model.type());
            order = new ParameterOrder(any.parameters(), model.type());
            networks = new CompiledNetworks(model, space, systems);
            none = l2.none();
            padding = pads ? model.padding() : StepPadding.NEVER;
            random = Nd4j.getRandomFactory().getNewRandomInstance(0);
            try (CompiledNetwork smallest = new CompiledNetwork(model, space, any.batch(), List.of())) {
                coupling = Coupling.of(smallest); // compiling it tells whether everything is supported
            }
        }
    }

    /** d. */
    public long parameterCount() {
        return model.parameterCount();
    }

    /** What is kept of exact systems, for inspection. */
    public SystemCache systems() {
        return systems;
    }

    /** Number of heads. */
    public int heads() {
        return heads.size();
    }

    /** ½θᵀDθ as training has it; valid until the schedules say something else. */
    public Penalty penalty(int iteration, int epoch) {
        return l2.at(iteration, epoch);
    }

    /** What makes the loss of an example depend on the others of its mini-batch, or on chance. */
    public Coupling coupling() {
        return coupling;
    }

    /** The way between working order, which all problems' vectors have, and DL4J's. */
    public ParameterOrder order() {
        return order;
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

    /** The trained parameters, in order. */
    public List<ParameterSlot> slots() {
        return trained;
    }

    /** As {@link #of(MiniBatch, int, int)}, of a model with one input and one head. */
    public NetworkProblem of(
            @Nullable INDArray features,
            @Nullable INDArray labels,
            @Nullable INDArray labelMask,
            int iteration,
            int epoch) {
        return of(MiniBatch.of(features, labels, labelMask), iteration, epoch);
    }

    /**
     * The problem of a mini-batch of b examples as training has it: the sum of their losses over b, or over one where the model
     * is trained on the sum, with l2.
     *
     * @param batch features are read in place: they must not change before the next problem
     * @param iteration which draw of dropout and other noise it is, and when in the schedules: the draw is a function of the
     *     model's seed, this and the example's place in the batch, so that training that is resumed draws what it would have
     *     drawn
     * @param epoch for schedules
     * @throws IllegalArgumentException if shapes do not match the model or a value is not finite; nothing is changed
     */
    public NetworkProblem of(MiniBatch batch, int iteration, int epoch) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            BatchInputs inputs = BatchInputs.checked(batch, formats, model.type());
            Penalty penalty = l2.at(iteration, epoch);
            if (padding != StepPadding.NEVER) {
                SequencePadding sequences = new SequencePadding(inputs, batch, formats, heads);
                OptionalLong steps = steps(sequences);
                if (steps.isPresent()) {
                    return pose(
                            sequences.given(steps.getAsLong()),
                            sequences.inputs(steps.getAsLong()),
                            this::normalizer,
                            penalty,
                            0,
                            iteration,
                            epoch);
                }
            }
            return pose(batch, inputs, this::normalizer, penalty, 0, iteration, epoch);
        }
    }

    /**
     * What DL4J divides by: the examples, or 1; steps are examples to it where an output layer of vectors has them, and such
     * sequences are not padded.
     */
    private double normalizer(TranslatedNetwork network) {
        return model.isMean() ? network.heads().get(0).counted(network.batch().size()) : 1.0;
    }

    /** How many steps the sequences are made longer to. */
    private OptionalLong steps(SequencePadding sequences) {
        boolean pads = padding == StepPadding.ALWAYS || padding == StepPadding.WITHOUT_MASKS && !sequences.hasMasks();
        return pads && sequences.steps() > 0 ? lengths.of(sequences.steps(), networks.hasRoom()) : OptionalLong.empty();
    }

    /**
     * What a step is taken on: the problem of a mini-batch, with l1 where there is any.
     *
     * @param posed the problem, with l2, in vectors of working order
     */
    public Problem withKinks(Problem posed, int iteration, int epoch) {
        AbsolutePenalty penalty = l1.at(iteration, epoch);
        return penalty.isZero() ? posed : new SparseProblem(posed, penalty);
    }

    /** What DL4J adds to the score at θ that the problem does not have in its loss, less what it leaves out that the loss has. */
    public double addedToScore(INDArray theta, int iteration, int epoch) {
        return scoreTerms.at(theta, iteration, epoch);
    }

    /** The weight decay beside the steps. */
    public WeightDecays decays() {
        return decays;
    }

    /** As {@link #part(MiniBatch, double, long, int, int)}, of the first examples, of a model with one input and one head. */
    public NetworkProblem part(
            @Nullable INDArray features,
            @Nullable INDArray labels,
            @Nullable INDArray labelMask,
            double normalizer,
            int iteration,
            int epoch) {
        return part(MiniBatch.of(features, labels, labelMask), normalizer, 0, iteration, epoch);
    }

    /**
     * The problem of examples that are a part of a whole: the sum of their losses over {@code normalizer}, without l2, so that
     * parts add up.
     *
     * @param normalizer N of (1/N) Σ ℓ, the number of examples of the whole
     * @param first place in the whole of the first of these examples, which follow one another there: dropout and other noise
     *     are drawn for them as they are in the whole
     * @param iteration as in {@link #of(MiniBatch, int, int)}
     * @param epoch likewise
     */
    public NetworkProblem part(MiniBatch batch, double normalizer, long first, int iteration, int epoch) {
        if (!(normalizer > 0 && Double.isFinite(normalizer))) {
            throw new IllegalArgumentException(
                    "The normalizer is " + normalizer + ", but must be a positive number, as is the size of the whole");
        }
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            BatchInputs inputs = BatchInputs.checked(batch, formats, model.type());
            return pose(batch, inputs, network -> ofWhole(network, normalizer), none, first, iteration, epoch);
        }
    }

    /** Whoever adds parts up counts examples. */
    private static double ofWhole(TranslatedNetwork network, double normalizer) {
        if (network.heads().stream().anyMatch(head -> head.output().stacked())) {
            throw new UnsupportedNetworkException(
                    "An output layer on the steps of sequences is not supported where parts of a whole are added up."
                            + " Supported: RnnOutputLayer.");
        }
        return normalizer;
    }

    private NetworkProblem pose(
            MiniBatch given,
            BatchInputs inputs,
            ToDoubleFunction<TranslatedNetwork> normalizer,
            Penalty penalty,
            long first,
            int iteration,
            int epoch) {
        Compilation compilation = compiled(given, inputs);
        CompiledNetwork network = compilation.network();
        TranslatedNetwork translated = network.jacobian().network();
        Batch batch =
                Batch.checked(inputs, given, translated.heads(), model.type(), normalizer.applyAsDouble(translated));
        network.setBatch(batch);
        if (network.isRandom()) {
            network.draw(random, NoiseSeed.of(model.seed(), iteration), first, iteration, epoch);
        }
        return new NetworkProblem(compilation, space, penalty, iteration, examples(batch, penalty, iteration));
    }

    private Compilation compiled(MiniBatch given, BatchInputs inputs) {
        try {
            return networks.of(inputs.shape(), Batch.masked(given));
        } catch (GeometryException e) {
            String shapes = given.features().stream()
                    .map(array -> array == null ? "none" : Arrays.toString(array.shape()))
                    .collect(Collectors.joining(", "));
            throw new IllegalArgumentException(
                    "Features of shape " + shapes + " do not go through the network: " + e.getMessage(), e);
        }
    }

    /** Of a batch whose parts are means, with the same penalty: those of a network that no noise is drawn for. */
    private NetworkProblem.Examples examples(Batch batch, Penalty penalty, int iteration) {
        return new NetworkProblem.Examples() {
            @Override
            public Optional<NetworkProblem> part(int index, int parts) {
                return batch.hasParts()
                        ? Optional.of(posePart(batch, index, parts, penalty, iteration))
                        : Optional.empty();
            }

            @Override
            public double fingerprint() {
                return batch.fingerprint();
            }
        };
    }

    private NetworkProblem posePart(Batch whole, int index, int parts, Penalty penalty, int iteration) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            Compilation compilation = networks.of(whole.inputs().partShape(parts), whole.masked());
            Batch part = whole.part(index, parts, compilation.features(whole));
            compilation.network().setBatch(part);
            return new NetworkProblem(compilation, space, penalty, iteration, examples(part, penalty, iteration));
        }
    }

    /** Frees everything; no problem can be used afterwards. */
    @Override
    public void close() {
        networks.close();
        systems.close();
        l2.close();
        l1.close();
        order.close();
        space.close();
    }
}
