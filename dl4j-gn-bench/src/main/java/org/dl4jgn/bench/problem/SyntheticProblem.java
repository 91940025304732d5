package org.dl4jgn.bench.problem;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.dl4jgn.bench.optimizer.Contender;
import org.dl4jgn.bench.rivals.Trainer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A network with random data of the right shape, which is all that time and memory of a step depend on. No files are needed.
 *
 * @param architecture of the network
 * @param shape of the data
 * @param batch examples in a mini-batch
 */
public record SyntheticProblem(Architecture architecture, Shape shape, int batch) {

    private static final int SEED = 1;
    private static final int LABEL_SEED = 3;

    /**
     * The network, shape and mini-batch of a problem that is known by name.
     *
     * @throws IllegalArgumentException if there is none of that name, or it has no examples with labels
     */
    public static SyntheticProblem like(String name) {
        if (Problems.named(name) instanceof SupervisedProblem problem) {
            return new SyntheticProblem(
                    problem.architecture(), problem.shape(), problem.defaults().batch());
        }
        throw new IllegalArgumentException("The problem \"" + name
                + "\" learns from what it does, so that there are no data like its own; take one"
                + " that has examples with labels, such as boston or mnist");
    }

    /**
     * A network of dense layers.
     *
     * @param batch examples in a mini-batch
     * @param task what the outputs are to be
     * @param activation of the hidden layers
     * @param sizes units of each layer, from the features to the outputs
     */
    public static SyntheticProblem dense(int batch, Task task, Activation activation, int... sizes) {
        List<Integer> hidden = Arrays.stream(sizes, 1, sizes.length - 1).boxed().toList();
        return new SyntheticProblem(
                new Architecture.Dense(hidden, activation, WeightInit.XAVIER),
                new Shape(sizes[0], sizes[sizes.length - 1], task),
                batch);
    }

    /** 784-800-400-10, 952,410 parameters, batch 64, softmax cross-entropy. */
    public static SyntheticProblem ofAMillionParameters() {
        return dense(64, Task.CLASSES, Activation.RELU, 784, 800, 400, 10);
    }

    /** The same with mini-batches of another size. */
    public SyntheticProblem withBatch(int size) {
        return new SyntheticProblem(architecture, shape, size);
    }

    /**
     * A fresh network, the same for every updater.
     *
     * @throws IllegalArgumentException if it is a graph
     */
    public MultiLayerNetwork network(IUpdater updater, DataType type) {
        if (network(base(type).updater(updater)) instanceof MultiLayerNetwork layers) {
            return layers;
        }
        throw new IllegalArgumentException("This measures layers one after the other, and the network of this problem ("
                + architecture.describe() + ") is a graph; \"graph-speed\" and \"step\" measure it");
    }

    /** A fresh network, the same for every contender, and what trains it. */
    public Trainer start(Contender contender, DataType type) {
        return contender.trainer(network(contender.configure(base(type))));
    }

    private static NeuralNetConfiguration.Builder base(DataType type) {
        return new NeuralNetConfiguration.Builder().seed(SEED).dataType(type);
    }

    private Model network(NeuralNetConfiguration.Builder base) {
        return architecture.network(base, shape.inputs(), shape.outputs(), shape.task());
    }

    /** Mini-batches, in float, of standard normal features and random labels. */
    public List<DataSet> batches(int count) {
        List<DataSet> batches = new ArrayList<>();
        Random random = new Random(LABEL_SEED);
        long[] features = LongStream.concat(
                        LongStream.of(batch), LongStream.of(architecture.exampleShape(shape.inputs())))
                .toArray();
        long[] labels = LongStream.concat(LongStream.of(batch), LongStream.of(architecture.labelShape(shape.outputs())))
                .toArray();
        for (int i = 0; i < count; i++) {
            batches.add(new DataSet(
                    Nd4j.randn(DataType.FLOAT, features), labels(random).reshape(labels)));
        }
        return batches;
    }

    private INDArray labels(Random random) {
        int outputs = shape.outputs();
        return switch (shape.task()) {
            case REGRESSION -> Nd4j.randn(DataType.FLOAT, batch, outputs);
            case BINARY -> {
                INDArray labels = Nd4j.zeros(DataType.FLOAT, batch, outputs);
                for (int i = 0; i < batch; i++) {
                    labels.putScalar(i, 0, random.nextInt(2));
                }
                yield labels;
            }
            case CLASSES -> {
                INDArray labels = Nd4j.zeros(DataType.FLOAT, batch, outputs);
                long[] one = architecture.labelShape(outputs);
                int positions = one.length == 1 ? 1 : (int) one[1];
                for (int i = 0; i < batch; i++) {
                    for (int t = 0; t < positions; t++) {
                        labels.putScalar(i, random.nextInt((int) one[0]) * positions + t, 1.0);
                    }
                }
                yield labels;
            }
        };
    }
}
