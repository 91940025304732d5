package org.dl4jgn.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What DL4J itself computes for a batch.
 *
 * @param score the mean loss with regularization
 * @param gradient of the mean loss without regularization, [d]
 */
public record Dl4j(double score, INDArray gradient) {

    /**
     * Score and backpropagation in training mode, each by itself: with a LossLayer, DL4J's backpropagation overwrites the
     * pre-activations from which it then computes the score.
     */
    public static Dl4j of(MultiLayerNetwork net, INDArray features, INDArray labels, @Nullable INDArray labelMask) {
        net.setInput(features);
        net.setLabels(labels);
        net.setLayerMaskArrays(null, labelMask);
        net.computeGradientAndScore();
        INDArray sum = net.getFlattenedGradients().dup();
        net.clearLayerMaskArrays();
        // after backpropagation, which tells the layers the network's iteration, for schedules of l2
        double score = net.score(new DataSet(features, labels, null, labelMask), true);
        return new Dl4j(score, sum.div(features.size(0)).reshape(sum.length()));
    }

    /** The same of a graph. */
    public static Dl4j of(ComputationGraph net, MultiDataSet batch) {
        net.setInputs(batch.getFeatures());
        net.setLabels(batch.getLabels());
        net.setLayerMaskArrays(batch.getFeaturesMaskArrays(), batch.getLabelsMaskArrays());
        net.computeGradientAndScore();
        INDArray sum = net.getFlattenedGradients().dup();
        net.clearLayerMaskArrays();
        double score = net.score(batch, true);
        return new Dl4j(score, sum.div(batch.getFeatures(0).size(0)).reshape(sum.length()));
    }

    /**
     * This gradient of a network without what a layer of SameDiff operations does to it: DL4J doubles it there, for the layer's
     * own parameters and all before them.
     */
    public INDArray gradientOfScore(MultiLayerNetwork net) {
        INDArray result = gradient.dup();
        long to = net.numParams();
        int doubled = 1;
        for (int i = net.getnLayers() - 1; i >= 0; i--) {
            doubled *= net.getLayer(i).conf().getLayer() instanceof SameDiffLayer ? 2 : 1;
            long from = to - net.getLayer(i).numParams();
            if (from < to) {
                result.get(NDArrayIndex.interval(from, to)).divi(doubled);
            }
            to = from;
        }
        return result;
    }

    /** Some vertices of DL4J allocate in ND4J's default type. */
    public static <T> T inDouble(Supplier<T> what) {
        DataType before = Nd4j.dataType();
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        try {
            return what.get();
        } finally {
            Nd4j.setDefaultDataTypes(before, before);
        }
    }

    /** What DL4J has for a gradient of running statistics is their change; a gradient is zero there. */
    public static INDArray withoutStatistics(Model net, INDArray gradient) {
        INDArray result = gradient.dup();
        long from = 0;
        for (Map.Entry<String, INDArray> entry : inOrder(net)) {
            long length = entry.getValue().length();
            String key = entry.getKey().substring(entry.getKey().lastIndexOf('_') + 1);
            if (List.of("mean", "var", "log10stdev", "cL").contains(key)) {
                result.get(NDArrayIndex.interval(from, from + length)).assign(0.0);
            }
            from += length;
        }
        return result;
    }

    /** The parameters as they lie in the flat vector: those of a graph in topological order. */
    private static List<Map.Entry<String, INDArray>> inOrder(Model net) {
        if (!(net instanceof ComputationGraph graph)) {
            return List.copyOf(net.paramTable().entrySet());
        }
        List<Map.Entry<String, INDArray>> entries = new ArrayList<>();
        for (int index : graph.topologicalSortOrder()) {
            GraphVertex vertex = graph.getVertices()[index];
            if (vertex.hasLayer()) {
                entries.addAll(vertex.getLayer().paramTable().entrySet());
            }
        }
        return entries;
    }
}
