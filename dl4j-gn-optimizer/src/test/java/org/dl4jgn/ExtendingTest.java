package org.dl4jgn;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Networks.normal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLambdaLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLambdaVertex;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.autodiff.TangentRules;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.curvature.Linearization;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.optimize.Direction;
import org.dl4jgn.optimize.Directions;
import org.dl4jgn.optimize.Solve;
import org.dl4jgn.optimize.TrainingState;
import org.dl4jgn.problem.Point;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.Small;
import org.dl4jgn.testing.Tolerances;
import org.dl4jgn.translate.ActivationTranslators;
import org.dl4jgn.translate.LayerTranslators;
import org.dl4jgn.translate.VertexTranslators;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.custom.Digamma;
import org.nd4j.linalg.api.ops.custom.Lgamma;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** The worked examples of docs/extending.md, which shows the code of this file: each is trained here. */
class ExtendingTest {

    /** σ(x) = x·sigmoid(x)², in DL4J's way. */
    public static final class SquaredGate extends BaseActivationFunction {

        @Override
        public INDArray getActivation(INDArray in, boolean training) {
            INDArray s = Transforms.sigmoid(in, true);
            return in.muli(s).muli(s);
        }

        @Override
        public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
            INDArray s = Transforms.sigmoid(in, true);
            INDArray derivative = s.mul(s).mul(in.mul(s.rsub(1)).mul(2).add(1));
            return new Pair<>(derivative.muli(epsilon), null);
        }
    }

    /** y = tanh(xW) + x, by DL4J's SameDiff layers: nothing is to be registered. */
    public static final class ResidualTanh extends SameDiffLayer {

        private final int size;

        ResidualTanh(int size) {
            this.size = size;
        }

        @Override
        public SDVariable defineLayer(
                SameDiff graph, SDVariable input, Map<String, SDVariable> parameters, SDVariable mask) {
            return graph.math().tanh(graph.mmul(input, parameters.get("W"))).add(input);
        }

        @Override
        public void defineParameters(SDLayerParams parameters) {
            parameters.addWeightParam("W", size, size);
        }

        @Override
        public void initializeParameters(Map<String, INDArray> parameters) {
            parameters.get("W").assign(normal(3, 0.5, size, size));
        }

        @Override
        public InputType getOutputType(int index, InputType input) {
            return InputType.feedForward(size);
        }
    }

    /** y = x², a layer without parameters. */
    public static final class Square extends SameDiffLambdaLayer {
        @Override
        public SDVariable defineLayer(SameDiff graph, SDVariable input) {
            return input.mul(input);
        }

        @Override
        public InputType getOutputType(int index, InputType input) {
            return input;
        }
    }

    /** A layer by a translator of its own: y = 2x. */
    public static final class Doubling extends SameDiffLambdaLayer {
        @Override
        public SDVariable defineLayer(SameDiff graph, SDVariable input) {
            return input.mul(2);
        }

        @Override
        public InputType getOutputType(int index, InputType input) {
            return input;
        }
    }

    /** y = a ∘ sigmoid(b), of two inputs. */
    public static final class Gate extends SameDiffLambdaVertex {
        @Override
        public SDVariable defineVertex(SameDiff graph, VertexInputs inputs) {
            return inputs.getInput(0).mul(graph.nn().sigmoid(inputs.getInput(1)));
        }
    }

    /** The products of the first, of the first two, ... of σ(x), an operation that has no rule in the library. */
    public static final class LogGamma extends SameDiffLambdaLayer {
        @Override
        public SDVariable defineLayer(SameDiff graph, SDVariable input) {
            return new Lgamma(graph, graph.nn().sigmoid(input).add(0.5)).outputVariable();
        }

        @Override
        public InputType getOutputType(int index, InputType input) {
            return input;
        }
    }

    /** Falls by a factor with each accepted step, and rises by its square with each other one. */
    public record FallingDamping(
            @JsonProperty("start") double start,
            @JsonProperty("factor") double factor) implements Damping {

        @Override
        public State initial() {
            return new State(start);
        }

        @Override
        public double value(State state, long step) {
            return state.value();
        }

        @Override
        public State accepted(State state, double ratio) {
            return new State(state.value() / factor);
        }

        @Override
        public State rejected(State state) {
            return new State(state.value() * factor * factor);
        }

        @Override
        public State invalid(State state) {
            return rejected(state);
        }
    }

    /** The settings of a solver of one's own. */
    public static final class Steepest extends GaussNewtonUpdater {

        private static final long serialVersionUID = 1L;

        public Steepest() {
            super(1.0, null, 0, Damping.constant(0), LineSearch.armijo(), 20);
        }

        @Override
        protected List<String> directionNumbers() {
            return List.of();
        }

        @Override
        protected List<String> directionVectors() {
            return List.of();
        }

        @Override
        public Steepest clone() {
            return new Steepest();
        }
    }

    /** Δ = −g. */
    static final class SteepestDirection implements Direction {

        @Override
        public Direction.Proposal propose(Point at, double damping, TrainingState state, INDArray delta) {
            Vectors.copy(at.gradient(), delta);
            Vectors.scale(-1, delta);
            double slope = Vectors.dot(at.gradient(), delta);
            return new Direction.Proposal(
                    slope, slope, 0, true, new Solve("STEEPEST", delta.length(), damping, 0, 0, 0, "exact"));
        }

        @Override
        public void commit(TrainingState state, @Nullable INDArray delta) {
            // remembers nothing
        }

        @Override
        public void close() {
            // owns nothing
        }
    }

    @BeforeAll
    static void register() {
        ActivationTranslators.register(SquaredGate.class, (gate, x, shape, writer) -> {
            SDVariable s = writer.graph().nn().sigmoid(x);
            return x.mul(s.mul(s));
        });
        LayerTranslators.register(
                Doubling.class,
                (layer, input, writer) -> input.with(input.variable().mul(2)));
        VertexTranslators.register(Gate.class, (gate, inputs, writer) -> {
            SDVariable b = writer.graph().nn().sigmoid(inputs.get(1).variable());
            return inputs.get(0).with(inputs.get(0).variable().mul(b));
        });
        Directions.register(Steepest.class, (settings, type, dimension) -> new SteepestDirection());
    }

    private static MultiLayerNetwork network(IUpdater updater, Layer... between) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(7)
                .updater(updater)
                .list()
                .layer(new DenseLayer.Builder()
                        .nOut(5)
                        .activation(Activation.TANH)
                        .build());
        for (Layer layer : between) {
            list.layer(layer);
        }
        return GaussNewton.attach(new MultiLayerNetwork(list.layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(Small.CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.feedForward(Small.INPUTS))
                .build()));
    }

    /** Products and gradient are those of differences, and the loss falls. */
    private static void assertTrains(MultiLayerNetwork net) {
        DataSet data = Small.data(24);
        INDArray v = normal(5, 1.0, net.numParams());
        try (Linearization at = GaussNewton.linearize(net).at(data.getFeatures(), data.getLabels())) {
            double slope = FiniteDifferences.along(net, v, () -> net.score(data, true));
            Tolerances.assertClose(
                    slope, at.gradient().mul(v).sumNumber().doubleValue(), Tolerances.FINITE_DIFFERENCE, "⟨g, v⟩");
            INDArray jv = at.jvp(v);
            INDArray difference = FiniteDifferences.along(
                    net, v, () -> at.at(data.getFeatures(), data.getLabels()).preOutput());
            Tolerances.assertClose(difference, jv, Tolerances.FINITE_DIFFERENCE, "Jv");
        }
        double before = net.score(data);
        for (int i = 0; i < 30; i++) {
            net.fit(data);
        }
        assertTrue(net.score(data) < 0.8 * before, () -> before + " to " + net.score(data));
    }

    @Test
    void anActivation() {
        assertTrains(network(
                Sgn.builder().build(),
                new DenseLayer.Builder().nOut(6).activation(new SquaredGate()).build()));
    }

    @Test
    void aLayerOfSameDiffOperationsNeedsNoEntry() {
        assertTrains(network(Sgn.builder().build(), new ResidualTanh(5), new ResidualTanh(5)));
    }

    @Test
    void aLambdaLayerNeedsNoEntry() {
        assertTrains(network(Sgn.builder().build(), new Square()));
    }

    @Test
    void aLayerByATranslator() {
        assertTrains(network(Sgn.builder().build(), new Doubling()));
    }

    @Test
    void aDampingRule() {
        assertTrains(network(Sgn.builder()
                .damping(new FallingDamping(1, 1.5))
                .lineSearch(LineSearch.armijo())
                .build()));
    }

    @Test
    void aDirection() {
        MultiLayerNetwork net = network(new Steepest());
        assertTrains(net);
        assertEquals("STEEPEST", GaussNewton.report(net).orElseThrow().solver());
    }

    @Test
    void aTangentRule() {
        assertFails(
                UnsupportedOperationException.class,
                () -> network(Sgn.builder().build(), new LogGamma()),
                "Operation 'lgamma'",
                "TangentRules.register");
        TangentRules.register(
                "lgamma",
                (graph, op, in, y, tangents) -> tangents.get(0).mul(new Digamma(graph, in.get(0)).outputVariable()));
        try {
            assertTrains(network(Sgn.builder().build(), new LogGamma()));
        } finally {
            TangentRules.unregister("lgamma");
        }
    }

    @Test
    void aVertex() {
        ComputationGraphConfiguration conf = new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(7)
                .activation(Activation.TANH)
                .updater(Sgn.builder().build())
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "a", new DenseLayer.Builder().nIn(Small.INPUTS).nOut(5).build(), "in")
                .addLayer(
                        "b", new DenseLayer.Builder().nIn(Small.INPUTS).nOut(5).build(), "in")
                .addVertex("gate", new Gate(), "a", "b")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .nIn(5)
                                .nOut(Small.CLASSES)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "gate")
                .setOutputs("out")
                .build();
        ComputationGraph net = GaussNewton.attach(new ComputationGraph(conf));
        DataSet data = Small.data(24);
        double before = net.score(data);
        for (int i = 0; i < 30; i++) {
            net.fit(data);
        }
        assertTrue(net.score(data) < 0.5 * before, () -> before + " to " + net.score(data));
    }

    /** What the page shows is what is compiled and trained here, or, for the loss, in OutputLossesTest. */
    @Test
    void thePageShowsTheCodeOfTheTests() throws IOException {
        String code = squeezed(Files.readString(Path.of("src/test/java/org/dl4jgn/ExtendingTest.java"))
                + Files.readString(Path.of("src/test/java/org/dl4jgn/loss/OutputLossesTest.java")));
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/extending.md")));
        int blocks = 0;
        while (block.find()) {
            String shown = block.group(1);
            assertTrue(code.contains(squeezed(shown)), () -> "not in the tests:\n" + shown);
            blocks++;
        }
        assertTrue(blocks >= 9, "blocks: " + blocks);
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }
}
