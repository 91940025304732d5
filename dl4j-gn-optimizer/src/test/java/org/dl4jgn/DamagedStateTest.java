package org.dl4jgn;

import static org.dl4jgn.testing.Failures.assertFails;
import static org.dl4jgn.testing.Small.bits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.testing.Networks;
import org.dl4jgn.testing.Small;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** What happens to a checkpoint on its way: cut off, a byte changed, one of another network. */
class DamagedStateTest {

    @TempDir
    Path folder;

    private Path file;
    private MultiLayerNetwork net;

    @BeforeEach
    void trainAndSave() {
        file = folder.resolve("training.zip");
        net = Small.attached(Sgn.builder().build());
        net.fit(Small.iterator(), 2);
        CheckpointFile.write(net, file);
    }

    private static long[] state(MultiLayerNetwork of) {
        return bits(of.getUpdater().getStateViewArray());
    }

    @Test
    void aTrainingGoesOnFromItsCheckpointToTheBit() {
        MultiLayerNetwork resumed = Small.attached(Sgn.builder().build());
        resumed.fit(Small.iterator());
        CheckpointFile.resume(resumed, file);
        assertEquals(net.getIterationCount(), resumed.getIterationCount());
        assertEquals(net.getEpochCount(), resumed.getEpochCount());
        net.fit(Small.iterator(), 2);
        resumed.fit(Small.iterator(), 2);
        assertArrayEquals(bits(net), bits(resumed));
        assertArrayEquals(state(net), state(resumed));
    }

    /** A file that is not what was written is refused, and nothing of it reaches the network. */
    private void assertRefused(byte[] bytes, String what) throws IOException {
        Path damaged = folder.resolve("damaged.zip");
        Files.write(damaged, bytes);
        long[] params = bits(net);
        long[] state = state(net);
        int iterations = net.getIterationCount();
        assertFails(
                IllegalArgumentException.class,
                () -> CheckpointFile.resume(net, damaged),
                "The checkpoint",
                "damaged.zip");
        assertArrayEquals(params, bits(net), what);
        assertArrayEquals(state, state(net), what);
        assertEquals(iterations, net.getIterationCount(), what);
    }

    @Test
    void aFileThatIsCutOffIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        net.fit(Small.iterator());
        for (int length :
                new int[] {0, 1, 30, whole.length / 4, whole.length / 2, whole.length - 30, whole.length - 1}) {
            assertRefused(Arrays.copyOf(whole, length), length + " bytes");
        }
    }

    /** Some bytes say nothing, as those of the time do: then what is read is what was written. */
    @Test
    void aByteThatChangedIsNoticedOrMeansNothing() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        long[] params = bits(net);
        long[] state = state(net);
        MultiLayerNetwork resumed = Small.attached(Sgn.builder().build());
        long[] before = bits(resumed);
        Random random = new Random(3);
        Path damaged = folder.resolve("damaged.zip");
        int refused = 0;
        for (int i = 0; i < 150; i++) {
            byte[] bytes = whole.clone();
            int at = i < 50 ? i : random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(damaged, bytes);
            try {
                CheckpointFile.resume(resumed, damaged);
                assertArrayEquals(params, bits(resumed), "byte " + at);
                assertArrayEquals(state, state(resumed), "byte " + at);
                resumed = Small.attached(Sgn.builder().build());
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().startsWith("The checkpoint"), e::toString);
                assertArrayEquals(before, bits(resumed), "byte " + at);
                refused++;
            }
        }
        assertTrue(refused > 100, "refused " + refused);
    }

    /** DL4J reads such a file, and leaves the state as it is at the start of a training. */
    @Test
    void aStateUnderAnotherNameIsMissed() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        bytes[text.indexOf(ModelSerializer.UPDATER_BIN)] ^= 1;
        assertRefused(bytes, "name of the state");
    }

    @Test
    void checkpointsOfAnotherNetworkOrOtherSettingsAreRefused() throws IOException {
        for (MultiLayerNetwork other : new MultiLayerNetwork[] {
            Small.attached(Egn.builder().build()),
            Small.attached(Sgn.builder().cgIterations(7).build()),
            GaussNewton.attach(Small.network(
                    Sgn.builder().build(),
                    settings -> {},
                    Networks.dense(Small.INPUTS, 6, Activation.TANH),
                    Networks.output(6, Small.CLASSES, Activation.SOFTMAX, new LossMCXENT())))
        }) {
            CheckpointFile.write(other, folder.resolve("other.zip"));
            assertRefused(Files.readAllBytes(folder.resolve("other.zip")), "another network");
        }
        ModelSerializer.writeModel(net, folder.resolve("bare.zip").toFile(), false);
        assertRefused(Files.readAllBytes(folder.resolve("bare.zip")), "without a state");
        assertFails(
                IllegalArgumentException.class,
                () -> CheckpointFile.resume(net, folder.resolve("none.zip")),
                "There is no checkpoint");
    }

    private static ComputationGraph graph() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .seed(3)
                .updater(Sgn.builder().build())
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(new LossMCXENT())
                                .nIn(Small.INPUTS)
                                .nOut(Small.CLASSES)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "in")
                .setOutputs("out")
                .build());
        graph.init();
        return GaussNewton.attach(graph);
    }

    @Test
    void graphsAlike() {
        ComputationGraph graph = graph();
        graph.fit(Small.iterator(), 2);
        Path saved = folder.resolve("graph.zip");
        CheckpointFile.write(graph, saved);
        ComputationGraph resumed = graph();
        CheckpointFile.resume(resumed, saved);
        graph.fit(Small.iterator());
        resumed.fit(Small.iterator());
        assertArrayEquals(bits(graph.params()), bits(resumed.params()));
        assertFails(
                IllegalArgumentException.class,
                () -> CheckpointFile.resume(resumed, file),
                "The checkpoint",
                "damaged");
    }
}
