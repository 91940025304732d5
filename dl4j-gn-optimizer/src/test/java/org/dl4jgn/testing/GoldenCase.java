package org.dl4jgn.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** A small network with vectors from an independent float64 implementation that forms J, Q and H explicitly. */
public final class GoldenCase {

    /** The multilayer perceptrons among the cases. */
    public static final List<String> MLPS =
            List.of("mlp-sigmoid-mse", "mlp-sigmoid-softmax", "mlp-relu-binary", "mlp-relu-softmax-l2");

    /** The convolutional network. */
    public static final String CNN = "cnn-relu-maxpool-softmax";

    private final String name;
    private final JsonNode description;

    private GoldenCase(String name) {
        this.name = name;
        try (InputStream in = resource("case.json")) {
            description = new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static GoldenCase of(String name) {
        return new GoldenCase(name);
    }

    public static Stream<GoldenCase> mlps() {
        return MLPS.stream().map(GoldenCase::of);
    }

    public static Stream<GoldenCase> all() {
        return Stream.concat(mlps(), Stream.of(of(CNN)));
    }

    private InputStream resource(String file) {
        InputStream in = GoldenCase.class.getResourceAsStream("/golden/" + name + "/" + file);
        if (in == null) {
            throw new IllegalArgumentException("No golden file " + name + "/" + file);
        }
        return in;
    }

    /** A vector or matrix of the case, in float64. */
    public INDArray array(String what) {
        try (InputStream in = resource(what + ".npy")) {
            Path file = Files.createTempFile("golden", ".npy");
            try {
                Files.write(file, in.readAllBytes());
                return Nd4j.createFromNpyFile(file.toFile()).castTo(DataType.DOUBLE);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public INDArray features(DataType type) {
        return array("features").castTo(type);
    }

    public INDArray labels(DataType type) {
        return array("labels").castTo(type);
    }

    public double score() {
        return description.get("score").asDouble();
    }

    /** The network of the case with its parameters. */
    public MultiLayerNetwork network(DataType type, IUpdater updater) {
        NeuralNetConfiguration.Builder builder =
                new NeuralNetConfiguration.Builder().dataType(type).seed(1).updater(updater);
        if (description.has("l2")) {
            builder.l2(description.get("l2").asDouble());
        }
        NeuralNetConfiguration.ListBuilder list = builder.list();
        for (JsonNode layer : description.get("layers")) {
            list.layer(layer(layer));
        }
        if (description.get("inputShape").size() == 3) {
            JsonNode shape = description.get("inputShape");
            list.setInputType(InputType.convolutional(
                    shape.get(1).asInt(), shape.get(2).asInt(), shape.get(0).asInt()));
        }
        MultiLayerConfiguration conf = list.build();
        MultiLayerNetwork net = new MultiLayerNetwork(conf);
        net.init();
        net.setParams(array("params").castTo(type).reshape(1, net.numParams()));
        return net;
    }

    private static Layer layer(JsonNode layer) {
        String type = layer.get("type").asText();
        if (type.equals("maxpool")) {
            return new SubsamplingLayer.Builder(
                            SubsamplingLayer.PoolingType.MAX, pair(layer, "kernel"), pair(layer, "stride"))
                    .build();
        }
        Activation activation = Activation.fromString(layer.get("activation").asText());
        int in = layer.get("nIn").asInt();
        int out = layer.get("nOut").asInt();
        return switch (type) {
            case "conv" ->
                new ConvolutionLayer.Builder(pair(layer, "kernel"), pair(layer, "stride"))
                        .nIn(in)
                        .nOut(out)
                        .activation(activation)
                        .build();
            case "dense" ->
                new DenseLayer.Builder()
                        .nIn(in)
                        .nOut(out)
                        .activation(activation)
                        .build();
            default ->
                new OutputLayer.Builder(
                                LossFunction.valueOf(layer.get("loss").asText().toUpperCase(Locale.ROOT)))
                        .nIn(in)
                        .nOut(out)
                        .activation(activation)
                        .build();
        };
    }

    private static int[] pair(JsonNode layer, String key) {
        return new int[] {layer.get(key).get(0).asInt(), layer.get(key).get(1).asInt()};
    }

    @Override
    public String toString() {
        return name;
    }
}
