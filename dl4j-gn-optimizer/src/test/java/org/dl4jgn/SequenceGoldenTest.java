package org.dl4jgn;

import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.directions;
import static org.dl4jgn.testing.Tolerances.products;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.curvature.Linearization;
import org.dl4jgn.testing.GoldenCase;
import org.dl4jgn.testing.GoldenSteps;
import org.dl4jgn.testing.SequenceCase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** Sequences: loss, gradient, products, Jacobian and steps equal those of an implementation with explicit matrices. */
class SequenceGoldenTest {

    static Stream<Arguments> cases() {
        return SequenceCase.all()
                .flatMap(c -> Stream.of(DataType.DOUBLE, DataType.FLOAT).map(t -> Arguments.of(c, t)));
    }

    private static INDArray flat(GoldenCase golden, String what) {
        INDArray array = golden.array(what);
        return array.reshape(array.length());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void linearizationEqualsGoldenVectors(SequenceCase given, DataType type) {
        GoldenCase golden = given.golden;
        double tolerance = products(type);
        try (Linearization at = GaussNewton.linearize(given.network(type, new Sgd(0.1)))) {
            at.at(given.batch(type));
            assertClose(golden.score(), at.loss(), tolerance, "loss");
            assertClose(golden.array("preout"), at.preOutput(), tolerance, "preOutput");
            assertClose(flat(golden, "gradient"), at.gradient(), tolerance, "gradient");
            INDArray v = flat(golden, "v").castTo(type);
            INDArray u = golden.array("u").castTo(type);
            assertClose(golden.array("jvp"), at.jvp(v), tolerance, "jvp");
            assertClose(flat(golden, "vjp"), at.vjp(u), tolerance, "vjp");
            assertClose(flat(golden, "ggnvp"), at.ggnVectorProduct(v), tolerance, "ggnVectorProduct");
            assertClose(golden.array("gram"), at.gram(), tolerance, "gram");
            INDArray j = at.jacobian();
            assertClose(golden.array("gram"), j.mmul(j.transpose()), tolerance, "JJᵀ");
            INDArray jvp = golden.array("jvp");
            assertClose(
                    jvp.dup('c').reshape(jvp.length(), 1), j.mmul(v.reshape(v.length(), 1)), tolerance, "J times v");
        }
    }

    static Stream<Arguments> sgn() {
        return GoldenSteps.sgn(cases());
    }

    @ParameterizedTest
    @MethodSource("sgn")
    void oneFitOfSgnIsTheGoldenStep(SequenceCase given, DataType type, String rho, int k) {
        Sgn sgn = GoldenSteps.sgn(rho, k);
        assertClose(flat(given.golden, "sgn_rho" + rho + "_k" + k), moved(given, type, sgn), directions(type), "Δθ");
    }

    static Stream<Arguments> egn() {
        return GoldenSteps.egn(cases());
    }

    @ParameterizedTest
    @MethodSource("egn")
    void oneFitOfEgnIsTheExactDirection(SequenceCase given, DataType type, String lambda) {
        Egn egn = GoldenSteps.egn(lambda);
        assertClose(flat(given.golden, "egn_lambda" + lambda), moved(given, type, egn), products(type), "Δθ");
    }

    private static INDArray moved(SequenceCase given, DataType type, IUpdater updater) {
        MultiLayerNetwork net = GaussNewton.attach(given.network(type, updater));
        INDArray before = net.params().dup();
        net.fit(given.batch(type));
        assertClose(given.golden.score(), net.score(), products(type), "score");
        assertEquals(1, net.getIterationCount());
        return net.params().sub(before).reshape(before.length());
    }
}
