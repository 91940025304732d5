package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.SequenceNetwork.steps;
import static org.dl4jgn.testing.SequenceNetwork.whole;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.products;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.SequenceNetwork;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** DL4J's attention layers, with projections and without, of one head and several, on whole sequences and on masked ones. */
class AttentionTest {

    private static SelfAttentionLayer self(int heads, int out) {
        return new SelfAttentionLayer.Builder()
                .nOut(out)
                .nHeads(heads)
                .headSize(heads > 1 ? 3 : 0)
                .projectInput(true)
                .build();
    }

    private static SelfAttentionLayer self(int channels) {
        return new SelfAttentionLayer.Builder()
                .nIn(channels)
                .nOut(channels)
                .nHeads(1)
                .projectInput(false)
                .build();
    }

    private static LearnedSelfAttentionLayer learned(int heads, int queries) {
        return new LearnedSelfAttentionLayer.Builder()
                .nOut(4)
                .nHeads(heads)
                .headSize(3)
                .nQueries(queries)
                .projectInput(true)
                .build();
    }

    private static LearnedSelfAttentionLayer learned(int queries) {
        return new LearnedSelfAttentionLayer.Builder()
                .nIn(2)
                .nOut(2)
                .nHeads(1)
                .nQueries(queries)
                .projectInput(false)
                .build();
    }

    private static RecurrentAttentionLayer recurrent(int heads, boolean bias) {
        return new RecurrentAttentionLayer.Builder()
                .nOut(4)
                .nHeads(heads)
                .headSize(3)
                .hasBias(bias)
                .build();
    }

    private static RecurrentAttentionLayer recurrent() {
        return new RecurrentAttentionLayer.Builder()
                .nIn(2)
                .nOut(2)
                .nHeads(1)
                .projectInput(false)
                .activation(Activation.SIGMOID)
                .build();
    }

    private static LSTM lstm(int n) {
        return new LSTM.Builder().nOut(n).build();
    }

    static Stream<SequenceNetwork> networks() {
        return Stream.of(
                steps("self, one head", self(1, 3)),
                steps("self, three heads", self(3, 4)),
                steps("self, not projected", self(2)),
                steps("self between others", lstm(3), self(2, 3), lstm(2)),
                whole("self, pooled", self(2, 3), new GlobalPoolingLayer(PoolingType.AVG)),
                whole(
                        "two, pooled, and a dense layer",
                        self(2, 4),
                        self(4),
                        new GlobalPoolingLayer(PoolingType.MAX),
                        new DenseLayer.Builder().nOut(3).build()),
                whole("learned, one head", learned(1, 2), new GlobalPoolingLayer(PoolingType.SUM)),
                whole("learned, two heads, as many queries as steps", learned(2, 5), lstm(2), pooling()),
                whole("learned, not projected", lstm(2), learned(3), pooling()),
                steps("recurrent, one head", recurrent(1, true)),
                steps("recurrent, two heads", recurrent(2, false)),
                steps("recurrent, not projected", recurrent()),
                whole("recurrent, pooled", lstm(3), recurrent(2, true), pooling()));
    }

    private static GlobalPoolingLayer pooling() {
        return new GlobalPoolingLayer(PoolingType.AVG);
    }

    private static final List<String> MASKS = List.of("none", "ends early", "gaps", "nothing of one");

    private static @Nullable INDArray mask(String kind, DataType type) {
        return switch (kind) {
            case "ends early" -> SequenceNetwork.endsEarly(type);
            case "gaps" -> SequenceNetwork.gaps(type);
            case "nothing of one" -> {
                INDArray mask = SequenceNetwork.gaps(type);
                mask.getRow(1).assign(0.0);
                yield mask;
            }
            default -> null;
        };
    }

    static Stream<Arguments> cases() {
        return networks()
                .flatMap(n -> MASKS.stream()
                        .filter(mask ->
                                !mask.equals("nothing of one") || !n.name().contains("pooled"))
                        .map(mask -> Arguments.of(n, mask)));
    }

    static Stream<Arguments> casesInBothTypes() {
        return cases().filter(AttentionTest::hasScoreInDl4j)
                .flatMap(c -> Stream.of(DataType.DOUBLE, DataType.FLOAT)
                        .filter(type -> type == DataType.DOUBLE || c.get()[1].equals("gaps"))
                        .map(type -> Arguments.of(c.get()[0], c.get()[1], type)));
    }

    /** DL4J's softmax of weights that are all lowered is no number where there is one query. */
    private static boolean hasScoreInDl4j(Arguments given) {
        return !given.get()[0].toString().startsWith("recurrent") || !given.get()[1].equals("nothing of one");
    }

    static Stream<Arguments> casesWithRows() {
        return cases().filter(c -> c.get()[0].toString().startsWith("self"))
                .filter(c -> List.of("none", "gaps").contains(c.get()[1].toString()));
    }

    private static DataSet batch(SequenceNetwork network, String mask, DataType type) {
        INDArray features = network.features(type);
        INDArray flags = mask(mask, type);
        return new DataSet(
                features,
                network.labels(type, SequenceNetwork.STEPS),
                flags,
                network.steps() && flags != null ? SequenceNetwork.endsEarly(type) : null);
    }

    /** DL4J's own layer asks for an operation that ND4J refuses; this one has the definition that it means. */
    private static final class Learned extends LearnedSelfAttentionLayer {

        Learned(LearnedSelfAttentionLayer layer) {
            super((LearnedSelfAttentionLayer.Builder) new LearnedSelfAttentionLayer.Builder()
                    .nIn((int) layer.getNIn())
                    .nOut((int) layer.getNOut())
                    .nHeads(layer.getNHeads())
                    .headSize((int) layer.getHeadSize())
                    .nQueries(layer.getNQueries())
                    .projectInput(layer.isProjectInput()));
        }

        @Override
        public SDVariable defineLayer(SameDiff graph, SDVariable x, Map<String, SDVariable> by, SDVariable mask) {
            SDVariable queries = graph.tile(by.get("Q"), SequenceNetwork.BATCH, 1, 1);
            return isProjectInput()
                    ? graph.nn.multiHeadDotProductAttention(
                            "a", queries, x, x, by.get("Wq"), by.get("Wk"), by.get("Wv"), by.get("Wo"), mask, true)
                    : graph.nn.dotProductAttention("a", queries, x, x, mask, true);
        }
    }

    private static SequenceNetwork runnable(SequenceNetwork network) {
        return new SequenceNetwork(
                network.name(),
                network.format(),
                network.steps(),
                Arrays.stream(network.layers())
                        .map(layer -> layer instanceof LearnedSelfAttentionLayer learned ? new Learned(learned) : layer)
                        .toArray(Layer[]::new));
    }

    /** The gradient of DL4J, which a layer of SameDiff operations doubles, for its own parameters and all before them. */
    private static INDArray gradient(MultiLayerNetwork net, DataSet batch) {
        net.setInput(batch.getFeatures());
        net.setLabels(batch.getLabels());
        net.setLayerMaskArrays(batch.getFeaturesMaskArray(), batch.getLabelsMaskArray());
        net.computeGradientAndScore();
        INDArray sum = net.getFlattenedGradients().div(SequenceNetwork.BATCH).reshape(net.numParams());
        net.clearLayerMaskArrays();
        return new Dl4j(0, sum).gradientOfScore(net);
    }

    @ParameterizedTest
    @MethodSource("casesInBothTypes")
    void lossAndGradientAreThoseOfDl4j(SequenceNetwork network, String mask, DataType type) {
        DataSet batch = batch(network, mask, type);
        MultiLayerNetwork expected = runnable(network).network(type);
        try (Linearization at = GaussNewton.linearize(network.network(type)).at(batch)) {
            assertClose(expected.score(batch, true), at.loss(), products(type), "loss");
            assertClose(gradient(expected, batch), at.gradient(), products(type), "gradient");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void productsAreDerivativesAndTransposes(SequenceNetwork network, String mask) {
        MultiLayerNetwork net = network.network(DataType.DOUBLE);
        DataSet batch = batch(network, mask, DataType.DOUBLE);
        try (Linearization at = GaussNewton.linearize(net).at(batch)) {
            INDArray v = normal(5, 1, net.numParams());
            INDArray w = normal(6, 1, net.numParams());
            INDArray jv = at.jvp(v);
            INDArray u = normal(7, 1, jv.shape());
            assertClose(u.mul(jv).sumNumber().doubleValue(), dot(at.vjp(u), v), ROUNDING, "⟨u, Jv⟩");
            INDArray hv = at.ggnVectorProduct(v);
            double scale = hv.norm2Number().doubleValue() * w.norm2Number().doubleValue();
            assertClose(scale + dot(hv, w), scale + dot(at.ggnVectorProduct(w), v), ROUNDING, "⟨w, Hv⟩");
            INDArray gradient = at.gradient();
            if (mask.equals("nothing of one")) {
                return; // what rounding leaves of 1e9 has no differences
            }
            assertClose(FiniteDifferences.along(net, v, () -> at.at(batch).preOutput()), jv, FINITE_DIFFERENCE, "Jv");
            double slope = FiniteDifferences.along(net, v, () -> at.at(batch).loss());
            assertClose(1 + slope, 1 + dot(gradient, v), FINITE_DIFFERENCE, "⟨g, v⟩");
        }
    }

    @ParameterizedTest
    @MethodSource("casesWithRows")
    void rowsAreFormedOfSelfAttention(SequenceNetwork network, String mask) {
        MultiLayerNetwork net = network.network(DataType.DOUBLE);
        try (Linearization at = GaussNewton.linearize(net).at(batch(network, mask, DataType.DOUBLE))) {
            INDArray j = at.jacobian();
            INDArray v = normal(5, 1, net.numParams());
            INDArray jv = at.jvp(v).dup('c');
            assertClose(jv.reshape(jv.length(), 1), j.mmul(v.reshape(v.length(), 1)), DOUBLE, "J times v");
            assertClose(j.mmul(j.transpose()), at.gram(), DOUBLE, "JJᵀ");
        }
    }

    private static double dot(INDArray a, INDArray b) {
        return Nd4j.getBlasWrapper().dot(a, b);
    }
}
