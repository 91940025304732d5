package org.dl4jgn.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.dl4jgn.conf.Sgn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Checkpoints that something happened to. */
class DamagedCheckpointTest {

    private static MultiLayerNetwork network() {
        MultiLayerNetwork net = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(Sgn.builder().build())
                .list()
                .layer(new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(30)
                        .nOut(4)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        net.init();
        return net;
    }

    @Test
    void aDamagedCheckpointIsNamedAndTheOneBeforeItIsTakenWithoutIt(@TempDir Path folder) throws IOException {
        Configuration hadoop = new Configuration();
        Checkpoints checkpoints = new Checkpoints(folder.toString(), 1);
        MultiLayerNetwork net = network();
        checkpoints.write(net, hadoop);
        net.setIterationCount(5);
        checkpoints.write(net, hadoop);
        Path last = folder.resolve("step-000000005.layers.zip");
        byte[] whole = Files.readAllBytes(last);
        byte[] changed = whole.clone();
        changed[whole.length / 2] ^= 1;
        byte[] renamed = whole.clone();
        renamed[new String(whole, StandardCharsets.ISO_8859_1).indexOf(ModelSerializer.UPDATER_BIN)] ^= 1;
        for (byte[] bytes : new byte[][] {
            new byte[0], Arrays.copyOf(whole, 40), Arrays.copyOf(whole, whole.length / 2), changed, renamed
        }) {
            Files.deleteIfExists(folder.resolve(".step-000000005.layers.zip.crc"));
            Files.write(last, bytes);
            IllegalStateException refusal =
                    assertThrows(IllegalStateException.class, () -> Checkpoints.last(folder.toString(), hadoop));
            assertTrue(refusal.getMessage().contains("step-000000005.layers.zip is damaged"), refusal::getMessage);
        }
        Files.delete(last);
        MultiLayerNetwork before =
                (MultiLayerNetwork) Checkpoints.last(folder.toString(), hadoop).orElseThrow();
        assertEquals(0, before.getIterationCount());
        assertEquals(net.params(), before.params());
    }
}
