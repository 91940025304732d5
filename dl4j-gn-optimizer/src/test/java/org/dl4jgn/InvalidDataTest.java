package org.dl4jgn;

import static org.dl4jgn.testing.Small.bits;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Egn;
import org.dl4jgn.conf.Sgn;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Every damage to features, labels and masks, for every kind of network: a sentence that says which array it is and its shape or its
 * value, and a network as it was.
 */
class InvalidDataTest {

    private static final int EXAMPLES = 6;

    /** Networks with data that they take. */
    enum Kind {
        DENSE(false, new long[] {4}, new long[] {3}, new long[] {1}),
        REGRESSION(false, new long[] {4}, new long[] {2}, new long[] {2}),
        IMAGES(false, new long[] {2, 5, 7}, new long[] {3}, new long[] {1}),
        SEQUENCES(false, new long[] {4, 5}, new long[] {3, 5}, new long[] {5}),
        GRAPH(true, new long[] {4}, new long[] {3}, new long[] {1}),
        GRAPH_OF_IMAGES(true, new long[] {2, 5, 7}, new long[] {3}, new long[] {1}),
        GRAPH_OF_SEQUENCES(true, new long[] {4, 5}, new long[] {3, 5}, new long[] {5});

        private final boolean isGraph;
        private final long[] features;
        private final long[] labels;
        private final long[] mask;

        Kind(boolean isGraph, long[] features, long[] labels, long[] mask) {
            this.isGraph = isGraph;
            this.features = features;
            this.labels = labels;
            this.mask = mask;
        }

        private InputType type() {
            return switch (features.length) {
                case 1 -> InputType.feedForward(features[0]);
                case 2 -> InputType.recurrent(features[0]);
                default -> InputType.convolutional(features[1], features[2], features[0]);
            };
        }

        private Layer hidden() {
            return switch (features.length) {
                case 1 -> new DenseLayer.Builder().nOut(4).build();
                case 2 -> new LSTM.Builder().nOut(4).build();
                default -> new ConvolutionLayer.Builder(2, 2).nOut(2).build();
            };
        }

        private Layer output() {
            LossFunction loss = this == REGRESSION ? LossFunction.MSE : LossFunction.MCXENT;
            Activation activation = this == REGRESSION ? Activation.IDENTITY : Activation.SOFTMAX;
            return labels.length == 2
                    ? new RnnOutputLayer.Builder(loss)
                            .nOut(labels[0])
                            .activation(activation)
                            .build()
                    : new OutputLayer.Builder(loss)
                            .nOut(labels[0])
                            .activation(activation)
                            .build();
        }

        Model attached() {
            NeuralNetConfiguration.Builder conf = new NeuralNetConfiguration.Builder()
                    .seed(3)
                    .dataType(DataType.DOUBLE)
                    .activation(Activation.TANH)
                    .updater(isGraph ? Egn.builder().build() : Sgn.builder().build());
            if (!isGraph) {
                return GaussNewton.attach(new MultiLayerNetwork(conf.list()
                        .layer(hidden())
                        .layer(output())
                        .setInputType(type())
                        .build()));
            }
            return GaussNewton.attach(new ComputationGraph(conf.graphBuilder()
                    .addInputs("in")
                    .addLayer("hidden", hidden(), "in")
                    .addLayer("out", output(), "hidden")
                    .setOutputs("out")
                    .setInputTypes(type())
                    .build()));
        }

        Data data() {
            INDArray x = Nd4j.linspace(DataType.DOUBLE, -1, 0.01, EXAMPLES * length(features))
                    .reshape(shape(features));
            INDArray y = Nd4j.zeros(DataType.DOUBLE, shape(labels));
            y.get(NDArrayIndex.all(), NDArrayIndex.point(0)).assign(1);
            return new Data(x, y, Nd4j.ones(DataType.DOUBLE, shape(mask)));
        }

        private static long length(long[] shape) {
            return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        }

        private static long[] shape(long[] ofExample) {
            return IntStream.rangeClosed(0, ofExample.length)
                    .mapToLong(i -> i == 0 ? EXAMPLES : ofExample[i - 1])
                    .toArray();
        }
    }

    private record Data(INDArray features, INDArray labels, INDArray mask) {

        DataSet set() {
            return new DataSet(features, labels, null, mask);
        }
    }

    /** What is damaged, and a word by which the message names it. */
    private enum Part {
        FEATURES("eatures"),
        LABELS("abels"),
        MASK("label mask");

        private final String word;

        Part(String word) {
            this.word = word;
        }

        DataSet damaged(Data data, UnaryOperator<INDArray> damage) {
            return new DataSet(
                    this == FEATURES ? damage.apply(data.features) : data.features,
                    this == LABELS ? damage.apply(data.labels) : data.labels,
                    null,
                    this == MASK ? damage.apply(data.mask) : data.mask);
        }
    }

    private static final Map<Kind, Model> NETWORKS = new EnumMap<>(Kind.class);

    static Stream<Arguments> damages() {
        return Arrays.stream(Kind.values())
                .flatMap(kind -> Arrays.stream(Part.values()).flatMap(part -> damages(kind, part)));
    }

    private static Stream<Arguments> damages(Kind kind, Part part) {
        Map<String, UnaryOperator<INDArray>> damages = new LinkedHashMap<>();
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            damages.put(bad + " at first", array -> put(array, 0, bad));
            damages.put(bad + " at last", array -> put(array, array.length() - 1, bad));
        }
        damages.put("one example less", array -> array.get(NDArrayIndex.interval(0, EXAMPLES - 1)));
        damages.put("one example more", array -> Nd4j.concat(0, array, array.get(NDArrayIndex.interval(0, 1))));
        damages.put("one column more", array -> Nd4j.concat(1, array, column(array)));
        damages.put("no example", array -> Nd4j.zeros(DataType.DOUBLE, first(array, 0)));
        damages.put("an axis more", array -> array.reshape(appended(array.shape(), 1)));
        damages.put("one axis", array -> array.reshape(array.length()));
        damages.put("axes reversed", INDArray::transpose);
        if (part == Part.MASK && kind == Kind.SEQUENCES) {
            // DL4J's RnnOutputLayer makes a column of any mask, and no other place has its shape
            damages.keySet().removeAll(Set.of("an axis more", "axes reversed"));
        }
        if (part == Part.MASK && kind.labels.length == 2) {
            damages.remove("one axis"); // DL4J's RnnOutputLayer refuses that itself
        }
        if (part == Part.MASK) {
            for (double bad : new double[] {0.5, 2, -1}) {
                damages.put(bad + " in it", array -> put(array, 1, bad));
            }
        } else {
            damages.put("one column", array -> column(array));
        }
        return damages.entrySet().stream().map(damage -> Arguments.of(kind, part, damage.getKey(), damage.getValue()));
    }

    private static INDArray put(INDArray array, long at, double value) {
        INDArray changed = array.dup('c');
        changed.reshape(changed.length()).putScalar(at, value);
        return changed;
    }

    private static INDArray column(INDArray array) {
        return array.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 1)).dup('c');
    }

    private static long[] first(INDArray array, long examples) {
        long[] shape = array.shape().clone();
        shape[0] = examples;
        return shape;
    }

    private static long[] appended(long[] shape, long size) {
        long[] longer = Arrays.copyOf(shape, shape.length + 1);
        longer[shape.length] = size;
        return longer;
    }

    @ParameterizedTest(name = "{0}, {1}: {2}")
    @MethodSource("damages")
    void isRefusedInASentence(Kind kind, Part part, String name, UnaryOperator<INDArray> damage) {
        Model net = NETWORKS.computeIfAbsent(kind, Kind::attached);
        long[] before = bits(net.params());
        int steps = steps(net);
        DataSet damaged = part.damaged(kind.data(), damage);
        String message = assertThrows(IllegalArgumentException.class, () -> fit(net, damaged))
                .getMessage();
        assertTrue(message.contains(part.word) || name.contains("example"), message);
        assertTrue(message.matches("(?s).*(\\[\\d|NaN|Infinity|0\\.5|2\\.0|-1\\.0).*"), message);
        assertArrayEquals(before, bits(net.params()));
        assertEquals(steps, steps(net));
    }

    /** So that the refusals are not for another reason. */
    @ParameterizedTest
    @MethodSource("kinds")
    void theSameDataWithoutDamageAreTaken(Kind kind) {
        Model net = NETWORKS.computeIfAbsent(kind, Kind::attached);
        int steps = steps(net);
        fit(net, kind.data().set());
        assertEquals(steps + 1, steps(net));
    }

    static Stream<Kind> kinds() {
        return Arrays.stream(Kind.values());
    }

    private static void fit(Model net, DataSet data) {
        if (net instanceof MultiLayerNetwork layers) {
            layers.fit(data);
        } else {
            ((ComputationGraph) net).fit(data);
        }
    }

    private static int steps(Model net) {
        return net instanceof MultiLayerNetwork layers
                ? layers.getIterationCount()
                : ((ComputationGraph) net).getIterationCount();
    }
}
