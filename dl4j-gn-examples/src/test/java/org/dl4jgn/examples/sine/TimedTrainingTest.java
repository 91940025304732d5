package org.dl4jgn.examples.sine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;

class TimedTrainingTest {

    private static final int BATCHES_AN_EPOCH = SineData.TRAIN / TimedTraining.BATCH;

    private final SineData data = SineData.generate(1, DataType.FLOAT);

    @Test
    void allContendersStartFromTheSameWeights() {
        MultiLayerNetwork sgd = network(Contender.sgd(0.1));
        assertEquals(sgd.params(), network(Contender.adam(0.01)).params());
        assertEquals(sgd.params(), network(Contender.sgn(10)).params());
        assertEquals(901, sgd.numParams());
    }

    @Test
    void testsEveryFewEpochsAndAtTheEnd() {
        MultiLayerNetwork net = network(Contender.sgn(2));
        List<Curve.Point> watched = new ArrayList<>();
        Curve curve = new TimedTraining(data, 1, 2).run(net, Budget.epochs(5), watched::add);
        assertEquals(
                List.of(2, 4, 5),
                curve.points().stream().map(Curve.Point::epoch).toList());
        assertEquals(curve.points(), watched);
        assertEquals(5 * BATCHES_AN_EPOCH, net.getIterationCount());
        assertEquals(net.score(data.test(), false), curve.last().testLoss());
    }

    @Test
    void endsOnceTheTimeIsSpent() {
        Curve curve = new TimedTraining(data, 1, 1).run(network(Contender.sgd(0.1)), Budget.seconds(0.05), point -> {});
        assertTrue(curve.last().seconds() >= 0.05);
        assertTrue(curve.points().stream().limit(curve.points().size() - 1L).allMatch(p -> p.seconds() < 0.05));
    }

    @Test
    void endsWhenALossIsNoNumber() {
        MultiLayerNetwork net = SineNetwork.create(new Sgd(1e30), 1, DataType.FLOAT);
        Curve curve = new TimedTraining(data, 1, 1).run(net, Budget.epochs(10), point -> {});
        assertFalse(Double.isFinite(curve.last().testLoss()));
        assertEquals(1, curve.last().epoch());
    }

    @Test
    void refusesToTestNever() {
        assertThrows(IllegalArgumentException.class, () -> new TimedTraining(data, 1, 0));
    }

    private static MultiLayerNetwork network(Contender contender) {
        return SineNetwork.create(contender.optimizer(), 3, DataType.FLOAT);
    }
}
