package org.dl4jgn.bench.rivals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.bench.process.Python;
import org.dl4jgn.bench.process.PythonScript;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Levenberg-Marquardt in PyTorch on all examples at once, in a process of its own, from the network's weights: J by functorch,
 * normal equations, Nielsen's damping, see {@code torch_lm.py}. A step is a trial. What PyTorch loads is loaded before the
 * first.
 */
public final class FullBatchTorch implements FullBatch {

    private static final String SCRIPT = "torch_lm.py";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MultiLayerNetwork net;
    private final BatchGradient counters;
    private final PythonScript script;
    private boolean hasProblem;
    private boolean isAtEnd;
    private long passes;
    private long nanos;
    private double loss;

    /**
     * Starts PyTorch.
     *
     * @throws IllegalArgumentException if the network has other layers than dense ones or another loss than MSE, or if there is no
     *     Python with PyTorch and functorch
     */
    public FullBatchTorch(MultiLayerNetwork net) {
        this.net = net;
        counters = new BatchGradient(net, "PyTorch's Levenberg-Marquardt");
        for (Layer layer : net.getLayers()) {
            check(layer.conf().getLayer());
        }
        try {
            String python = Python.with("torch", "functorch")
                    .orElseThrow(
                            () -> new IllegalArgumentException(
                                    "There is no python3 with the modules torch and functorch; install both, or leave torch-lm out"));
            script = new PythonScript(python, FullBatchTorch.class, SCRIPT);
            hear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while PyTorch was looked for", e);
        }
    }

    private static void check(org.deeplearning4j.nn.conf.layers.Layer layer) {
        boolean isOutput = layer instanceof OutputLayer output && output.getLossFn() instanceof LossMSE;
        if (!isOutput && !(layer instanceof DenseLayer)) {
            throw new IllegalArgumentException(
                    "PyTorch's Levenberg-Marquardt has layers DenseLayer and OutputLayer with MSE, not " + layer
                            + "; use lm");
        }
    }

    private JsonNode hear() throws IOException {
        return JSON.readTree(script.hear());
    }

    private Map<String, Object> problem(DataSet examples) {
        List<Object> layers = new ArrayList<>();
        for (int i = 0; i < net.getnLayers(); i++) {
            Map<String, Object> layer = new LinkedHashMap<>();
            layer.put("weights", net.getParam(i + "_W").toDoubleMatrix());
            layer.put("biases", net.getParam(i + "_b").toDoubleVector());
            FeedForwardLayer conf = (FeedForwardLayer) net.getLayer(i).conf().getLayer();
            layer.put("activation", conf.getActivationFn().toString());
            layers.add(layer);
        }
        return Map.of(
                "features", examples.getFeatures().toDoubleMatrix(),
                "labels", examples.getLabels().toDoubleMatrix(),
                "layers", layers);
    }

    /** Layer after layer, of each the weights row by row and then the biases. */
    private void write(double[] parameters) {
        INDArray all = Nd4j.createFromArray(parameters);
        long from = 0;
        for (int i = 0; i < net.getnLayers(); i++) {
            for (String name : List.of("_W", "_b")) {
                INDArray parameter = net.getParam(i + name);
                long to = from + parameter.length();
                parameter.assign(all.get(NDArrayIndex.interval(from, to)).reshape('c', parameter.shape()));
                from = to;
            }
        }
    }

    @Override
    public MultiLayerNetwork network() {
        return net;
    }

    @Override
    public void fit(DataSet examples) {
        try {
            if (!hasProblem) {
                script.say(JSON.writeValueAsString(problem(examples)));
                loss = hear().get("loss").asDouble();
                hasProblem = true;
            }
            double before = loss / examples.getLabels().length();
            script.say("");
            JsonNode answer = hear();
            loss = answer.get("loss").asDouble();
            if (answer.get("parameters").isArray()) {
                write(JSON.treeToValue(answer.get("parameters"), double[].class));
            }
            isAtEnd = answer.get("ended").asBoolean();
            nanos = (long) (1e9 * answer.get("seconds").asDouble());
            passes++;
            counters.stepDone(before);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long nanosElsewhere() {
        return nanos;
    }

    @Override
    public long passes() {
        return passes;
    }

    @Override
    public Optional<String> ended() {
        return isAtEnd ? Optional.of("no damping makes the loss fall any more") : Optional.empty();
    }

    @Override
    public void close() {
        script.close();
    }
}
