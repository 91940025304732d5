package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.FLOAT;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.GraphNetworks;
import org.dl4jgn.testing.RecurrentGraphs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Every vertex of computation graphs, alone and stacked: as DL4J has it, and consistent with itself. */
class GraphTest {

    static List<GraphNetworks.Case> cases() {
        return GraphNetworks.all();
    }

    private static INDArray random(long... shape) {
        return Nd4j.randn(DataType.DOUBLE, shape);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void scoreAndGradientAreDl4js(GraphNetworks.Case graph) {
        ComputationGraph net = graph.network(DataType.DOUBLE, new Sgd(0.1));
        MultiDataSet batch = graph.batch(DataType.DOUBLE);
        Dl4j expected = Dl4j.inDouble(() -> Dl4j.of(net, batch));
        try (Linearization at = GaussNewton.linearize(net).at(batch)) {
            assertClose(expected.score(), at.loss(), ROUNDING, "loss");
            assertClose(Dl4j.withoutStatistics(net, expected.gradient()), at.gradient(), ROUNDING, "gradient");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void productsAreDerivativesAndTransposesOfEachOther(GraphNetworks.Case graph) {
        ComputationGraph net = graph.network(DataType.DOUBLE, new Sgd(0.1));
        MultiDataSet batch = graph.batch(DataType.DOUBLE);
        Nd4j.getRandom().setSeed(5);
        try (Linearization at = GaussNewton.linearize(net).at(batch)) {
            INDArray v = Dl4j.withoutStatistics(net, random(net.numParams()));
            INDArray w = Dl4j.withoutStatistics(net, random(net.numParams()));
            for (int i = 0; i < graph.outputs().length; i++) {
                int output = i;
                INDArray slope = FiniteDifferences.along(
                        net, v, () -> at.at(batch).preOutputs().get(output));
                assertClose(slope, at.at(batch).jvps(v).get(i), FINITE_DIFFERENCE, "Jv");
            }
            double slope = FiniteDifferences.along(net, v, () -> at.at(batch).loss());
            at.at(batch);
            assertEquals(slope, dot(at.gradient(), v), FINITE_DIFFERENCE * Math.max(1, Math.abs(slope)), "gᵀv");
            List<INDArray> jv = at.jvps(v);
            INDArray[] u = jv.stream().map(z -> random(z.shape())).toArray(INDArray[]::new);
            double uJv = 0;
            for (int i = 0; i < u.length; i++) {
                uJv += dot(u[i], jv.get(i));
            }
            assertEquals(uJv, dot(at.vjp(u), v), ROUNDING * Math.max(1, Math.abs(uJv)), "⟨u, Jv⟩");
            double wHv = dot(w, at.ggnVectorProduct(v));
            assertEquals(wHv, dot(v, at.ggnVectorProduct(w)), ROUNDING * Math.max(1, Math.abs(wHv)), "⟨w, Hv⟩");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rowsAreThoseOfTheProducts(GraphNetworks.Case graph) {
        ComputationGraph net = graph.network(DataType.DOUBLE, new Sgd(0.1));
        MultiDataSet batch = graph.batch(DataType.DOUBLE);
        Nd4j.getRandom().setSeed(6);
        try (Linearization at = GaussNewton.linearize(net).at(batch)) {
            if (!graph.assembled()) {
                assertThrows(UnsupportedOperationException.class, at::jacobian);
                return;
            }
            INDArray j = at.jacobian();
            INDArray v = random(net.numParams());
            INDArray[] jv = at.jvps(v).toArray(INDArray[]::new);
            for (int i = 0; i < jv.length; i++) {
                jv[i] = jv[i].dup('c').reshape('c', jv[i].size(0), -1);
            }
            INDArray rows = Nd4j.concat(1, jv);
            assertClose(rows.reshape(rows.length(), 1), j.mmul(v.reshape(v.length(), 1)), ROUNDING, "Jv");
            assertClose(j.mmul(j.transpose()), at.gram(), ROUNDING, "JJᵀ");
            INDArray mean = at.perExampleGradients().sum(0).div(GraphNetworks.B);
            assertClose(at.gradient(), mean, ROUNDING, "mean of the gradients of examples");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void floatIsNearDouble(GraphNetworks.Case graph) {
        ComputationGraph exact = graph.network(DataType.DOUBLE, new Sgd(0.1));
        ComputationGraph net = graph.network(DataType.FLOAT, new Sgd(0.1));
        net.setParams(exact.params().castTo(DataType.FLOAT));
        exact.setParams(net.params().castTo(DataType.DOUBLE));
        MultiDataSet batch = graph.batch(DataType.FLOAT);
        try (Linearization expected = GaussNewton.linearize(exact).at(batch);
                Linearization actual = GaussNewton.linearize(net).at(batch)) {
            assertClose(expected.loss(), actual.loss(), FLOAT, "loss");
            assertClose(expected.gradient(), actual.gradient(), FLOAT, "gradient");
        }
    }

    @Test
    void masksOfStepsAreDl4js() {
        GraphNetworks.Case graph = RecurrentGraphs.encoderAndDecoder();
        MultiDataSet batch = graph.batch(DataType.DOUBLE);
        INDArray mask = Nd4j.ones(DataType.DOUBLE, GraphNetworks.B, RecurrentGraphs.STEPS);
        mask.putScalar(1, 0, 0.0);
        mask.putScalar(1, 4, 0.0);
        mask.getRow(2).assign(0.0);
        batch.setLabelsMaskArray(new INDArray[] {mask});
        ComputationGraph net = graph.network(DataType.DOUBLE, new Sgd(0.1));
        Dl4j expected = Dl4j.inDouble(() -> Dl4j.of(net, batch));
        try (Linearization at = GaussNewton.linearize(net).at(batch)) {
            assertClose(expected.score(), at.loss(), ROUNDING, "loss");
            assertClose(expected.gradient(), at.gradient(), ROUNDING, "gradient");
        }
    }

    private static double dot(INDArray a, INDArray b) {
        return a.mul(b).sumNumber().doubleValue();
    }
}
