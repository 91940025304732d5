package org.dl4jgn;

import static org.dl4jgn.testing.Tolerances.DOUBLE;
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

/**
 * One {@code fit} with constant damping and no line search moves the parameters by the paper's Δθ.
 *
 * <p>The golden vectors are the exact iterates: the independent implementation that made them keeps 80 bits and
 * reorthogonalizes. Plain conjugate gradients lose the orthogonality of their residuals to rounding within ten iterations on
 * these spectra, so that only few of their iterations are compared.
 */
class SgnGoldenTest {

    private record Step(GoldenCase golden, String rho, int k) {

        INDArray goldenVector() {
            return golden.array("sgn_rho" + rho + "_k" + k)
                    .reshape(golden.array("gradient").length());
        }

        /** What one fit moves the parameters by. */
        INDArray moved(DataType type, Sgn.Builder settings) {
            Sgn sgn = settings.cgIterations(k)
                    .damping(Damping.constant(Double.parseDouble(rho)))
                    .lineSearch(LineSearch.none())
                    .build();
            MultiLayerNetwork net = GaussNewton.attach(golden.network(type, sgn));
            INDArray before = net.params().dup();
            net.fit(golden.features(type), golden.labels(type));
            assertClose(golden.score(), net.score(), directions(type), "score");
            assertEquals(k, GaussNewton.report(net).orElseThrow().solverIterations());
            assertEquals(1, net.getIterationCount());
            return net.params().sub(before).reshape(before.length());
        }

        @Override
        public String toString() {
            return golden + ", ρ = " + rho + ", k = " + k;
        }
    }

    static Stream<Step> steps() {
        return GoldenCase.all()
                .flatMap(c -> Stream.of("0.1", "0.0001")
                        .flatMap(rho -> Stream.of(1, 3, 10).map(k -> new Step(c, rho, k))));
    }

    static Stream<Arguments> stepsInBothTypes() {
        return steps().flatMap(s -> Stream.of(DataType.DOUBLE, DataType.FLOAT).map(t -> Arguments.of(s, t)));
    }

    @ParameterizedTest
    @MethodSource("stepsInBothTypes")
    void oneFitIsTheGoldenStep(Step step, DataType type) {
        assertClose(step.goldenVector(), step.moved(type, Sgn.builder()), directions(type), "Δθ");
    }

    static Stream<Step> fewSteps() {
        return steps().filter(s -> s.k < 10);
    }

    @ParameterizedTest
    @MethodSource("fewSteps")
    void fewIterationsNeedNoReorthogonalization(Step step) {
        INDArray plain = step.moved(DataType.DOUBLE, Sgn.builder().orthogonalized(0));
        assertClose(step.goldenVector(), plain, DOUBLE, "Δθ of plain conjugate gradients");
    }
}
