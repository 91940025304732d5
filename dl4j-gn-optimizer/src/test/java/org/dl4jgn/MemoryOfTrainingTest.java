package org.dl4jgn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.LongPredicate;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.Small;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Whoever gives up a network gets the native memory of its training back. By ND4J's own count of bytes. */
class MemoryOfTrainingTest {

    private static final int WIDTH = 300;
    private static final long PARAMETERS = 8L * WIDTH * WIDTH;

    private static MultiLayerNetwork trained(IUpdater updater) {
        MultiLayerNetwork net = Networks.of(
                DataType.DOUBLE,
                conf -> conf.updater(updater),
                Networks.dense(WIDTH, WIDTH, Activation.TANH),
                Networks.output(WIDTH, 1, Activation.IDENTITY, new LossMSE()));
        GaussNewton.attach(net).fit(Networks.normal(1, 1.0, 40, WIDTH), Networks.normal(2, 1.0, 40, 1));
        return net;
    }

    private static long bytes() {
        return Nd4j.getEnvironment().getDeviceCouner(0);
    }

    /** The bytes that are held in the end, after as many collections as it takes. */
    private static long collectUntil(LongPredicate enough) {
        for (int i = 0; i < 100 && !enough.test(bytes()); i++) {
            System.gc();
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return bytes();
    }

    @Test
    void anAttachedNetworkThatIsForgottenFreesItsTraining() {
        trained(Sgn.builder().build());
        long before = collectUntil(bytes -> false);
        long held = heldByForgottenNetworks();
        assertTrue(held > before + 10 * PARAMETERS, () -> "held " + held + " before " + before);
        long after = collectUntil(bytes -> bytes < before + PARAMETERS);
        assertTrue(after < before + PARAMETERS, () -> "before " + before + ", held " + held + ", after " + after);
    }

    private static long heldByForgottenNetworks() {
        MultiLayerNetwork sgn = trained(Sgn.builder().build());
        MultiLayerNetwork egn = trained(Egn.builder().build());
        long held = bytes();
        assertTrue(sgn.numParams() == egn.numParams());
        return held;
    }

    @Test
    void aNetworkThatIsClearedFreesItsTrainingAndTrainsAgain() {
        MultiLayerNetwork net = trained(Sgn.builder().build());
        long held = collectUntil(bytes -> false);
        net.clear();
        long limit = held - 5 * PARAMETERS;
        long after = collectUntil(bytes -> bytes < limit);
        assertTrue(after < limit, () -> "attached " + held + ", cleared " + after);
        GaussNewton.attach(net).fit(Networks.normal(1, 1.0, 40, WIDTH), Networks.normal(2, 1.0, 40, 1));
        assertTrue(GaussNewton.report(net).orElseThrow().lossBefore() > 0);
    }

    /** The state of the updater would lie in the workspace, which is written over later. */
    @Test
    void attachingInsideAnOpenWorkspaceChangesNothing() {
        MultiLayerNetwork expected =
                GaussNewton.attach(Small.network(Sgn.builder().momentum(0.9).build()));
        MultiLayerNetwork net = Small.network(Sgn.builder().momentum(0.9).build());
        WorkspaceConfiguration conf =
                WorkspaceConfiguration.builder().initialSize(1 << 20).build();
        try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().getAndActivateWorkspace(conf, "OF_A_USER")) {
            GaussNewton.attach(net);
        }
        for (int i = 0; i < 3; i++) {
            expected.fit(Small.data(20));
            net.fit(Small.data(20));
            try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().getAndActivateWorkspace(conf, "OF_A_USER")) {
                INDArray other = Nd4j.create(DataType.DOUBLE, 1 << 15).assign(3.0);
                assertTrue(other.isAttached());
            }
        }
        assertArrayEquals(Small.bits(expected), Small.bits(net));
    }
}
