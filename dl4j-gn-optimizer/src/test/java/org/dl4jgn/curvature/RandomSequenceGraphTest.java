package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Tolerances.DOUBLE;
import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.impl.rnn.ReverseTimeSeriesVertex;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.testing.Dl4j;
import org.dl4jgn.testing.FiniteDifferences;
import org.dl4jgn.testing.GraphNetworks;
import org.dl4jgn.testing.RandomSequenceGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Graphs of sequences drawn at random, with masks: the score is DL4J's, and products are derivatives and transposes. */
class RandomSequenceGraphTest {

    private static final int GRAPHS = Integer.getInteger("dl4jgn.networks", 30);

    private final DataType before = Nd4j.dataType();

    /** Some vertices of DL4J allocate in ND4J's default type. */
    @BeforeEach
    void inDouble() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterEach
    void asBefore() {
        Nd4j.setDefaultDataTypes(before, before);
    }

    @Test
    void areDl4js() {
        List<String> failures = new ArrayList<>();
        for (long seed = 0; seed < GRAPHS; seed++) {
            try {
                check(seed);
            } catch (RuntimeException | AssertionError e) {
                failures.add("seed " + seed + ": " + e);
            }
        }
        if (!failures.isEmpty()) {
            throw new AssertionError(failures.size() + " of " + GRAPHS + " graphs:\n" + String.join("\n", failures));
        }
    }

    private static void check(long seed) {
        GraphNetworks.Case graph = RandomSequenceGraph.of(seed);
        ComputationGraph net = graph.network(DataType.DOUBLE, new Sgd(0.1));
        MultiDataSet batch = masked(graph, new Random(seed));
        try (Linearization at = GaussNewton.linearize(net).at(batch)) {
            OptionalDouble score = scoreInDl4j(net, batch);
            if (score.isPresent()) {
                assertClose(score.getAsDouble(), at.loss(), DOUBLE, "loss");
            }
            INDArray v = normal(5, 1, net.params().length());
            List<INDArray> jv = at.jvps(v);
            INDArray[] u = jv.stream().map(z -> normal(7, 1, z.shape())).toArray(INDArray[]::new);
            double forward = 0;
            double scale = 1;
            for (int i = 0; i < u.length; i++) {
                forward += u[i].mul(jv.get(i)).sumNumber().doubleValue();
                scale += u[i].norm2Number().doubleValue()
                        * jv.get(i).norm2Number().doubleValue();
            }
            double backward = at.vjp(u).mul(v).sumNumber().doubleValue();
            assertClose(scale + forward, scale + backward, ROUNDING, "⟨u, Jv⟩");
            for (int i = 0; i < u.length; i++) {
                int output = i;
                INDArray differences = FiniteDifferences.along(
                        net, v, () -> at.at(batch).preOutputs().get(output));
                assertClose(differences, jv.get(i), FINITE_DIFFERENCE, "Jv of output " + i);
            }
        }
    }

    /** DL4J's ReverseTimeSeriesVertex fails where there are masks, and none of them arrives. */
    private static OptionalDouble scoreInDl4j(ComputationGraph net, MultiDataSet batch) {
        try {
            return OptionalDouble.of(Dl4j.of(net, batch).score());
        } catch (NullPointerException e) {
            if (Arrays.stream(e.getStackTrace())
                    .noneMatch(at -> at.getClassName().equals(ReverseTimeSeriesVertex.class.getName()))) {
                throw e;
            }
            return OptionalDouble.empty();
        }
    }

    private static MultiDataSet masked(GraphNetworks.Case graph, Random random) {
        MultiDataSet batch = graph.batch(DataType.DOUBLE);
        INDArray[] masks = new INDArray[graph.inputs().size()];
        for (int i = 0; i < masks.length; i++) {
            masks[i] = random.nextBoolean() ? drawn(random) : null;
        }
        boolean any = false;
        for (INDArray mask : masks) {
            any |= mask != null;
        }
        batch.setFeaturesMaskArrays(any ? masks : null);
        if (random.nextBoolean()) {
            INDArray[] ofLabels = new INDArray[graph.outputs().length];
            ofLabels[0] = drawn(random);
            batch.setLabelsMaskArray(ofLabels);
        }
        return batch;
    }

    /** The first step is there always. */
    private static INDArray drawn(Random random) {
        INDArray mask = Nd4j.ones(DataType.DOUBLE, GraphNetworks.B, RandomSequenceGraph.STEPS);
        for (int i = 0; i < GraphNetworks.B; i++) {
            for (int t = 1; t < RandomSequenceGraph.STEPS; t++) {
                if (random.nextInt(3) == 0) {
                    mask.putScalar(i, t, 0.0);
                }
            }
        }
        return mask;
    }
}
