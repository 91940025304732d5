package org.dl4jgn;

import static org.dl4jgn.testing.Small.bits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Small;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.dataset.DataSet;

/** Networks share nothing: several may train at once, each in a thread. */
class ConcurrencyTest {

    private static final Sgn SGN = Sgn.builder().momentum(0.9).warmStart(0.9).build();

    @Test
    void networksInTwoThreadsTrainAsAlone() throws InterruptedException, ExecutionException {
        List<DataSet> batches = Small.batches();
        List<MultiLayerNetwork> alone = networks();
        alone.forEach(net -> train(net, batches));

        List<MultiLayerNetwork> together = networks();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (MultiLayerNetwork net : together) {
                running.add(threads.submit(() -> train(net, batches)));
            }
            for (Future<?> training : running) {
                training.get();
            }
        } finally {
            threads.shutdownNow();
        }
        for (int i = 0; i < alone.size(); i++) {
            assertArrayEquals(bits(alone.get(i)), bits(together.get(i)), "network " + i);
        }
    }

    /** Attached in this thread, without and with dropout. */
    private static List<MultiLayerNetwork> networks() {
        return List.of(
                Small.attached(SGN),
                GaussNewton.attach(Small.network(SGN, conf -> conf.dropOut(0.8), Small.layers())),
                Small.attached(Sgn.builder().build()));
    }

    private static void train(MultiLayerNetwork net, List<DataSet> batches) {
        for (int epoch = 0; epoch < 10; epoch++) {
            batches.forEach(net::fit);
        }
    }
}
