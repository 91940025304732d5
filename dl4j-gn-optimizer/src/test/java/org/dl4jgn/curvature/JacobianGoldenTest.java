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

/** The Gram matrix, formed without J, and J itself equal those of an implementation with explicit matrices. */
class JacobianGoldenTest {

    static Stream<Arguments> cases() {
        return GoldenCase.all()
                .flatMap(c -> Stream.of(DataType.DOUBLE, DataType.FLOAT).map(t -> Arguments.of(c, t)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gramEqualsGoldenMatrix(GoldenCase golden, DataType type) {
        try (Linearization at = GaussNewton.linearize(golden.network(type, new Sgd(0.1)))) {
            at.at(golden.features(type), golden.labels(type));
            assertClose(golden.array("gram"), at.gram(), products(type), "gram");
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void jacobianMultipliesAsTheProductsDo(GoldenCase golden, DataType type) {
        try (Linearization at = GaussNewton.linearize(golden.network(type, new Sgd(0.1)))) {
            at.at(golden.features(type), golden.labels(type));
            INDArray j = at.jacobian();
            INDArray v = golden.array("v").castTo(type).reshape(j.columns(), 1);
            INDArray u = golden.array("u").castTo(type).reshape(1, j.rows());
            INDArray jvp = golden.array("jvp");
            INDArray vjp = golden.array("vjp");
            assertClose(jvp.reshape(jvp.length(), 1), j.mmul(v), products(type), "Jv");
            assertClose(vjp.reshape(1, vjp.length()), u.mmul(j), products(type), "uᵀJ");
            assertClose(golden.array("gram"), j.mmul(j.transpose()), products(type), "JJᵀ");
        }
    }
}
