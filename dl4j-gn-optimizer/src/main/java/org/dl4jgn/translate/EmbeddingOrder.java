package org.dl4jgn.translate;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Weights of an embedding that are given as an array ({@code weightInit(INDArray)}, {@code weightInit(EmbeddingInitializer)}): DL4J
 * lays them row by row into its flat vector of parameters, and reads that vector column by column wherever it meets it again, in the
 * updater, in a clone and in a file, which then hold other weights.
 */
final class EmbeddingOrder {

    private EmbeddingOrder() {}

    /** Lays them column by column, as all others: the layers' weights stay what they are, and so do those of clones. */
    static void correct(Layer[] layers) {
        for (Layer layer : layers) {
            correct(layer);
        }
    }

    private static void correct(Layer layer) {
        boolean isEmbedding = layer.conf().getLayer() instanceof EmbeddingLayer
                || layer.conf().getLayer() instanceof EmbeddingSequenceLayer;
        if (!isEmbedding) {
            return;
        }
        INDArray weights = layer.getParam(DefaultParamInitializer.WEIGHT_KEY);
        if (weights.ordering() == 'f') {
            return;
        }
        INDArray values = weights.dup();
        INDArray columns = weights.reshape('c', true, weights.length()).reshape('f', true, weights.shape());
        columns.assign(values);
        Map<String, INDArray> table = new LinkedHashMap<>(layer.paramTable());
        table.put(DefaultParamInitializer.WEIGHT_KEY, columns);
        layer.setParamTable(table);
    }
}
