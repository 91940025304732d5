package org.dl4jgn.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.spark.testing.Cases;
import org.dl4jgn.spark.testing.Clusters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A training that ends in the midst of it goes on from its last checkpoint, to the bit. */
class CheckpointTest extends OnTwoThreads {

    private static final DataSet EXAMPLES = Cases.synthetic(96, 5);
    private static final int EPOCHS = 3;
    private static final int EVERY = 4;

    private static JavaRDD<DataSet> examples() {
        return Clusters.spread(context, EXAMPLES, 3);
    }

    private static SparkGaussNewton.Builder training() {
        return SparkGaussNewton.builder(context).miniBatches(MiniBatches.of(20));
    }

    /** Trains, with checkpoints in a folder, until the driver dies in the second epoch, of five steps as all of them. */
    private static void interrupt(Model net, String folder) {
        IllegalStateException end = new IllegalStateException("the driver dies");
        SparkGaussNewton dying = training()
                .checkpoints(folder, EVERY)
                .onStep((report, rounds) -> {
                    if (report.iteration() == 9) {
                        throw end;
                    }
                })
                .build();
        assertEquals(end, assertThrows(IllegalStateException.class, () -> dying.fit(net, examples(), EPOCHS)));
    }

    private static Model restored(String folder) {
        return SparkGaussNewton.restore(context, folder).orElseThrow();
    }

    @Test
    void trainingGoesOnToTheBit(@TempDir Path folder) throws IOException {
        MultiLayerNetwork whole = Cases.SYNTHETIC.network(Sgn.builder().build(), DataType.DOUBLE);
        training().build().fit(whole, examples(), EPOCHS);

        String address = folder.toUri().toString();
        interrupt(Cases.SYNTHETIC.network(Sgn.builder().build(), DataType.DOUBLE), address);
        // a driver that dies while it writes leaves this
        Files.writeString(folder.resolve(".step-000000012.layers.zip"), "half of it", StandardCharsets.UTF_8);
        MultiLayerNetwork resumed = (MultiLayerNetwork) restored(address);
        assertEquals(8, resumed.getIterationCount());
        assertEquals(1, resumed.getEpochCount());
        training().build().fit(resumed, examples(), EPOCHS - 1);
        assertEquals(whole.getIterationCount(), resumed.getIterationCount());
        assertEquals(whole.getEpochCount(), resumed.getEpochCount());
        assertEquals(whole.params(), resumed.params());
        assertEquals(
                whole.getUpdater().getStateViewArray(), resumed.getUpdater().getStateViewArray());
    }

    /** Another file system of Hadoop's than that of plain files, and a network whose dropout has to be drawn again. */
    @Test
    void anyFileSystemHoldsThem(@TempDir Path folder) throws IOException {
        context.hadoopConfiguration()
                .set("fs.viewfs.mounttable.cluster.link./runs", folder.toUri().toString());
        String address = "viewfs://cluster/runs/first";
        ComputationGraph whole = graph();
        training().build().fit(whole, examples(), EPOCHS);
        interrupt(graph(), address);
        try (Stream<Path> files = Files.list(folder.resolve("first"))) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
            assertEquals(List.of("step-000000004.graph.zip", "step-000000008.graph.zip"), names);
        }
        ComputationGraph resumed = (ComputationGraph) restored(address);
        assertEquals(8, resumed.getConfiguration().getIterationCount());
        training().build().fit(resumed, examples(), EPOCHS - 1);
        assertEquals(whole.params(), resumed.params());
        assertEquals(
                whole.getUpdater().getStateViewArray(), resumed.getUpdater().getStateViewArray());
    }

    private static ComputationGraph graph() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .activation(Activation.TANH)
                .updater(Sgn.builder().build())
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "hidden",
                        new DenseLayer.Builder()
                                .nIn(Cases.INPUTS)
                                .nOut(6)
                                .dropOut(0.8)
                                .build(),
                        "in")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .nIn(6)
                                .nOut(Cases.CLASSES)
                                .activation(Activation.SOFTMAX)
                                .build(),
                        "hidden")
                .setOutputs("out")
                .build());
        graph.init();
        return graph;
    }

    @Test
    void aFolderWithoutCheckpointsHasNone(@TempDir Path folder) {
        assertTrue(SparkGaussNewton.restore(context, folder.toUri().toString()).isEmpty());
        assertTrue(SparkGaussNewton.restore(
                        context, folder.resolve("nowhere").toUri().toString())
                .isEmpty());
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamedBeforeTheFirstStep(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no folder", StandardCharsets.UTF_8);
        MultiLayerNetwork net = Cases.SYNTHETIC.network(Sgn.builder().build(), DataType.DOUBLE);
        SparkGaussNewton training =
                training().checkpoints(file.toUri() + "/run", EVERY).build();
        RuntimeException refused = assertThrows(RuntimeException.class, () -> training.fit(net, examples(), 1));
        assertTrue(refused.getMessage().startsWith("The folder of checkpoints file:"), refused::getMessage);
        assertTrue(refused.getMessage().contains(" cannot be written: "), refused::getMessage);
        assertEquals(0, net.getIterationCount());
    }

    /** The network is as after the step whose checkpoint could not be written. */
    @Test
    void aFolderThatIsLostIsNamed(@TempDir Path folder) {
        Path run = folder.resolve("run");
        MultiLayerNetwork net = Cases.SYNTHETIC.network(Sgn.builder().build(), DataType.DOUBLE);
        SparkGaussNewton training = training()
                .checkpoints(run.toUri().toString(), EVERY)
                .onStep((report, rounds) -> {
                    if (report.iteration() == 2) {
                        replaceByFile(run);
                    }
                })
                .build();
        RuntimeException refused = assertThrows(RuntimeException.class, () -> training.fit(net, examples(), 1));
        assertTrue(
                refused.getMessage().startsWith("The checkpoint after step 4 was not written to"), refused::getMessage);
        assertEquals(4, net.getIterationCount());
    }

    private static void replaceByFile(Path folder) {
        try {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
            Files.writeString(folder, "no folder", StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last checkpoint of another training would stay the last one, and the new ones would go as the oldest. */
    @Test
    void theFolderOfALaterTrainingIsRefused(@TempDir Path folder) {
        String address = folder.toUri().toString();
        SparkGaussNewton training = training().checkpoints(address, EVERY).build();
        training.fit(Cases.SYNTHETIC.network(Sgn.builder().build(), DataType.DOUBLE), examples(), 1);
        MultiLayerNetwork net = Cases.SYNTHETIC.network(Sgn.builder().build(), DataType.DOUBLE);
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> training.fit(net, examples(), 1));
        assertTrue(
                refused.getMessage()
                        .contains("has step-000000004.layers.zip, of a later step than the network's, which is 0"),
                refused::getMessage);
        assertEquals(0, net.getIterationCount());
        training.fit(restored(address), examples(), 2);
        assertEquals(8, ((MultiLayerNetwork) restored(address)).getIterationCount());
    }
}
