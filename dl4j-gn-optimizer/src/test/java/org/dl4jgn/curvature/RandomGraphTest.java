package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.GraphNetworks;
import org.dl4jgn.testing.RandomGraph;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Graphs drawn at random: score and gradient are DL4J's, and the products consistent. */
class RandomGraphTest {

    private static final int GRAPHS = Integer.getInteger("dl4jgn.networks", 100);

    @Test
    void areDl4jsOrRefusedByName() {
        List<String> refused = new ArrayList<>();
        for (long seed = 0; seed < GRAPHS; seed++) {
            GraphNetworks.Case graph = RandomGraph.of(seed);
            ComputationGraph net = graph.network(DataType.DOUBLE, new Sgd(0.1));
            MultiDataSet batch = graph.batch(DataType.DOUBLE);
            Dl4j expected = Dl4j.of(net, batch);
            try (Linearization at = GaussNewton.linearize(net).at(batch)) {
                assertClose(expected.score(), at.loss(), ROUNDING, "loss of " + graph);
                assertClose(
                        Dl4j.withoutStatistics(net, expected.gradient()),
                        at.gradient(),
                        ROUNDING,
                        "gradient of " + graph);
                assertConsistent(graph, net, at);
            } catch (UnsupportedNetworkException refusal) {
                refused.add(graph + ": " + refusal.getMessage());
            }
        }
        assertTrue(refused.size() <= GRAPHS / 10, String.join("\n", refused));
    }

    private static void assertConsistent(GraphNetworks.Case graph, ComputationGraph net, Linearization at) {
        INDArray v = Dl4j.withoutStatistics(net, Nd4j.randn(DataType.DOUBLE, net.numParams()));
        List<INDArray> jv = at.jvps(v);
        INDArray[] u =
                jv.stream().map(z -> Nd4j.randn(DataType.DOUBLE, z.shape())).toArray(INDArray[]::new);
        double uJv = 0;
        for (int i = 0; i < u.length; i++) {
            uJv += u[i].mul(jv.get(i)).sumNumber().doubleValue();
        }
        double vJu = at.vjp(u).mul(v).sumNumber().doubleValue();
        assertEquals(
                uJv,
                vJu,
                ROUNDING
                        * Math.max(
                                1,
                                at.vjp(u).norm2Number().doubleValue()
                                        * v.norm2Number().doubleValue()),
                "⟨u, Jv⟩ of " + graph);
    }
}
