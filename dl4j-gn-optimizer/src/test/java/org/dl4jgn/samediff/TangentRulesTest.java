package org.dl4jgn.samediff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dl4jgn.autodiff.ForwardMode;
import org.dl4jgn.autodiff.ReverseMode;
import org.dl4jgn.autodiff.TangentRules;
import org.dl4jgn.testing.GraphCase;
import org.dl4jgn.testing.Tolerances;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv1DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv3DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.DeConv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.factory.Nd4j;

/** Every tangent rule against differences of what SameDiff itself computes. */
class TangentRulesTest {

    private interface One {
        SDVariable of(SameDiff sd, SDVariable x);
    }

    private static final long[] MATRIX = {3, 4};

    private static TangentCase one(String name, double low, double high, One write) {
        return new TangentCase(name, new long[][] {MATRIX}, low, high, (sd, in) -> write.of(sd, in[0]));
    }

    private static TangentCase two(String name, long[] a, long[] b, TangentCase.Writer write) {
        return new TangentCase(name, new long[][] {a, b}, 0.4, 1.6, write);
    }

    private static TangentCase three(String name, long[] a, long[] b, long[] c, TangentCase.Writer write) {
        return new TangentCase(name, new long[][] {a, b, c}, -1, 1, write);
    }

    private static TangentCase of(String name, long[] shape, One write) {
        return new TangentCase(name, new long[][] {shape}, -1, 1, (sd, in) -> write.of(sd, in[0]));
    }

    static Stream<TangentCase> cases() {
        return Stream.of(
                        elementwise(),
                        pairs(),
                        scalars(),
                        reductions(),
                        moves(),
                        products(),
                        losses(),
                        ComposedTangentCases.all())
                .flatMap(List::stream);
    }

    private static List<TangentCase> elementwise() {
        return List.of(
                one("abs", 0.2, 2, (sd, x) -> sd.math().abs(x.neg())),
                one("acos", -0.9, 0.9, (sd, x) -> sd.math().acos(x)),
                one("acosh", 1.2, 3, (sd, x) -> sd.math().acosh(x)),
                one("asin", -0.9, 0.9, (sd, x) -> sd.math().asin(x)),
                one("asinh", -2, 2, (sd, x) -> sd.math().asinh(x)),
                one("atan", -2, 2, (sd, x) -> sd.math().atan(x)),
                one("atanh", -0.9, 0.9, (sd, x) -> sd.math().atanh(x)),
                one("ceil", 0.1, 0.9, (sd, x) -> sd.math().ceil(x).mul(x)),
                one("cos", -2, 2, (sd, x) -> sd.math().cos(x)),
                one("cosh", -2, 2, (sd, x) -> sd.math().cosh(x)),
                one("cube", -2, 2, (sd, x) -> sd.math().cube(x)),
                one("elu", -2, 2, (sd, x) -> sd.nn().elu(x)),
                one("erf", -1, 1, (sd, x) -> sd.math().erf(x)),
                one("erfc", -1, 1, (sd, x) -> sd.math().erfc(x)),
                one("exp", -2, 2, (sd, x) -> sd.math().exp(x)),
                one("expm1", -2, 2, (sd, x) -> sd.math().expm1(x)),
                one("floor", 0.1, 0.9, (sd, x) -> sd.math().floor(x).mul(x)),
                one("gelu", -2, 2, (sd, x) -> sd.nn().gelu(x)),
                one("hard_sigmoid", -2, 2, (sd, x) -> sd.nn().hardSigmoid(x)),
                one("hardtanh", -0.9, 0.9, (sd, x) -> sd.nn().hardTanh(x)),
                one("identity", -2, 2, (sd, x) -> sd.identity(x)),
                one("leakyrelu", 0.1, 2, (sd, x) -> sd.nn().leakyRelu(x, 0.1)),
                one("log", 0.5, 2, (sd, x) -> sd.math().log(x)),
                one("log1p", 0.5, 2, (sd, x) -> sd.math().log1p(x)),
                one("log_softmax", -2, 2, (sd, x) -> sd.nn().logSoftmax(x)),
                one("logsigmoid", -2, 2, (sd, x) -> sd.nn().logSigmoid(x)),
                one("mish", -2, 2, (sd, x) -> sd.nn().softplus(x)),
                one("neg", -2, 2, (sd, x) -> x.neg()),
                one("pow", 0.5, 2, (sd, x) -> x.pow(1.7)),
                one("Reciprocal", 0.5, 2, (sd, x) -> sd.math().reciprocal(x)),
                one("relu", 0.2, 2, (sd, x) -> sd.nn().relu(x, 0)),
                one("relu6", 0.2, 2, (sd, x) -> sd.nn().relu6(x, 0)),
                one("round", 0.6, 0.9, (sd, x) -> sd.math().round(x).mul(x)),
                one("rsqrt", 0.5, 2, (sd, x) -> sd.math().rsqrt(x)),
                one("selu", 0.5, 2, (sd, x) -> sd.nn().selu(x)),
                one("sigmoid", -2, 2, (sd, x) -> sd.nn().sigmoid(x)),
                one("sign", 0.5, 2, (sd, x) -> sd.math().sign(x).mul(x)),
                one("sin", -2, 2, (sd, x) -> sd.math().sin(x)),
                one("sinh", -2, 2, (sd, x) -> sd.math().sinh(x)),
                one("softmax", -2, 2, (sd, x) -> sd.nn().softmax(x)),
                one("softplus", -2, 2, (sd, x) -> sd.nn().softplus(x)),
                one("softsign", 0.2, 2, (sd, x) -> sd.nn().softsign(x)),
                one("sqrt", 0.5, 2, (sd, x) -> sd.math().sqrt(x)),
                one("square", -2, 2, (sd, x) -> sd.math().square(x)),
                one("step", 0.2, 2, (sd, x) -> sd.math().step(x, 0.0).mul(x)),
                one("swish", -2, 2, (sd, x) -> sd.nn().swish(x)),
                one("tan", -1, 1, (sd, x) -> sd.math().tan(x)),
                one("tanh", -2, 2, (sd, x) -> sd.math().tanh(x)),
                one("clipbyvalue", -0.9, 0.9, (sd, x) -> sd.math().clipByValue(x, -1, 1)));
    }

    private static List<TangentCase> pairs() {
        long[] row = {4};
        long[] column = {3, 1};
        List<TangentCase> cases = new ArrayList<>();
        for (long[] second : List.of(MATRIX, row, column, new long[0])) {
            cases.add(two("add", MATRIX, second, (sd, in) -> in[0].add(in[1])));
            cases.add(two("subtract", MATRIX, second, (sd, in) -> in[0].sub(in[1])));
            cases.add(two("subtract", second, MATRIX, (sd, in) -> in[0].sub(in[1])));
            cases.add(two("reversesubtract", MATRIX, second, (sd, in) -> in[0].rsub(in[1])));
            cases.add(two("multiply", MATRIX, second, (sd, in) -> in[0].mul(in[1])));
            cases.add(two("divide", MATRIX, second, (sd, in) -> in[0].div(in[1])));
            cases.add(two("divide", second, MATRIX, (sd, in) -> in[0].div(in[1])));
            cases.add(two("reversedivide", MATRIX, second, (sd, in) -> in[0].rdiv(in[1])));
            cases.add(two("squaredsubtract", MATRIX, second, (sd, in) -> in[0].squaredDifference(in[1])));
            cases.add(two("Pow", MATRIX, second, (sd, in) -> sd.math().pow(in[0], in[1])));
            cases.add(two("maximum", MATRIX, second, (sd, in) -> sd.math().max(in[0], in[1])));
            cases.add(two("minimum", MATRIX, second, (sd, in) -> sd.math().min(in[0], in[1])));
        }
        cases.add(two("tf_atan2", MATRIX, MATRIX, (sd, in) -> sd.math().atan2(in[0], in[1])));
        cases.add(two("mergeadd", MATRIX, MATRIX, (sd, in) -> sd.math().mergeAdd(new SDVariable[] {in[0], in[1]})));
        cases.add(two("mergeavg", MATRIX, MATRIX, (sd, in) -> sd.math().mergeAvg(new SDVariable[] {in[0], in[1]})));
        cases.add(two("biasadd", MATRIX, row, (sd, in) -> sd.nn().biasAdd(in[0], in[1], false)));
        return cases;
    }

    private static List<TangentCase> scalars() {
        return List.of(
                one("add_scalar", -1, 1, (sd, x) -> x.add(2.0)),
                one("sub_scalar", -1, 1, (sd, x) -> x.sub(2.0)),
                one("rsub_scalar", -1, 1, (sd, x) -> x.rsub(2.0)),
                one("mul_scalar", -1, 1, (sd, x) -> x.mul(2.0)),
                one("div_scalar", -1, 1, (sd, x) -> x.div(2.0)),
                one("rdiv_scalar", 0.5, 2, (sd, x) -> x.rdiv(2.0)));
    }

    private static List<TangentCase> reductions() {
        List<TangentCase> cases = new ArrayList<>();
        for (boolean keeps : new boolean[] {false, true}) {
            cases.add(one("reduce_sum", -1, 1, (sd, x) -> sd.sum(x, keeps, 1)));
            cases.add(one("reduce_mean", -1, 1, (sd, x) -> sd.mean(x, keeps, 0)));
            cases.add(one("reduce_norm1", 0.2, 1, (sd, x) -> sd.norm1(x, keeps, 1)));
            cases.add(one("reduce_norm2", 0.2, 1, (sd, x) -> sd.norm2(x, keeps, 1)));
            cases.add(one("reduce_sqnorm", 0.2, 1, (sd, x) -> sd.squaredNorm(x, keeps, 1)));
            cases.add(one("reduce_max", -1, 1, (sd, x) -> sd.max(x, keeps, 1)));
            cases.add(one("reduce_min", -1, 1, (sd, x) -> sd.min(x, keeps, 1)));
            cases.add(one("reduce_normmax", 0.2, 1, (sd, x) -> sd.normmax(x, keeps, 1)));
            cases.add(one("reduce_prod", 0.5, 1, (sd, x) -> sd.prod(x, keeps, 1)));
            cases.add(one("var", -1, 1, (sd, x) -> sd.variance(x, true, keeps, 1)));
            cases.add(one("std", -1, 1, (sd, x) -> sd.standardDeviation(x, true, keeps, 1)));
        }
        cases.add(one("reduce_sum", -1, 1, (sd, x) -> sd.sum(x)));
        cases.add(one("reduce_mean", -1, 1, (sd, x) -> sd.mean(x)));
        cases.add(one("reduce_logsumexp", -1, 1, (sd, x) -> sd.math().logSumExp(x, 1)));
        return cases;
    }

    private static List<TangentCase> moves() {
        return List.of(
                one("reshape", -1, 1, (sd, x) -> sd.reshape(x, 2, 6)),
                one("permute", -1, 1, (sd, x) -> sd.permute(x, 1, 0)),
                one("transpose", -1, 1, (sd, x) -> sd.transpose(x)),
                one("expand_dims", -1, 1, (sd, x) -> sd.expandDims(x, 1)),
                of("squeeze", new long[] {3, 1, 2}, (sd, x) -> sd.squeeze(x, 1)),
                one("slice", -1, 1, (sd, x) -> sd.slice(x, new int[] {1, 0}, 2, 3)),
                one(
                        "strided_slice",
                        -1,
                        1,
                        (sd, x) -> sd.stridedSlice(x, new long[] {0, 0}, new long[] {3, 4}, new long[] {2, 3})),
                one("tile", -1, 1, (sd, x) -> sd.tile(x, 2, 1)),
                one("reverse", -1, 1, (sd, x) -> sd.reverse(x, 1)),
                one("cumsum", -1, 1, (sd, x) -> sd.cumsum(x, false, false, 1)),
                one("gather", -1, 1, (sd, x) -> sd.gather(x, new int[] {2, 0, 2}, 0)),
                one("unstack", -1, 1, (sd, x) -> sd.unstack(x, 1, 4)[2].mul(2.0)),
                one("split", -1, 1, (sd, x) -> sd.split(x, 2, 1)[1].mul(2.0)),
                of(
                        "pad",
                        new long[] {2, 2},
                        (sd, x) ->
                                sd.nn().pad(x, sd.constant(Nd4j.createFromArray(new int[][] {{1, 0}, {0, 2}})), 0.0)),
                of(
                        "space_to_depth",
                        new long[] {1, 2, 4, 4},
                        (sd, x) -> sd.cnn().spaceToDepth(x, 2, org.nd4j.enums.DataFormat.NCHW)),
                of(
                        "depth_to_space",
                        new long[] {1, 4, 2, 2},
                        (sd, x) -> sd.cnn().depthToSpace(x, 2, org.nd4j.enums.DataFormat.NCHW)),
                of(
                        "avgpool2d",
                        new long[] {1, 2, 4, 4},
                        (sd, x) -> sd.cnn()
                                .avgPooling2d(
                                        x,
                                        Pooling2DConfig.builder()
                                                .kH(2)
                                                .kW(2)
                                                .sH(2)
                                                .sW(2)
                                                .build())),
                of("diag", new long[] {3}, (sd, x) -> sd.math().diag(x)),
                of("diag_part", new long[] {3, 3}, (sd, x) -> sd.math().diagPart(x)),
                of("trace", new long[] {3, 3}, (sd, x) -> sd.math().trace(x)),
                two("concat", MATRIX, new long[] {2, 4}, (sd, in) -> sd.concat(0, in)),
                two("stack", MATRIX, MATRIX, (sd, in) -> sd.stack(1, in)));
    }

    private static List<TangentCase> products() {
        return List.of(
                two("matmul", MATRIX, new long[] {4, 2}, (sd, in) -> in[0].mmul(in[1])),
                two(
                        "matmul",
                        new long[] {4, 3},
                        new long[] {2, 4},
                        (sd, in) -> sd.mmul(in[0], in[1], true, true, false)),
                two("matmul", new long[] {2, 3, 4}, new long[] {2, 4, 2}, (sd, in) -> in[0].mmul(in[1])),
                two("tensordot", MATRIX, new long[] {4, 2}, (sd, in) -> sd.tensorMmul(in[0], in[1], new int[] {1}, 0)),
                two("cross", MATRIX_OF_3, MATRIX_OF_3, (sd, in) -> sd.math().cross(in[0], in[1])),
                three(
                        "xw_plus_b",
                        MATRIX,
                        new long[] {4, 2},
                        new long[] {2},
                        (sd, in) -> sd.nn().linear(in[0], in[1], in[2])),
                three(
                        "conv1d",
                        new long[] {1, 2, 5},
                        new long[] {2, 2, 3},
                        new long[] {3},
                        (sd, in) -> sd.cnn()
                                .conv1d(
                                        in[0],
                                        in[1],
                                        in[2],
                                        Conv1DConfig.builder()
                                                .k(2)
                                                .s(1)
                                                .paddingMode(PaddingMode.VALID)
                                                .build())),
                three(
                        "conv2d",
                        new long[] {1, 2, 4, 4},
                        new long[] {2, 2, 2, 3},
                        new long[] {3},
                        (sd, in) -> sd.cnn()
                                .conv2d(
                                        in[0],
                                        in[1],
                                        in[2],
                                        Conv2DConfig.builder().kH(2).kW(2).build())),
                three(
                        "conv3dnew",
                        new long[] {1, 2, 3, 3, 3},
                        new long[] {2, 2, 2, 2, 2},
                        new long[] {2},
                        (sd, in) -> sd.cnn()
                                .conv3d(
                                        in[0],
                                        in[1],
                                        in[2],
                                        Conv3DConfig.builder()
                                                .kD(2)
                                                .kH(2)
                                                .kW(2)
                                                .dataFormat(Conv3DConfig.NCDHW)
                                                .build())),
                three(
                        "deconv2d",
                        new long[] {1, 2, 3, 3},
                        new long[] {2, 2, 3, 2},
                        new long[] {3},
                        (sd, in) -> sd.cnn()
                                .deconv2d(
                                        in[0],
                                        in[1],
                                        in[2],
                                        DeConv2DConfig.builder().kH(2).kW(2).build())),
                three(
                        "depthwise_conv2d",
                        new long[] {1, 2, 4, 4},
                        new long[] {2, 2, 2, 2},
                        new long[] {4},
                        (sd, in) -> sd.cnn()
                                .depthWiseConv2d(
                                        in[0],
                                        in[1],
                                        in[2],
                                        Conv2DConfig.builder().kH(2).kW(2).build())));
    }

    private static final long[] MATRIX_OF_3 = {2, 3};

    private static SDVariable labels(SameDiff sd) {
        return sd.constant(Nd4j.createFromArray(new double[][] {{0, 1, 0, 0}, {1, 0, 0, 0}, {0, 0, 0, 1}}));
    }

    private static List<TangentCase> losses() {
        return List.of(
                one("mean_sqerr_loss", -1, 1, (sd, x) -> sd.loss().meanSquaredError(labels(sd), x, null)),
                one("softmax_cross_entropy_loss", -1, 1, (sd, x) -> sd.loss().softmaxCrossEntropy(labels(sd), x, null)),
                one("sigm_cross_entropy_loss", -1, 1, (sd, x) -> sd.loss().sigmoidCrossEntropy(labels(sd), x, null)),
                one("l2_loss", -1, 1, (sd, x) -> sd.loss().l2Loss(x)),
                one("huber_loss", -1, 1, (sd, x) -> sd.loss().huberLoss(labels(sd), x, null, 1.7)),
                one("log_loss", 0.2, 0.8, (sd, x) -> sd.loss().logLoss(labels(sd), x)),
                one("log_poisson_loss", -1, 1, (sd, x) -> sd.loss().logPoisson(labels(sd), x, null, false)),
                one(
                        "absolute_difference_loss",
                        0.2,
                        0.8,
                        (sd, x) -> sd.loss().absoluteDifference(labels(sd), x, null)));
    }

    /** A graph of one operation, its inputs' variables, and its output, which is called y. */
    private record Graph(SameDiff sd, SDVariable[] in) {

        static Graph of(TangentCase tested) {
            SameDiff sd = SameDiff.create();
            Random random = new Random(5);
            SDVariable[] in = new SDVariable[tested.shapes().length];
            for (int i = 0; i < in.length; i++) {
                in[i] = sd.var("in" + i, random(random, tested.shapes()[i], tested.low(), tested.high()));
            }
            tested.write().write(sd, in).rename("y");
            return new Graph(sd, in);
        }

        /** J, [m, n] column by column, variable after variable. */
        double[] jacobian() {
            try (SameDiffResiduals residuals =
                    SameDiffResiduals.of(sd).vanish(sd.getVariable("y")).build()) {
                double[] theta = residuals.start();
                double[] j = new double[residuals.count() * theta.length];
                residuals.jacobian(theta, j, residuals.count());
                return j;
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void tangentIsThatOfDifferences(TangentCase tested) {
        Graph graph = Graph.of(tested);
        double[] j = graph.jacobian();
        int column = 0;
        for (SDVariable variable : graph.in()) {
            for (int i = 0; i < variable.getArr().length(); i++) {
                double[] up = at(graph.sd(), variable, i, 1e-5);
                double[] down = at(graph.sd(), variable, i, -1e-5);
                for (int k = 0; k < up.length; k++) {
                    double expected = (up[k] - down[k]) / 2e-5;
                    assertEquals(
                            expected,
                            j[column * up.length + k],
                            Tolerances.FINITE_DIFFERENCE,
                            tested + ", " + variable.name() + "[" + i + "], y[" + k + "]");
                }
                column++;
            }
        }
    }

    /** ⟨u, Jv⟩ = ⟨Jᵀu, v⟩ with Jᵀu by SameDiff's own reverse rules, for all v at once. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("reversible")
    void transposeIsTheGradientOfSameDiff(TangentCase tested) {
        Graph graph = Graph.of(tested);
        double[] j = graph.jacobian();
        SameDiff sd = graph.sd();
        INDArray y = sd.outputSingle(Map.of(), "y");
        // SameDiff's losses take no notice of what is made of them
        INDArray u = y.length() == 1 ? Nd4j.onesLike(y) : random(new Random(6), y.shape(), -1, 1);
        SDVariable weighted = sd.getVariable("y").mul(sd.constant(u)).sum();
        sd.setLossVariables(weighted);
        Map<String, INDArray> gradients = sd.calculateGradients(
                Map.of(), Stream.of(graph.in()).map(SDVariable::name).toList());
        int column = 0;
        for (SDVariable variable : graph.in()) {
            INDArray gradient = gradients.get(variable.name());
            for (int i = 0; i < gradient.length(); i++) {
                assertEquals(
                        gradient.getDouble(i),
                        product(u, j, column),
                        Tolerances.ROUNDING,
                        tested + ", " + variable.name() + "[" + i + "]");
                column++;
            }
        }
    }

    /** SameDiff has no gradient of these, or one that differences contradict, of some where it broadcasts. */
    private static final Set<String> WITHOUT_A_GRADIENT_OF_SAMEDIFF = Set.of(
            "batchnorm",
            "clipbynorm",
            "cross",
            "cumprod",
            "cumsum",
            "divide",
            "gather",
            "gather_nd",
            "lrn",
            "matrix_determinant",
            "matrix_inverse",
            "maximum",
            "minimum",
            "moments",
            "reduce_logsumexp",
            "reversedivide",
            "scatter_div",
            "scatter_mul",
            "sparse_softmax_cross_entropy_loss_with_logits",
            "squaredsubtract",
            "tensordot");

    static Stream<TangentCase> reversible() {
        return cases().filter(c -> !WITHOUT_A_GRADIENT_OF_SAMEDIFF.contains(c.operation()));
    }

    /** What the rules write is linear in the seeds; its transpose is what training takes for Jᵀu. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("transposable")
    void transposeOfTheTangentIsTheTranspose(TangentCase tested) {
        Graph graph = Graph.of(tested);
        double[] j = graph.jacobian();
        SameDiff sd = graph.sd();
        ForwardMode forward = new ForwardMode(sd);
        List<SDVariable> seeds = new ArrayList<>();
        for (SDVariable variable : graph.in()) {
            seeds.add(sd.var(variable.name() + "-seed", variable.getArr().dup()));
            forward.seed(variable, seeds.get(seeds.size() - 1));
        }
        SDVariable tangent = forward.tangent(sd.getVariable("y")).orElseThrow();
        INDArray u = random(new Random(6), tangent.eval().shape(), -1, 1);
        Map<String, SDVariable> cotangents = ReverseMode.cotangents(sd, tangent, sd.constant(u), seeds);
        int column = 0;
        for (SDVariable seed : seeds) {
            SDVariable cotangent = cotangents.get(seed.name());
            INDArray found = cotangent == null ? Nd4j.zerosLike(seed.getArr()) : cotangent.eval();
            for (int i = 0; i < found.length(); i++) {
                assertEquals(
                        product(u, j, column),
                        found.getDouble(i),
                        Tolerances.ROUNDING,
                        tested + ", " + seed.name() + "[" + i + "]");
                column++;
            }
        }
    }

    /** The others are refused where a transpose is asked for, or fail in ND4J: least squares alone can have them. */
    static Stream<TangentCase> transposable() {
        Set<String> others = Set.of("gather", "gather_nd", "split", "tensordot", "unstack");
        return cases().filter(c -> !others.contains(c.operation()));
    }

    /** ⟨u, a column of J⟩. */
    private static double product(INDArray u, double[] j, int column) {
        double[] numbers = u.dup('c').reshape(u.length()).toDoubleVector();
        double product = 0;
        for (int k = 0; k < numbers.length; k++) {
            product += numbers[k] * j[column * numbers.length + k];
        }
        return product;
    }

    private static INDArray random(Random random, long[] shape, double low, double high) {
        INDArray array = Nd4j.createUninitialized(DataType.DOUBLE, shape);
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, low + (high - low) * random.nextDouble());
        }
        return array;
    }

    /** y by SameDiff itself, with one element of a variable moved. */
    private static double[] at(SameDiff sd, SDVariable variable, int element, double by) {
        INDArray value = variable.getArr();
        double old = value.getDouble(element);
        value.putScalar(element, old + by);
        INDArray y = sd.outputSingle(Map.of(), "y");
        double[] numbers = y.dup('c').reshape(y.length()).toDoubleVector();
        value.putScalar(element, old);
        return numbers;
    }

    /** Names of the operations that a case writes, as ND4J has them. */
    private static Stream<String> operations(TangentCase tested) {
        SameDiff sd = SameDiff.create();
        SDVariable[] in = new SDVariable[tested.shapes().length];
        for (int i = 0; i < in.length; i++) {
            in[i] = sd.var("in" + i, Nd4j.ones(DataType.DOUBLE, tested.shapes()[i]));
        }
        tested.write().write(sd, in);
        return sd.getOps().values().stream().map(SameDiffOp::getOp).map(DifferentialFunction::opName);
    }

    @Test
    void everyRuleIsTested() {
        Set<String> untested = new TreeSet<>(TangentRules.names());
        cases().flatMap(TangentRulesTest::operations).forEach(untested::remove);
        GraphCase.operations()
                .flatMap(c -> c.graph().graph.getOps().values().stream())
                .forEach(op -> untested.remove(op.getOp().opName()));
        assertEquals(Set.of(), untested);
    }

    /** The table in docs/samediff.md is made of the rules. */
    @Test
    void docsListTheOperationsWithARule() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "samediff.md"));
        String section = page.substring(page.indexOf("## Operations"));
        Set<String> listed = Pattern.compile("`([\\w]+)`")
                .matcher(section.substring(0, section.indexOf("\n## ", 3)))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(TangentRules.names(), listed);
    }
}
