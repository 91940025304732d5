package org.dl4jgn;

import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.products;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.testing.GoldenCase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One {@code fit} with constant damping and no line search moves the parameters by −(H + λI)⁻¹g. */
class EgnGoldenTest {

    static Stream<Arguments> cases() {
        return GoldenCase.all()
                .flatMap(c -> Stream.of(DataType.DOUBLE, DataType.FLOAT)
                        .flatMap(t -> Stream.of("0.01", "1").map(lambda -> Arguments.of(c, t, lambda))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void oneFitIsTheExactDirection(GoldenCase golden, DataType type, String lambda) {
        Egn egn = Egn.builder()
                .damping(Damping.constant(Double.parseDouble(lambda)))
                .lineSearch(LineSearch.none())
                .build();
        MultiLayerNetwork net = GaussNewton.attach(golden.network(type, egn));
        INDArray before = net.params().dup();
        net.fit(golden.features(type), golden.labels(type));
        INDArray moved = net.params().sub(before);
        INDArray expected = golden.array("egn_lambda" + lambda);
        assertClose(expected.reshape(1, expected.length()), moved.reshape(1, moved.length()), products(type), "Δθ");
        assertClose(golden.score(), net.score(), products(type), "score");
        assertEquals(0, GaussNewton.report(net).orElseThrow().dampingRaises());
        assertEquals(1, net.getIterationCount());
    }
}
