package org.dl4jgn.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
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
            Activation activation =
                    Activation.fromString(layer.get("activation").asText());
            int in = layer.get("nIn").asInt();
            int out = layer.get("nOut").asInt();
            if (layer.get("type").asText().equals("dense")) {
                list.layer(new DenseLayer.Builder()
                        .nIn(in)
                        .nOut(out)
                        .activation(activation)
                        .build());
            } else {
                LossFunction loss =
                        LossFunction.valueOf(layer.get("loss").asText().toUpperCase(java.util.Locale.ROOT));
                list.layer(new OutputLayer.Builder(loss)
                        .nIn(in)
                        .nOut(out)
                        .activation(activation)
                        .build());
            }
        }
        MultiLayerConfiguration conf = list.build();
        MultiLayerNetwork net = new MultiLayerNetwork(conf);
        net.init();
        net.setParams(array("params").castTo(type).reshape(1, net.numParams()));
        return net;
    }

    @Override
    public String toString() {
        return name;
    }
}
