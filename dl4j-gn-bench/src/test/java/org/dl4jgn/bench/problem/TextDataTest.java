package org.dl4jgn.bench.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.bench.data.DataFolders;
import org.dl4jgn.bench.data.Examples;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The text whose entropy is known, and the network that learns it. */
class TextDataTest {

    private static final int T = TextData.STEPS;
    private static final int V = TextData.SYMBOLS;

    private static Examples examples() {
        return TextData.load(DataFolders.only(Path.of("."))).examples();
    }

    private static List<Integer> text(INDArray excerpts) {
        List<Integer> text = new ArrayList<>();
        float[][] rows = excerpts.toFloatMatrix();
        for (float[] row : rows) {
            for (int t = 0; t < T; t++) {
                for (int v = 0; v < V; v++) {
                    if (row[v * T + t] == 1) {
                        text.add(v);
                    }
                }
            }
        }
        return text;
    }

    @Test
    void labelsAreTheNextCharacters() {
        Examples examples = examples();
        List<Integer> text = text(examples.train());
        List<Integer> next = text(examples.trainLabels());
        assertEquals(2000 * T, text.size());
        assertEquals(text.subList(1, text.size()), next.subList(0, next.size() - 1));
    }

    /** As it is counted: of each word the shares of those that follow. */
    @Test
    void theEntropyIsThatOfTheWords() {
        Map<List<Integer>, Map<List<Integer>, Integer>> followers = new HashMap<>();
        List<Integer> text = text(examples().train());
        List<Integer> last = null;
        List<Integer> word = new ArrayList<>();
        long characters = 0;
        for (int symbol : text) {
            word.add(symbol);
            if (symbol == V - 1) {
                if (last != null) {
                    followers.computeIfAbsent(last, k -> new HashMap<>()).merge(word, 1, Integer::sum);
                    characters += word.size();
                }
                last = word;
                word = new ArrayList<>();
            }
        }
        assertEquals(64, followers.size());
        double nats = 0;
        for (Map<List<Integer>, Integer> counts : followers.values()) {
            assertEquals(4, counts.size());
            double all = counts.values().stream().mapToInt(n -> n).sum();
            nats -= counts.values().stream()
                    .mapToDouble(n -> n * Math.log(n / all))
                    .sum();
        }
        assertEquals(TextData.entropy(), nats / characters, 0.02 * TextData.entropy());
    }

    @Test
    void lossIsDl4jsForACharacter() {
        Examples all = examples();
        INDArray x = all.test().get(NDArrayIndex.interval(0, 20)).dup('c');
        INDArray y = all.testLabels().get(NDArrayIndex.interval(0, 20)).dup('c');
        Architecture.Layers architecture = new Architecture.Recurrent(T, List.of(8));
        MultiLayerNetwork net =
                architecture.network(new NeuralNetConfiguration.Builder().seed(1), V * T, V * T, Task.CLASSES);
        Evaluation evaluation = new Evaluation(new Examples(x, y, x, y), architecture, Task.CLASSES, 1);
        double score = net.score(new DataSet(x.reshape(20, V, T), y.reshape(20, V, T)));
        assertEquals(score / T, evaluation.lossOf(net), 1e-5);
    }

    @Test
    void aConstantPredictionIsWorseThanTheFloor() throws Exception {
        Workload workload = Problems.named("char-text").load(DataFolders.only(Path.of(".")));
        OptionalDouble constant = workload.constantPrediction();
        assertTrue(constant.orElseThrow() > 5 * TextData.entropy());
        assertTrue(constant.orElseThrow() < Math.log(V));
        assertEquals(DataType.FLOAT, Problems.named("char-text").defaults().type());
    }
}
