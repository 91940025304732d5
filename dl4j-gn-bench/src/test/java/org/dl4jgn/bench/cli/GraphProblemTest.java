package org.dl4jgn.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GraphProblemTest extends OnTheConsole {

    /** Ten images to train and two to test, in CIFAR-10's files: a class, then three planes of 32 x 32 bytes. */
    private String images() throws IOException {
        Random random = new Random(1);
        for (String name :
                List.of("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch")) {
            byte[] two = new byte[2 * (1 + 3 * 32 * 32)];
            random.nextBytes(two);
            two[0] = 3;
            two[two.length / 2] = 7;
            Path file = folder.resolve("data/cifar10").resolve(name + ".bin");
            Files.createDirectories(file.getParent());
            Files.write(file, two);
        }
        return folder.resolve("data").toString();
    }

    @Test
    void aGraphIsRunByWhatCanTrainItAndTheOthersSayWhyNot() throws IOException {
        String results = folder.resolve("out").toString();
        assertEquals(
                1,
                execute(
                        "run",
                        "resnet20",
                        "--batch",
                        "5",
                        "--epochs",
                        "1",
                        "-o",
                        "lbfgs,sqn,adam:0.01",
                        "--warm-up",
                        "0",
                        "--offline",
                        "--data",
                        images(),
                        "--out",
                        results),
                err::toString);
        String said = out.toString();
        assertTrue(said.contains("10 training and 2 test examples, 3072 inputs"), said);
        assertTrue(said.contains("lbfgs cannot train this network: lbfgs trains layers one after the other"), said);
        assertTrue(said.contains("sqn cannot train this network: "), said);
        assertEquals(
                1,
                Files.readAllLines(Path.of(results, "resnet20", "runs.jsonl")).size());
        assertEquals(0, execute("report", "--out", results), err::toString);
        assertEquals(
                1,
                execute(
                        "tune",
                        "resnet20",
                        "--batch",
                        "4",
                        "-o",
                        "gaf",
                        "--epochs",
                        "1",
                        "--offline",
                        "--data",
                        images(),
                        "--out",
                        results));
        assertTrue(err.toString().startsWith("gaf trains layers one after the other"), err::toString);
        assertTrue(err.toString().contains("sgn, egn and DL4J's updaters, such as adam, train both"), err::toString);
        assertFalse(err.toString().contains("\tat "), err::toString);
    }

    @Test
    void whatMeasuresLayersSaysWhatMeasuresGraphs() {
        assertEquals(1, execute("memory", "step", "resnet20", "sgd"));
        assertTrue(err.toString().contains("is a graph; \"graph-speed\" and \"step\" measure it"), err::toString);
        assertEquals(1, execute("run", "resnet20", "--layers", "64"));
        assertTrue(err.toString().contains("--layers and --activation go with --csv"));
        assertFalse(err.toString().contains("\tat "), err::toString);
    }
}
