package org.dl4jgn.spark.testing;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks and examples for them. */
public enum Cases {
    /** 4-5-3 on made-up numbers, which are always there. */
    SYNTHETIC {
        @Override
        public DataSet examples() {
            return synthetic(103, 7);
        }

        @Override
        NeuralNetConfiguration.ListBuilder layers(NeuralNetConfiguration.Builder conf) {
            return conf.activation(Activation.TANH)
                    .l2(1e-3)
                    .list()
                    .layer(dense(INPUTS, 5))
                    .layer(softmax(5, CLASSES));
        }
    },
    /** The paper's 13-100-100-1. */
    BOSTON {
        @Override
        public DataSet examples() throws IOException {
            return boston(folder("boston").orElseThrow());
        }

        @Override
        NeuralNetConfiguration.ListBuilder layers(NeuralNetConfiguration.Builder conf) {
            return conf.activation(Activation.SIGMOID)
                    .list()
                    .layer(dense(13, 100))
                    .layer(dense(100, 100))
                    .layer(new OutputLayer.Builder(LossFunction.MSE)
                            .nIn(100)
                            .nOut(1)
                            .activation(Activation.IDENTITY)
                            .build());
        }
    },
    /** The paper's 784-20-20-20-10. */
    MNIST {
        @Override
        public DataSet examples() throws IOException {
            DataSet images = images(folder("mnist").orElseThrow(), 1000);
            return new DataSet(images.getFeatures().reshape(1000, 784), images.getLabels());
        }

        @Override
        NeuralNetConfiguration.ListBuilder layers(NeuralNetConfiguration.Builder conf) {
            return conf.activation(Activation.SIGMOID)
                    .list()
                    .layer(dense(784, 20))
                    .layer(dense(20, 20))
                    .layer(dense(20, 20))
                    .layer(softmax(20, 10));
        }
    },
    /** The paper's convolutional network. */
    FASHION_MNIST {
        @Override
        public DataSet examples() throws IOException {
            return images(folder("fashion-mnist").orElseThrow(), 100);
        }

        @Override
        NeuralNetConfiguration.ListBuilder layers(NeuralNetConfiguration.Builder conf) {
            return conf.activation(Activation.RELU)
                    .list()
                    .layer(new ConvolutionLayer.Builder(5, 5).nOut(6).build())
                    .layer(pooling())
                    .layer(new ConvolutionLayer.Builder(5, 5).nOut(16).build())
                    .layer(pooling())
                    .layer(new DenseLayer.Builder().nOut(120).build())
                    .layer(new DenseLayer.Builder().nOut(84).build())
                    .layer(softmax(84, 10))
                    .setInputType(InputType.convolutional(28, 28, 1));
        }
    };

    public static final int INPUTS = 4;
    public static final int CLASSES = 3;

    /** Whether its data are here. */
    public boolean isThere() {
        return this == SYNTHETIC
                || folder(name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'))
                        .isPresent();
    }

    /** All examples, in float. */
    public abstract DataSet examples() throws IOException;

    abstract NeuralNetConfiguration.ListBuilder layers(NeuralNetConfiguration.Builder conf);

    /** A network with such an updater, always with the same parameters. */
    public MultiLayerNetwork network(IUpdater updater, DataType type) {
        MultiLayerConfiguration conf = layers(new NeuralNetConfiguration.Builder()
                        .seed(42)
                        .dataType(type)
                        .weightInit(WeightInit.XAVIER)
                        .updater(updater))
                .build();
        MultiLayerNetwork net = new MultiLayerNetwork(conf);
        net.init();
        return net;
    }

    /** Random features, and classes that depend on them. */
    public static DataSet synthetic(int count, long seed) {
        Random random = new Random(seed);
        INDArray features = Nd4j.create(DataType.FLOAT, count, INPUTS);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, count, CLASSES);
        for (int i = 0; i < count; i++) {
            double sum = 0;
            for (int j = 0; j < INPUTS; j++) {
                double x = random.nextGaussian();
                features.putScalar(i, j, x);
                sum += x * (j + 1);
            }
            labels.putScalar(i, sum < -2 ? 0 : sum < 2 ? 1 : 2, 1);
        }
        return new DataSet(features, labels);
    }

    private static DenseLayer dense(int in, int out) {
        return new DenseLayer.Builder().nIn(in).nOut(out).build();
    }

    private static OutputLayer softmax(int in, int out) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(in)
                .nOut(out)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static SubsamplingLayer pooling() {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(2, 2)
                .build();
    }

    private static Optional<Path> folder(String problem) {
        return Stream.of(
                        Optional.ofNullable(System.getProperty("dl4jgn.data")),
                        Optional.ofNullable(System.getenv("DL4JGN_DATA")),
                        Optional.of("../shared/data"),
                        Optional.of("../../shared/data"))
                .flatMap(Optional::stream)
                .map(root -> Path.of(root, problem))
                .filter(Files::isDirectory)
                .findFirst();
    }

    private static DataSet boston(Path folder) throws IOException {
        List<float[]> rows = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(folder.resolve("boston_house_prices.csv.gz"))),
                StandardCharsets.UTF_8))) {
            in.lines().skip(2).forEach(line -> {
                String[] cells = line.split(",", -1);
                float[] row = new float[cells.length];
                for (int i = 0; i < row.length; i++) {
                    row[i] = Float.parseFloat(cells[i]);
                }
                rows.add(row);
            });
        }
        INDArray table = Nd4j.createFromArray(rows.toArray(new float[0][]));
        table.subiRowVector(table.mean(0)).diviRowVector(table.std(0));
        return new DataSet(
                table.get(
                                org.nd4j.linalg.indexing.NDArrayIndex.all(),
                                org.nd4j.linalg.indexing.NDArrayIndex.interval(0, 13))
                        .dup('c'),
                table.getColumn(13).reshape(rows.size(), 1).dup('c'));
    }

    private static DataSet images(Path folder, int count) throws IOException {
        byte[] pixels = read(folder.resolve("train-images-idx3-ubyte.gz"), 16, count * 784);
        byte[] classes = read(folder.resolve("train-labels-idx1-ubyte.gz"), 8, count);
        float[] values = new float[pixels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (pixels[i] & 0xFF) / 255f - 0.13f;
        }
        INDArray labels = Nd4j.zeros(DataType.FLOAT, count, 10);
        for (int i = 0; i < count; i++) {
            labels.putScalar(i, classes[i], 1);
        }
        return new DataSet(Nd4j.createFromArray(values).reshape(count, 1, 28, 28), labels);
    }

    private static byte[] read(Path file, int header, int length) throws IOException {
        try (DataInputStream in = new DataInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
            in.skipNBytes(header);
            byte[] bytes = new byte[length];
            in.readFully(bytes);
            return bytes;
        }
    }
}
