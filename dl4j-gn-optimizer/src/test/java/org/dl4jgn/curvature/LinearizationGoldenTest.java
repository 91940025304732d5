package org.dl4jgn.curvature;

import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.products;

import java.util.stream.Stream;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.testing.GoldenCase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/** Loss, gradient and products of a linearization equal those of an implementation with explicit matrices. */
class LinearizationGoldenTest {

    static Stream<Arguments> cases() {
        return GoldenCase.all()
                .flatMap(c -> Stream.of(DataType.DOUBLE, DataType.FLOAT).map(t -> Arguments.of(c, t)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsGoldenVectors(GoldenCase golden, DataType type) {
        double tolerance = products(type);
        try (Linearization at = GaussNewton.linearize(golden.network(type, new Sgd(0.1)))) {
            at.at(golden.features(type), golden.labels(type));
            assertClose(golden.score(), at.loss(), tolerance, "loss");
            assertClose(golden.array("preout"), at.preOutput(), tolerance, "preOutput");
            assertClose(flat(golden, "gradient"), at.gradient(), tolerance, "gradient");
            INDArray v = flat(golden, "v").castTo(type);
            INDArray u = golden.array("u").castTo(type);
            assertClose(golden.array("jvp"), at.jvp(v), tolerance, "jvp");
            assertClose(flat(golden, "vjp"), at.vjp(u), tolerance, "vjp");
            assertClose(flat(golden, "ggnvp"), at.ggnVectorProduct(v), tolerance, "ggnVectorProduct");
        }
    }

    private static INDArray flat(GoldenCase golden, String what) {
        INDArray array = golden.array(what);
        return array.reshape(array.length());
    }
}
