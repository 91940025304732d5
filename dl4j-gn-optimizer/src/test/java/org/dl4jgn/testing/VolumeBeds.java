package org.dl4jgn.testing;

import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling3D;

/** Beds for layers of volumes, channels first: the other format is tried in ConvolutionTest. */
final class VolumeBeds {

    private static final InputType VOLUMES = InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 4, 4, 4, 2);

    private VolumeBeds() {}

    static List<LayerBed> all() {
        return List.of(
                of(() -> new Convolution3D.Builder(2, 2, 2).nOut(2)).with("dilation(int[])", new Object[] {three(2)}),
                of(() -> new Subsampling3DLayer.Builder(Subsampling3DLayer.PoolingType.AVG, three(2), three(1))
                                .convolutionMode(ConvolutionMode.Truncate))
                        .with("dilation(int, int, int)", 2, 2, 2),
                of(() -> new Upsampling3D.Builder(2)).with("size(int[])", new Object[] {three(3)}));
    }

    private static LayerBed of(Supplier<Layer.Builder<?>> builder) {
        return new LayerBed(VOLUMES, builder, LayerBeds.mean(), LayerBeds.output())
                .with("kernelSize(int[])", new Object[] {three(3)})
                .with("stride(int[])", new Object[] {three(2)})
                .with("padding(int[])", new Object[] {three(1)})
                .without("dataFormat(DataFormat)");
    }

    private static int[] three(int value) {
        return new int[] {value, value, value};
    }
}
