package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.layers.samediff.SameDiffGraphVertex;
import org.deeplearning4j.nn.layers.samediff.SameDiffLayer;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.GraphNetworks;
import org.dl4jgn.testing.GraphNetworks.Case;
import org.dl4jgn.testing.RecurrentGraphs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** Computation graphs of sequences with masks of their features, which vertices hand on as DL4J's do; and attention in graphs. */
class MaskedGraphTest {

    private static final int B = GraphNetworks.B;

    static List<Case> graphs() {
        List<Case> all = new ArrayList<>(RecurrentGraphs.all());
        all.add(RecurrentGraphs.attention(true, 1));
        all.add(RecurrentGraphs.attention(true, 3));
        all.add(RecurrentGraphs.attention(false, 1));
        all.add(RecurrentGraphs.attentionOfInputs());
        return all;
    }

    /** Which inputs are masked: none, all alike as far as they are as long, each in its own way, or the last alone. */
    private static final List<String> MASKS = List.of("none", "alike", "each", "last");

    static Stream<Arguments> cases() {
        return graphs().stream()
                .flatMap(graph -> MASKS.stream()
                        .filter(masks -> graph.inputs().size() > 1 || !masks.equals("last"))
                        // DL4J stacks masks of all or of none
                        .filter(masks -> !graph.name().contains("stacked") || !masks.equals("last"))
                        .map(masks -> Arguments.of(graph, masks)));
    }

    private static MultiDataSet batch(Case graph, String masks) {
        MultiDataSet batch = graph.batch(DataType.DOUBLE);
        if (masks.equals("none")) {
            return batch;
        }
        int inputs = graph.inputs().size();
        INDArray[] all = new INDArray[inputs];
        for (int i = masks.equals("last") ? inputs - 1 : 0; i < inputs; i++) {
            int length = (int) batch.getFeatures(i).size(2);
            all[i] = Nd4j.ones(DataType.DOUBLE, B, length);
            for (int example = 0; example < B; example++) {
                int kept = masks.equals("alike") ? length - example : Math.max(1, length - (example + i) % B);
                for (int t = kept; t < length; t++) {
                    all[i].putScalar(example, t, 0.0);
                }
            }
        }
        batch.setFeaturesMaskArrays(all);
        if (graph.name().contains("loss layer")) {
            // DL4J's RnnLossLayer would take the mask of the features for one of the labels
            batch.setLabelsMaskArray(new INDArray[] {all[0]});
        }
        return batch;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void scoreAndGradientAreDl4js(Case graph, String masks) {
        ComputationGraph net = graph.network(DataType.DOUBLE, new Sgd(0.1));
        MultiDataSet batch = batch(graph, masks);
        Dl4j expected = Dl4j.inDouble(() -> Dl4j.of(net, batch));
        try (Linearization at = GaussNewton.linearize(net).at(batch)) {
            assertClose(expected.score(), at.loss(), ROUNDING, "loss");
            assertClose(withoutDoubling(net, expected.gradient()), at.gradient(), ROUNDING, "gradient");
        }
    }

    /** DL4J's gradient is doubled by every vertex and layer of SameDiff operations, for itself and all before it. */
    private static INDArray withoutDoubling(ComputationGraph net, INDArray gradient) {
        INDArray result = gradient.dup();
        long from = 0;
        for (int index : net.topologicalSortOrder()) {
            GraphVertex vertex = net.getVertices()[index];
            if (vertex.numParams() > 0) {
                result.get(NDArrayIndex.interval(from, from + vertex.numParams()))
                        .divi(Math.pow(2, doublings(net, vertex)));
                from += vertex.numParams();
            }
        }
        return result;
    }

    private static int doublings(ComputationGraph net, GraphVertex vertex) {
        boolean doubles = vertex instanceof SameDiffGraphVertex || vertex.getLayer() instanceof SameDiffLayer;
        int behind = 0;
        if (vertex.getOutputVertices() != null) {
            for (VertexIndices next : vertex.getOutputVertices()) {
                behind = Math.max(behind, doublings(net, net.getVertices()[next.getVertexIndex()]));
            }
        }
        return behind + (doubles ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void attentionIsTrained(boolean exact) {
        Case graph = RecurrentGraphs.attention(true, 3);
        IUpdater updater = exact ? Egn.builder().build() : Sgn.builder().build();
        ComputationGraph net = GaussNewton.attach(graph.network(DataType.DOUBLE, updater));
        MultiDataSet batch = batch(graph, "each");
        double before = net.score(batch);
        for (int i = 0; i < 60; i++) {
            net.fit(batch);
        }
        assertTrue(net.score(batch) < before / 2, () -> net.score(batch) + " of " + before);
    }

    /** Where there is no mask of labels, DL4J's RnnLossLayer takes that of the features which arrives there. */
    @Test
    void scoreOfALossLayerIsThatOfDl4jInTraining() {
        Case graph = graphs().stream()
                .filter(g -> g.name().contains("loss layer"))
                .findFirst()
                .orElseThrow();
        MultiDataSet batch = batch(graph, "each");
        batch.setLabelsMaskArray(null);
        ComputationGraph plain = graph.network(DataType.DOUBLE, new Sgd(0));
        double expected = Dl4j.inDouble(() -> plain.score(batch, true));
        ComputationGraph net =
                GaussNewton.attach(graph.network(DataType.DOUBLE, Sgn.builder().build()));
        net.fit(batch);
        assertClose(expected, net.score(), ROUNDING, "score");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void productsAreDerivativesAndTransposes(Case graph, String masks) {
        ComputationGraph net = graph.network(DataType.DOUBLE, new Sgd(0.1));
        MultiDataSet batch = batch(graph, masks);
        INDArray v = normal(5, 1, net.params().length());
        INDArray w = normal(6, 1, net.params().length());
        try (Linearization at = GaussNewton.linearize(net).at(batch)) {
            INDArray slope = FiniteDifferences.along(
                    net, v, () -> at.at(batch).preOutputs().get(0));
            assertClose(slope, at.at(batch).jvps(v).get(0), FINITE_DIFFERENCE, "Jv");
            double change = FiniteDifferences.along(net, v, () -> at.at(batch).loss());
            at.at(batch);
            assertClose(1 + change, 1 + dot(at.gradient(), v), FINITE_DIFFERENCE, "⟨g, v⟩");
            INDArray hv = at.ggnVectorProduct(v);
            double scale = hv.norm2Number().doubleValue() * w.norm2Number().doubleValue();
            assertClose(scale + dot(hv, w), scale + dot(at.ggnVectorProduct(w), v), ROUNDING, "⟨w, Hv⟩");
            List<INDArray> jv = at.jvps(v);
            INDArray[] u = jv.stream().map(z -> normal(7, 1, z.shape())).toArray(INDArray[]::new);
            double forward = 0;
            for (int i = 0; i < u.length; i++) {
                forward += u[i].mul(jv.get(i)).sumNumber().doubleValue();
            }
            assertEquals(forward, dot(at.vjp(u), v), ROUNDING * Math.max(1, Math.abs(forward)), "⟨u, Jv⟩");
            if (graph.assembled()) {
                INDArray j = at.jacobian();
                assertClose(j.mmul(j.transpose()), at.gram(), ROUNDING, "JJᵀ");
                INDArray mean = at.perExampleGradients().sum(0).div(B);
                assertClose(at.gradient(), mean, ROUNDING, "mean of the gradients of examples");
            }
        }
    }

    private static double dot(INDArray a, INDArray b) {
        return a.mul(b).sumNumber().doubleValue();
    }
}
