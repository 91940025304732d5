package org.dl4jgn.testing;

import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Beds for layers around another. DL4J's builder of {@code Bidirectional} makes none that it can compute with. */
final class WrapperBeds {

    private static final InputType STEPS = InputType.recurrent(3, 6);

    private WrapperBeds() {}

    static List<LayerBed> all() {
        return List.of(
                new LayerBed(STEPS, () -> new FrozenLayer.Builder().layer(lstm()), LayerBeds.mean(), LayerBeds.output())
                        .with("layer(Layer)", simple()),
                new LayerBed(
                                STEPS,
                                () -> new MaskZeroLayer.Builder()
                                        .setUnderlying(lstm())
                                        .setMaskValue(-1),
                                LayerBeds.mean(),
                                LayerBeds.output())
                        .features(withASilentStep())
                        // which does not know of masked steps between others
                        .withAnotherGradient("maskValue(double)", "setMaskValue(double)")
                        .with("maskValue(double)", 0.0)
                        .with("setMaskValue(double)", 0.0)
                        .with("underlying(Layer)", simple())
                        .with("setUnderlying(Layer)", simple()));
    }

    private static Layer lstm() {
        return new LSTM.Builder().nOut(3).build();
    }

    private static Layer simple() {
        return new SimpleRnn.Builder().nOut(3).build();
    }

    private static INDArray withASilentStep() {
        INDArray features = Networks.normal(5, 1, LayerBed.EXAMPLES, 3, 6);
        features.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(2))
                .assign(0);
        return features;
    }
}
