package org.dl4jgn;

import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.directions;
import static org.dl4jgn.testing.Tolerances.products;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.curvature.Linearization;
import org.dl4jgn.testing.GoldenGraph;
import org.dl4jgn.testing.GoldenSteps;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/** Products and steps of computation graphs equal those of an implementation with explicit matrices. */
class GraphGoldenTest {

    static Stream<Arguments> cases() {
        return GoldenGraph.all()
                .flatMap(c -> Stream.of(DataType.DOUBLE, DataType.FLOAT).map(t -> Arguments.of(c, t)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aLinearizationEqualsGoldenVectors(GoldenGraph golden, DataType type) {
        double tolerance = products(type);
        int outputs = golden.outputs();
        try (Linearization at = GaussNewton.linearize(golden.network(type, new Sgd(0.1)))) {
            at.at(golden.batch(type));
            assertClose(golden.score(), at.loss(), tolerance, "loss");
            assertClose(golden.flat("gradient"), at.gradient(), tolerance, "gradient");
            INDArray v = golden.flat("v").castTo(type);
            INDArray[] u = GoldenGraph.in(type, golden.each("u", outputs));
            assertAllClose(golden.each("preout", outputs), at.preOutputs(), tolerance, "z");
            assertAllClose(golden.each("jvp", outputs), at.jvps(v), tolerance, "Jv");
            assertClose(golden.flat("vjp"), at.vjp(u), tolerance, "Jᵀu");
            assertClose(golden.flat("ggnvp"), at.ggnVectorProduct(v), tolerance, "Hv");
            if (outputs == 1) {
                assertClose(golden.array("gram"), at.gram(), tolerance, "JJᵀ");
            }
        }
    }

    private static void assertAllClose(List<INDArray> expected, List<INDArray> actual, double tolerance, String what) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertClose(expected.get(i), actual.get(i), tolerance, what + " of output " + i);
        }
    }

    static Stream<Arguments> sgnSteps() {
        return GoldenSteps.sgn(cases());
    }

    @ParameterizedTest
    @MethodSource("sgnSteps")
    void oneFitIsTheGoldenStep(GoldenGraph golden, DataType type, String rho, int k) {
        Sgn sgn = GoldenSteps.sgn(rho, k);
        ComputationGraph net = GaussNewton.attach(golden.network(type, sgn));
        INDArray expected = golden.flat("sgn_rho" + rho + "_k" + k);
        assertClose(expected, moved(net, golden, type), directions(type), "Δθ");
        assertClose(golden.score(), net.score(), directions(type), "score");
        assertEquals(k, GaussNewton.report(net).orElseThrow().solverIterations());
        assertEquals(1, net.getIterationCount());
    }

    static Stream<Arguments> egnSteps() {
        return GoldenSteps.egn(cases());
    }

    @ParameterizedTest
    @MethodSource("egnSteps")
    void oneFitIsTheExactDirection(GoldenGraph golden, DataType type, String lambda) {
        Egn egn = GoldenSteps.egn(lambda);
        ComputationGraph net = GaussNewton.attach(golden.network(type, egn));
        INDArray expected = golden.flat("egn_lambda" + lambda);
        assertClose(expected, moved(net, golden, type), products(type), "Δθ");
        if (type == DataType.DOUBLE) { // in float conjugate gradients, tried before, may be enough
            assertEquals("GRAM_CHOLESKY", GaussNewton.report(net).orElseThrow().solver());
        }
        assertEquals(0, GaussNewton.report(net).orElseThrow().dampingRaises());
    }

    private static INDArray moved(ComputationGraph net, GoldenGraph golden, DataType type) {
        INDArray before = net.params().dup();
        net.fit(golden.batch(type));
        return net.params().sub(before).reshape(before.length());
    }
}
