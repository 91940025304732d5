package org.dl4jgn;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Small.bits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jgn.conf.GaussNewtonConfiguration;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Small;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Attaching: what a user writes, how often, and what happens without it. */
class AttachTest {

    private static final Sgn EVERYTHING = Sgn.builder()
            .momentum(0.9)
            .warmStart(0.9)
            .warmup(1, 5)
            .adaptiveIterations(2, 20)
            .build();

    @Test
    void oneChangedLineTrainsANetwork() {
        Sgn sgn = Sgn.builder().build();
        MultiLayerConfiguration conf = new GaussNewtonConfiguration.Builder()
                .optimizationAlgo(sgn)
                .seed(42)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.SIGMOID)
                .list()
                .layer(new DenseLayer.Builder().nIn(Small.INPUTS).nOut(8).build())
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(8)
                        .nOut(Small.CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build();
        MultiLayerNetwork net = GaussNewton.attach(new MultiLayerNetwork(conf));
        DataSet data = Small.data(50);
        double before = net.score(data);
        for (int step = 0; step < 60; step++) {
            net.fit(data);
        }
        assertTrue(net.score(data) < 0.1 * before, before + " -> " + net.score(data));
    }

    @Test
    void attachingReturnsTheNetworkAndInitialisesItIfNeeded() {
        MultiLayerNetwork net = new MultiLayerNetwork(Small.configuration(EVERYTHING));
        assertFalse(net.isInitCalled());
        assertSame(net, GaussNewton.attach(net));
        assertTrue(net.isInitCalled());
        MultiLayerNetwork initialised = Small.network(EVERYTHING);
        long[] before = bits(initialised);
        GaussNewton.attach(initialised);
        assertArrayEquals(before, bits(initialised));
    }

    @Test
    void attachingAgainChangesNothing() {
        MultiLayerNetwork once = Small.attached(EVERYTHING);
        MultiLayerNetwork often = Small.attached(EVERYTHING);
        for (DataSet batch : Small.batches()) {
            once.fit(batch);
            var optimizer = often.getOptimizer();
            GaussNewton.attach(GaussNewton.attach(often)).fit(batch);
            assertSame(optimizer, often.getOptimizer());
        }
        assertArrayEquals(bits(once), bits(often));
        assertEquals(once.updaterState(), often.updaterState());
        assertEquals(2, GaussNewton.report(often).orElseThrow().iteration());
    }

    @Test
    void nullIsRefused() {
        assertFails(NullPointerException.class, () -> GaussNewton.attach(nothing()), "net must not be null");
    }

    @SuppressWarnings("NullAway") // what an unchecked caller does
    private static MultiLayerNetwork nothing() {
        return null;
    }

    @Test
    void withoutAttachingFitFailsAndSaysWhatToCall() {
        assertFailsUnattached(Small.network(EVERYTHING));
    }

    @Test
    void aCloneMustBeAttachedAndThenGoesOnBitForBit() {
        MultiLayerNetwork net = Small.attached(EVERYTHING);
        net.fit(Small.iterator());
        MultiLayerNetwork clone = net.clone();
        assertFailsUnattached(clone);
        assertContinues(net, clone);
    }

    @Test
    void aRestoredNetworkMustBeAttachedAndThenGoesOnBitForBit() throws IOException {
        MultiLayerNetwork net = Small.attached(EVERYTHING);
        net.fit(Small.iterator());
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        ModelSerializer.writeModel(net, saved, true);
        MultiLayerNetwork restored =
                ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(saved.toByteArray()), true);
        assertFailsUnattached(restored);
        assertContinues(net, restored);
    }

    /** DL4J's {@code clear()} forgets the updater's state too, with whatever optimizer. */
    @Test
    void aClearedNetworkMustBeAttachedAndThenStartsAnew() {
        MultiLayerNetwork net = Small.attached(EVERYTHING);
        net.fit(Small.iterator());
        net.clear();
        assertFailsUnattached(net);
        MultiLayerNetwork fresh = Small.network(EVERYTHING);
        fresh.setParams(net.params());
        fresh.setIterationCount(net.getIterationCount());
        fresh.setEpochCount(net.getEpochCount());
        assertContinues(GaussNewton.attach(fresh), net);
    }

    @Test
    void stateWrittenThroughDl4jIsUsedAtTheNextStep() {
        MultiLayerNetwork net = Small.attached(EVERYTHING);
        net.fit(Small.iterator());
        MultiLayerNetwork other = Small.attached(EVERYTHING);
        other.fit(Small.data(7));
        other.setParams(net.params());
        other.setIterationCount(net.getIterationCount());
        other.setEpochCount(net.getEpochCount());
        other.getUpdater().setStateViewArray(other, net.updaterState().dup(), false);
        assertContinues(net, other);
    }

    private static void assertFailsUnattached(MultiLayerNetwork net) {
        long[] before = bits(net);
        int iterations = net.getIterationCount();
        assertFails(
                IllegalStateException.class,
                () -> net.fit(Small.data(10)),
                "GaussNewton.attach(net)",
                "ParallelWrapper",
                "SharedTrainingMaster",
                "SparkGaussNewton");
        assertArrayEquals(before, bits(net));
        assertEquals(iterations, net.getIterationCount());
        assertThrows(IllegalStateException.class, () -> GaussNewton.report(net));
    }

    private static void assertContinues(MultiLayerNetwork net, MultiLayerNetwork other) {
        assertNotSame(net, other);
        GaussNewton.attach(other);
        net.fit(Small.iterator(), 2);
        other.fit(Small.iterator(), 2);
        assertArrayEquals(bits(net), bits(other));
        assertEquals(net.updaterState(), other.updaterState());
    }

    @Test
    void aGraphNetworkFailsAtTheFirstStepToo() {
        ComputationGraph graph = Small.network(EVERYTHING).toComputationGraph();
        long[] before = bits(graph.params());
        assertFails(
                IllegalStateException.class,
                () -> graph.fit(Small.data(10)),
                "Call GaussNewton.attach(net) before fit, also after clone(), after restoring a saved model");
        assertArrayEquals(before, bits(graph.params()));
    }

    @Test
    void nothingKeepsATrainedNetworkAlive() throws InterruptedException {
        WeakReference<MultiLayerNetwork> trained = trainedAndForgotten();
        for (int i = 0; i < 50 && trained.get() != null; i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertTrue(trained.get() == null, "the network is still reachable");
    }

    private static WeakReference<MultiLayerNetwork> trainedAndForgotten() {
        MultiLayerNetwork net = Small.attached(EVERYTHING);
        net.fit(Small.iterator());
        assertFalse(Arrays.equals(bits(Small.network(EVERYTHING)), bits(net)), "no step was taken");
        return new WeakReference<>(net);
    }
}
