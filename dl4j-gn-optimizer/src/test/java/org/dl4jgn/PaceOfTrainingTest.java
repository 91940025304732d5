package org.dl4jgn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Pace;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Small;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.indexing.SpecifiedIndex;

/** What a pace does to steps. */
class PaceOfTrainingTest {

    private static MultiLayerNetwork network(Pace pace) {
        return Small.attached(Sgn.builder()
                .cgIterations(4)
                .damping(Damping.relative(0.03))
                .lineSearch(LineSearch.none())
                .pace(pace)
                .build());
    }

    private static StepReport report(MultiLayerNetwork net) {
        return GaussNewton.report(net).orElseThrow();
    }

    @Test
    void aStepIsAtMostAShareOfTheParameters() {
        MultiLayerNetwork net = network(Pace.standard());
        INDArray before = net.params().dup();
        net.fit(Small.data(20));
        double length = net.params().sub(before).norm2Number().doubleValue();
        assertEquals(0.01 * before.norm2Number().doubleValue(), length, Tolerances.ROUNDING);
        assertEquals(0.03 / 3, report(net).damping(), Tolerances.ROUNDING);
    }

    /** Labels of the second batch are turned round: what the first taught is wrong there. */
    @Test
    void aStepThatHarmsTheNextBatchIsTakenBack() {
        Pace bold = new Pace(1, 1, 1, 0.3, 10, 0.1, 0.1, 0.9, 0.1);
        MultiLayerNetwork net = network(bold);
        DataSet other = Small.data(20);
        other.setLabels(other.getLabels().get(NDArrayIndex.all(), new SpecifiedIndex(2, 0, 1)));
        double atStart = net.score(other);
        net.fit(Small.data(20));
        assertTrue(net.score(other) > 1.1 * atStart, "the step harms");
        net.fit(other);
        assertEquals(atStart, report(net).lossBefore(), Tolerances.ROUNDING);
        assertTrue(report(net).validationRatio() < 0);
    }
}
