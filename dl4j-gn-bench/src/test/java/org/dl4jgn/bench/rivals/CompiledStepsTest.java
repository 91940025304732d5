package org.dl4jgn.bench.rivals;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;

class CompiledStepsTest {

    private static final double ROUNDING = 1e-11;

    static Stream<IUpdater> updaters() {
        return Stream.of(new Nesterovs(0.02, 0.9), new Adam(0.01), new AMSGrad(0.01));
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void areDl4jsOwnSteps(IUpdater updater) {
        MultiLayerNetwork compiled = Problems.tanh(updater.clone(), 0.1);
        MultiLayerNetwork plain = Problems.tanh(updater.clone(), 0.1);
        Trainer own = Trainer.of(plain);
        try (CompiledSteps steps = new CompiledSteps(compiled)) {
            for (int step = 0; step < 5; step++) {
                DataSet batch = Problems.batch(20 + step % 2, step);
                steps.fit(batch);
                own.fit(batch);
                assertArrayEquals(
                        plain.params().toDoubleVector(), compiled.params().toDoubleVector(), ROUNDING);
                assertEquals(plain.score(), compiled.score(), ROUNDING);
            }
        }
        assertEquals(plain.getIterationCount(), compiled.getIterationCount());
    }
}
