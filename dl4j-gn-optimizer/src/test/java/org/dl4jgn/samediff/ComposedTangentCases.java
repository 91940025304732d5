package org.dl4jgn.samediff;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.custom.Triu;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.DeConv3DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.LocalResponseNormalizationConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling3DConfig;
import org.nd4j.linalg.factory.Nd4j;

/** Operations whose tangent rules are put together of others: windows, normalizations, attention, indices, matrices. */
final class ComposedTangentCases {

    private static final long[] MATRIX = {3, 4};
    private static final long[] ROW = {4};
    private static final long[] IMAGE = {2, 2, 5, 5};

    private ComposedTangentCases() {}

    static List<TangentCase> all() {
        List<TangentCase> all = new ArrayList<>();
        all.addAll(windows());
        all.addAll(norms());
        all.addAll(attention());
        all.addAll(scattered());
        all.addAll(segments());
        all.addAll(moves());
        all.addAll(matrices());
        return all;
    }

    private static TangentCase of(String name, double low, double high, TangentCase.Writer write, long[]... shapes) {
        return new TangentCase(name, shapes, low, high, write);
    }

    private static TangentCase pool(String name, Pooling2DConfig.Pooling2DConfigBuilder window, long... shape) {
        return of(name, -1, 1, (sd, in) -> sd.cnn().maxPooling2d(in[0], window.build()), shape);
    }

    private static Pooling2DConfig.Pooling2DConfigBuilder window(int size, int stride) {
        return Pooling2DConfig.builder().kH(size).kW(size).sH(stride).sW(stride);
    }

    private static Pooling3DConfig volume(int stride) {
        return Pooling3DConfig.builder()
                .kD(2)
                .kH(2)
                .kW(2)
                .sD(stride)
                .sH(stride)
                .sW(stride)
                .isNCDHW(true)
                .build();
    }

    private static List<TangentCase> windows() {
        return List.of(
                pool("maxpool2d", window(2, 2), 1, 2, 4, 4),
                pool("maxpool2d, overlapping", window(3, 1), IMAGE),
                pool("maxpool2d, padded", window(3, 2).pH(1).pW(1), IMAGE),
                pool("maxpool2d, same", window(2, 2).paddingMode(PaddingMode.SAME), IMAGE),
                pool("maxpool2d, dilated", window(2, 1).dH(2).dW(2), IMAGE),
                pool("maxpool2d, channels last", window(2, 2).isNHWC(true), 1, 5, 5, 2),
                of(
                        "maxpool2d of what is computed",
                        -1,
                        1,
                        (sd, in) -> sd.cnn()
                                .maxPooling2d(
                                        sd.math().tanh(in[0]), window(2, 1).build()),
                        IMAGE),
                of("maxpool3dnew", -1, 1, (sd, in) -> sd.cnn().maxPooling3d(in[0], volume(1)), new long[] {1, 2, 3, 3, 3
                }),
                of("avgpool3dnew", -1, 1, (sd, in) -> sd.cnn().avgPooling3d(in[0], volume(2)), new long[] {1, 2, 4, 4, 4
                }),
                of(
                        "deconv3d",
                        -1,
                        1,
                        (sd, in) -> sd.cnn()
                                .deconv3d(
                                        in[0],
                                        in[1],
                                        in[2],
                                        DeConv3DConfig.builder()
                                                .kD(2)
                                                .kH(2)
                                                .kW(2)
                                                .dataFormat(DeConv3DConfig.NCDHW)
                                                .build()),
                        new long[] {1, 2, 2, 2, 2},
                        new long[] {2, 2, 2, 2, 2},
                        new long[] {2}),
                of(
                        "im2col",
                        -1,
                        1,
                        (sd, in) -> sd.cnn()
                                .im2Col(
                                        in[0],
                                        Conv2DConfig.builder().kH(2).kW(2).build()),
                        new long[] {1, 2, 3, 3}),
                of("upsampling2d", -1, 1, (sd, in) -> sd.cnn().upsampling2d(in[0], 2, 2, true), new long[] {1, 2, 2, 2
                }));
    }

    private static List<TangentCase> norms() {
        return List.of(
                of("layer_norm", -1, 1, (sd, in) -> sd.nn().layerNorm(in[0], in[1], in[2], false, 1), MATRIX, ROW, ROW),
                of("layer_norm without bias", -1, 1, (sd, in) -> sd.nn().layerNorm(in[0], in[1], true, 1), MATRIX, ROW),
                of("standardize", -1, 1, (sd, in) -> sd.math().standardize(in[0], 1), MATRIX),
                of("standardize of all", -1, 1, (sd, in) -> sd.math().standardize(in[0], 0, 1), MATRIX),
                of(
                        "batchnorm",
                        0.5,
                        1,
                        (sd, in) -> sd.nn().batchNorm(in[0], in[1], in[2], in[3], in[4], 1e-3, 1),
                        MATRIX,
                        ROW,
                        ROW,
                        ROW,
                        ROW),
                of(
                        "batchnorm of images",
                        0.5,
                        1,
                        (sd, in) -> sd.nn().batchNorm(in[0], in[1], in[2], in[3], in[4], 1e-3, 1),
                        new long[] {2, 3, 2, 2},
                        new long[] {3},
                        new long[] {3},
                        new long[] {3},
                        new long[] {3}),
                of("clipbynorm", -1, 1, (sd, in) -> sd.math().clipByNorm(in[0], 0.7, 1), MATRIX),
                of("clipbynorm that clips nothing", -1, 1, (sd, in) -> sd.math().clipByNorm(in[0], 9, 1), MATRIX),
                of("crelu", -1, 1, (sd, in) -> sd.nn().cReLU(in[0]), MATRIX),
                of(
                        "prelu of images",
                        -1,
                        1,
                        (sd, in) -> sd.nn().prelu(in[0], in[1], 2, 3),
                        new long[] {1, 2, 3, 3},
                        new long[] {2, 1, 1}),
                of(
                        "relu_layer",
                        -1,
                        1,
                        (sd, in) -> sd.nn().reluLayer(in[0], in[1], in[2]),
                        MATRIX,
                        new long[] {4, 2},
                        new long[] {2}),
                of(
                        "moments, mean",
                        -1,
                        1,
                        (sd, in) -> sd.math()
                                .moments(in[0], new int[] {1}, false)[0]
                                .mul(2.0),
                        MATRIX),
                of(
                        "moments, variance",
                        -1,
                        1,
                        (sd, in) -> sd.math()
                                .moments(in[0], new int[] {0}, false)[1]
                                .mul(2.0),
                        MATRIX),
                of(
                        "lrn",
                        -1,
                        1,
                        (sd, in) -> sd.cnn()
                                .localResponseNormalization(
                                        in[0],
                                        LocalResponseNormalizationConfig.builder()
                                                .alpha(0.3)
                                                .beta(0.75)
                                                .bias(1)
                                                .depth(1)
                                                .build()),
                        new long[] {1, 2, 2, 4}));
    }

    private static SDVariable mask(SameDiff sd) {
        return sd.constant(Nd4j.createFromArray(new double[][] {{1, 1, 0}, {1, 1, 1}}));
    }

    private static List<TangentCase> attention() {
        long[] queries = {2, 3, 4};
        long[] keys = {2, 3, 3};
        long[] values = {2, 2, 3};
        return List.of(
                of(
                        "dot_product_attention",
                        -1,
                        1,
                        (sd, in) -> sd.nn().dotProductAttention(in[0], in[1], in[2], null, true),
                        queries,
                        keys,
                        values),
                of(
                        "dot_product_attention, masked, not scaled",
                        -1,
                        1,
                        (sd, in) -> sd.nn().dotProductAttention(in[0], in[1], in[2], mask(sd), false),
                        queries,
                        keys,
                        values),
                of(
                        "dot_product_attention of heads",
                        -1,
                        1,
                        (sd, in) -> sd.nn().dotProductAttention(in[0], in[1], in[2], mask(sd), true),
                        new long[] {2, 2, 3, 4},
                        new long[] {2, 2, 3, 3},
                        new long[] {2, 2, 2, 3}),
                of(
                        "multi_head_dot_product_attention",
                        -1,
                        1,
                        (sd, in) -> sd.nn()
                                .multiHeadDotProductAttention(
                                        in[0], in[1], in[2], in[3], in[4], in[5], in[6], mask(sd), true),
                        queries,
                        keys,
                        values,
                        new long[] {2, 2, 3},
                        new long[] {2, 2, 3},
                        new long[] {2, 3, 2},
                        new long[] {6, 2}));
    }

    private static SDVariable rows(SameDiff sd, int... numbers) {
        return sd.constant(Nd4j.createFromArray(numbers));
    }

    private static List<TangentCase> scattered() {
        long[] three = {5, 2};
        long[] updates = {3, 2};
        return List.of(
                of("scatter_add", 0.5, 2, (sd, in) -> sd.scatterAdd(in[0], rows(sd, 4, 1, 4), in[1]), three, updates),
                of("scatter_sub", 0.5, 2, (sd, in) -> sd.scatterSub(in[0], rows(sd, 4, 1, 4), in[1]), three, updates),
                of("scatter_mul", 0.5, 2, (sd, in) -> sd.scatterMul(in[0], rows(sd, 4, 1, 4), in[1]), three, updates),
                of("scatter_div", 0.5, 2, (sd, in) -> sd.scatterDiv(in[0], rows(sd, 4, 1, 4), in[1]), three, updates),
                of("scatter_max", 0.5, 2, (sd, in) -> sd.scatterMax(in[0], rows(sd, 4, 1, 0), in[1]), three, updates),
                of("scatter_min", 0.5, 2, (sd, in) -> sd.scatterMin(in[0], rows(sd, 4, 1, 0), in[1]), three, updates));
    }

    private interface Segmented {
        SDVariable of(SameDiff sd, SDVariable x, SDVariable ids);
    }

    private static TangentCase segment(String name, Segmented write, int... ids) {
        return of(name, 0.5, 2, (sd, in) -> write.of(sd, in[0], rows(sd, ids)), new long[] {5, 2});
    }

    private static List<TangentCase> segments() {
        return List.of(
                segment("segment_sum", SameDiff::segmentSum, 0, 0, 1, 1, 1),
                segment("segment_mean", SameDiff::segmentMean, 0, 0, 1, 1, 1),
                segment("segment_max", SameDiff::segmentMax, 0, 0, 1, 1, 1),
                segment("segment_min", SameDiff::segmentMin, 0, 0, 1, 1, 1),
                segment("segment_prod", SameDiff::segmentProd, 0, 0, 1, 1, 1),
                segment("unsorted_segment_sum", (sd, x, ids) -> sd.unsortedSegmentSum(x, ids, 2), 1, 0, 1, 0, 1),
                segment("unsorted_segment_mean", (sd, x, ids) -> sd.unsortedSegmentMean(x, ids, 2), 1, 0, 1, 0, 1),
                segment("unsorted_segment_sqrt_n", (sd, x, ids) -> sd.unsortedSegmentSqrtN(x, ids, 2), 1, 0, 1, 0, 1),
                segment("unsorted_segment_max", (sd, x, ids) -> sd.unsortedSegmentMax(x, ids, 2), 1, 0, 1, 0, 1),
                segment("unsorted_segment_min", (sd, x, ids) -> sd.unsortedSegmentMin(x, ids, 2), 1, 0, 1, 0, 1),
                segment("unsorted_segment_prod", (sd, x, ids) -> sd.unsortedSegmentProd(x, ids, 2), 1, 0, 1, 0, 1));
    }

    private static List<TangentCase> moves() {
        INDArray borders = Nd4j.createFromArray(new int[][] {{1, 0}, {0, 2}});
        INDArray places = Nd4j.createFromArray(new int[][] {{0, 1}, {2, 3}, {0, 1}});
        return List.of(
                of("pad with a constant", -1, 1, (sd, in) -> sd.nn().pad(in[0], sd.constant(borders), 3.0), MATRIX),
                of("gather_nd", -1, 1, (sd, in) -> sd.gatherNd(in[0], sd.constant(places)), MATRIX),
                of("reverse_sequence", -1, 1, (sd, in) -> sd.reverseSequence(in[0], rows(sd, 2, 4, 3), 1, 0), MATRIX),
                of(
                        "space_to_batch",
                        -1,
                        1,
                        (sd, in) -> sd.cnn().spaceToBatch(in[0], new int[] {2, 2}, new int[] {0, 0}, 0, 0),
                        new long[] {1, 4, 4, 2}),
                of(
                        "batch_to_space",
                        -1,
                        1,
                        (sd, in) -> sd.cnn().batchToSpace(in[0], new int[] {2, 2}, new int[] {0, 0}, 0, 0),
                        new long[] {4, 2, 2, 2}),
                of("triu", -1, 1, (sd, in) -> new Triu(sd, in[0], 0).outputVariable(), MATRIX));
    }

    private static List<TangentCase> matrices() {
        long[] square = {3, 3};
        return List.of(
                of("cumprod", 0.5, 1.5, (sd, in) -> sd.cumprod(in[0], false, false, 1), MATRIX),
                of("cumprod, exclusive from behind", 0.5, 1.5, (sd, in) -> sd.cumprod(in[0], true, true, 0), MATRIX),
                of("matrix_determinant", 0.5, 1.5, (sd, in) -> sd.math().matrixDeterminant(in[0]), square),
                of("matrix_inverse", 0.5, 1.5, (sd, in) -> sd.math().matrixInverse(in[0]), square),
                of("mergemax", -1, 1, (sd, in) -> sd.math().mergeMax(in), MATRIX, MATRIX, MATRIX),
                of("matrix_set_diag", -1, 1, (sd, in) -> sd.math().setDiag(in[0], in[1]), square, new long[] {3}),
                of(
                        "sparse_softmax_cross_entropy_loss_with_logits",
                        -1,
                        1,
                        (sd, in) -> sd.loss().sparseSoftmaxCrossEntropy(in[0], rows(sd, 1, 0, 3)),
                        MATRIX),
                of("hinge_loss", -1, 1, (sd, in) -> sd.loss().hingeLoss(labels(sd), in[0], null), MATRIX),
                of(
                        "cosine_distance_loss",
                        -1,
                        1,
                        (sd, in) -> sd.loss().cosineDistance(labels(sd), in[0], null, 1),
                        MATRIX));
    }

    private static SDVariable labels(SameDiff sd) {
        return sd.constant(Nd4j.createFromArray(new double[][] {{0, 1, 0, 0}, {1, 0, 0, 0}, {0, 0, 0, 1}}));
    }
}
