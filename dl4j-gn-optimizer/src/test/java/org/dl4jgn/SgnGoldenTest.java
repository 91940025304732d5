package org.dl4jgn;

import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.directions;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.GoldenCase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One {@code fit} with constant damping and no line search moves the parameters by the paper's Δθ. */
class SgnGoldenTest {

    static Stream<Arguments> cases() {
        return GoldenCase.mlps()
                .flatMap(c -> Stream.of(DataType.DOUBLE, DataType.FLOAT)
                        .flatMap(t -> Stream.of("0.1", "0.0001")
                                .flatMap(rho -> Stream.of(1, 3, 10).map(k -> Arguments.of(c, t, rho, k)))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void oneFitIsOneStepOfAlgorithm2(GoldenCase golden, DataType type, String rho, int k) {
        Sgn sgn = Sgn.builder()
                .cgIterations(k)
                .damping(Damping.constant(Double.parseDouble(rho)))
                .lineSearch(LineSearch.none())
                .build();
        MultiLayerNetwork net = GaussNewton.attach(golden.network(type, sgn));
        INDArray before = net.params().dup();
        net.fit(golden.features(type), golden.labels(type));
        INDArray moved = net.params().sub(before);
        INDArray expected = golden.array("sgn_rho" + rho + "_k" + k);
        assertClose(expected.reshape(1, expected.length()), moved.reshape(1, moved.length()), directions(type), "Δθ");
        assertClose(golden.score(), net.score(), directions(type), "score");
        assertEquals(k, GaussNewton.report(net).orElseThrow().solverIterations());
        assertEquals(1, net.getIterationCount());
    }
}
