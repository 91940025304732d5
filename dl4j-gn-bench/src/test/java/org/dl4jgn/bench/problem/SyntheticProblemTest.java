package org.dl4jgn.bench.problem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.bench.data.Examples;
import org.dl4jgn.bench.optimizer.Optimizers;
import org.dl4jgn.bench.rivals.Trainer;
import org.dl4jgn.tables.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

class SyntheticProblemTest {

    /** The sizes that the SGN paper and docs/convolution.md name. */
    @ParameterizedTest
    @CsvSource({
        "boston, 11601, 101",
        "sine, 901, 1000",
        "mnist, 16750, 1000",
        "fashion, 44426, 1000",
        "cifar, 122570, 1000"
    })
    void networksAreThePapers(String name, long parameters, int batch) {
        SyntheticProblem problem = SyntheticProblem.like(name);
        MultiLayerNetwork net = problem.network(new Sgd(1e-3), DataType.FLOAT);
        assertEquals(parameters, net.numParams());
        assertEquals(batch, problem.batch());
        DataSet data = problem.withBatch(3).batches(1).get(0);
        assertEquals(3, data.getFeatures().size(0));
        assertArrayEquals(
                data.getLabels().shape(),
                net.output(data.getFeatures()).shape(),
                "the data are of the network's shape");
    }

    static Stream<SupervisedProblem> supervised() {
        return Problems.all().stream()
                .filter(SupervisedProblem.class::isInstance)
                .map(SupervisedProblem.class::cast)
                .filter(problem -> !problem.name().equals("imdb"));
    }

    /**
     * The shape of a problem is known before its data are read; this is the one thing that is said twice. (IMDB's is a
     * constant of its hashing, and its reviews take long to read.)
     */
    @ParameterizedTest
    @MethodSource("supervised")
    void shapesAreThoseOfTheData(SupervisedProblem problem) throws IOException {
        LoadedData data;
        try {
            data = problem.loader().load(DataFolders.standard(null, null));
        } catch (DataException e) {
            data = abort(e.getMessage());
        }
        Examples examples = data.examples();
        assertEquals(problem.shape(), new Shape(examples.inputs(), examples.outputs(), data.task()));
    }

    @Test
    void aGraphIsTrainedButNotTakenForLayers() {
        SyntheticProblem problem = SyntheticProblem.like("resnet20").withBatch(2);
        String message = assertThrows(
                        IllegalArgumentException.class, () -> problem.network(new Sgd(1e-3), DataType.FLOAT))
                .getMessage();
        assertTrue(message.contains("ResNet-20 of 16 to 64 channels) is a graph; \"graph-speed\""), message);
        Trainer trainer = problem.start(Optimizers.parse("sgd"), DataType.FLOAT);
        trainer.fit(problem.batches(1).get(0));
        assertTrue(Double.isFinite(trainer.network().score()));
    }

    @Test
    void theNetworkIsTheSameForEveryOptimizer() {
        SyntheticProblem problem = SyntheticProblem.ofAMillionParameters();
        MultiLayerNetwork one = problem.network(new Sgd(1e-3), DataType.FLOAT);
        assertEquals(952_410, one.numParams());
        assertEquals(
                one.params(), problem.network(new Adam(1e-3), DataType.FLOAT).params());
    }

    @Test
    void labelsAreOfTheTask() {
        DataSet binary = SyntheticProblem.dense(50, Task.BINARY, Activation.RELU, 3, 4, 1)
                .batches(1)
                .get(0);
        assertEquals(
                50,
                binary.getLabels().eq(0).castTo(DataType.INT32).sumNumber().intValue()
                        + binary.getLabels()
                                .eq(1)
                                .castTo(DataType.INT32)
                                .sumNumber()
                                .intValue());
        DataSet classes = SyntheticProblem.dense(50, Task.CLASSES, Activation.RELU, 3, 4, 5)
                .batches(1)
                .get(0);
        assertEquals(50, classes.getLabels().sumNumber().intValue(), "one-hot");
    }

    @Test
    void whatHasNoExamplesIsRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> SyntheticProblem.like("lqr"))
                .getMessage();
        assertTrue(message.contains("\"lqr\""), message);
    }
}
