package org.dl4jgn.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.LeakyReLU;
import org.nd4j.linalg.api.ops.impl.transforms.custom.ThresholdRelu;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Mish;
import org.nd4j.linalg.api.ops.impl.transforms.strict.RationalTanh;
import org.nd4j.linalg.api.ops.impl.transforms.strict.RectifiedTanh;

/** An operation on small arrays, or a combination of some, as a SameDiff graph. */
public record GraphCase(String name, BiFunction<SameDiff, List<SDVariable>, SDVariable> y, long[]... shapes) {

    private static final long[] MATRIX = {3, 4};

    /** Each operation with a tangent rule, by its name in ND4J. */
    public static Stream<GraphCase> operations() {
        return Stream.of(
                new GraphCase("matmul", (g, x) -> g.mmul(x.get(0), x.get(1)), MATRIX, new long[] {4, 2}),
                new GraphCase("biasadd", (g, x) -> g.nn().biasAdd(x.get(0), x.get(1), false), MATRIX, new long[] {4}),
                new GraphCase("multiply", (g, x) -> x.get(0).mul(x.get(1)), MATRIX, MATRIX),
                new GraphCase("add", (g, x) -> x.get(0).add(x.get(1)), MATRIX, MATRIX),
                new GraphCase("subtract", (g, x) -> x.get(0).sub(x.get(1)), MATRIX, MATRIX),
                new GraphCase("maximum", (g, x) -> g.math().max(x.get(0), x.get(1)), MATRIX, MATRIX),
                new GraphCase("concat", (g, x) -> g.concat(1, x.get(0), x.get(1)), MATRIX, new long[] {3, 2}),
                unary("identity", SameDiff::identity),
                unary("sigmoid", (g, x) -> g.nn().sigmoid(x)),
                unary("tanh", (g, x) -> g.math().tanh(x)),
                unary("softmax", (g, x) -> g.nn().softmax(x)),
                unary("relu", (g, x) -> g.nn().relu(x, 0)),
                unary("abs", (g, x) -> g.math().abs(x)),
                unary("add_scalar", (g, x) -> x.add(0.7)),
                unary("mul_scalar", (g, x) -> x.mul(0.7)),
                unary("pow", (g, x) -> g.math().pow(x, 3.0)),
                unary("cube", (g, x) -> g.math().cube(x)),
                unary("elu", (g, x) -> g.nn().elu(x)),
                unary("gelu", (g, x) -> g.nn().gelu(x)),
                unary("hard_sigmoid", (g, x) -> g.nn().hardSigmoid(x)),
                unary("hardtanh", (g, x) -> g.nn().hardTanh(x)),
                unary("leakyrelu", (g, x) -> new LeakyReLU(g, x, false, 0.2).outputVariable()),
                unary("mish", (g, x) -> new Mish(g, x, false).outputVariable()),
                unary("precise_gelu", (g, x) -> g.nn().preciseGelu(x)),
                unary("rational_tanh", (g, x) -> new RationalTanh(g, x, false).outputVariable()),
                unary("rectified_tanh", (g, x) -> new RectifiedTanh(g, x, false).outputVariable()),
                unary("relu6", (g, x) -> g.nn().relu6(x, 0)),
                unary("selu", (g, x) -> g.nn().selu(x)),
                unary("softplus", (g, x) -> g.nn().softplus(x)),
                unary("softsign", (g, x) -> g.nn().softsign(x)),
                unary("swish", (g, x) -> g.nn().swish(x)),
                unary("thresholdedrelu", (g, x) -> new ThresholdRelu(g, x, false, 0.3).outputVariable()));
    }

    /** Settings of operations, and graphs of several. */
    public static Stream<GraphCase> combinations() {
        return Stream.of(
                new GraphCase("product with a row", (g, x) -> x.get(0).mul(x.get(1)), MATRIX, new long[] {1, 4}),
                new GraphCase("product with a column", (g, x) -> x.get(0).mul(x.get(1)), MATRIX, new long[] {3, 1}),
                new GraphCase(
                        "bias of channels first",
                        (g, x) -> g.nn().biasAdd(x.get(0), x.get(1), true),
                        new long[] {2, 3, 2, 2},
                        new long[] {3}),
                new GraphCase("rows on rows", (g, x) -> g.concat(0, x.get(0), x.get(1)), MATRIX, new long[] {2, 4}),
                unary(
                        "a matrix beside itself and a constant",
                        (g, x) -> g.concat(1, x, g.constant(Networks.normal(2, 1.0, 3, 2)), x.mul(x))),
                unary("softmax over columns", (g, x) -> g.nn().softmax(x, 0)),
                unary("square by one variable twice", (g, x) -> x.mul(x)),
                unary("sum of a variable with itself", (g, x) -> x.add(x)),
                new GraphCase("sum with a row", (g, x) -> x.get(0).add(x.get(1)), MATRIX, new long[] {4}),
                new GraphCase("sum of a row", (g, x) -> x.get(0).add(x.get(1)), new long[] {4}, MATRIX),
                new GraphCase(
                        "sum with a matrix of one row", (g, x) -> x.get(0).add(x.get(1)), MATRIX, new long[] {1, 4}),
                new GraphCase("sum with a column", (g, x) -> x.get(0).add(x.get(1)), MATRIX, new long[] {3, 1}),
                unary("difference of a variable with itself", (g, x) -> x.sub(x).add(x)),
                unary("shared subexpression", (g, x) -> {
                    SDVariable s = g.nn().sigmoid(x);
                    return s.mul(s).add(g.math().tanh(s)).sub(x);
                }),
                new GraphCase(
                        "two layers",
                        (g, x) -> {
                            SDVariable a = g.math().tanh(g.nn().biasAdd(g.mmul(x.get(0), x.get(1)), x.get(2), false));
                            return g.nn().softmax(g.mmul(a, x.get(3)));
                        },
                        MATRIX,
                        new long[] {4, 5},
                        new long[] {5},
                        new long[] {5, 2}),
                new GraphCase(
                        "a matrix on both sides",
                        (g, x) -> g.mmul(g.mmul(x.get(0), g.nn().swish(x.get(0))), x.get(0)),
                        new long[] {3, 3}));
    }

    public static Stream<GraphCase> all() {
        return Stream.concat(operations(), combinations());
    }

    private static GraphCase unary(String name, BiFunction<SameDiff, SDVariable, SDVariable> y) {
        return new GraphCase(name, (g, x) -> y.apply(g, x.get(0)), MATRIX);
    }

    /** The graph, its inputs, their tangents and their values, away from the kinks at 0 and 0.3. */
    public static final class Graph {

        public final SameDiff graph = SameDiff.create();
        public final List<SDVariable> inputs = new ArrayList<>();
        public final List<SDVariable> tangents = new ArrayList<>();
        public final Map<String, INDArray> values = new HashMap<>();
        public final SDVariable y;

        private Graph(GraphCase rule) {
            for (int i = 0; i < rule.shapes.length; i++) {
                inputs.add(graph.placeHolder("x" + i, DataType.DOUBLE, rule.shapes[i]));
                tangents.add(graph.placeHolder("v" + i, DataType.DOUBLE, rule.shapes[i]));
                values.put("x" + i, awayFromKinks(Networks.normal(20 + i, 2.0, rule.shapes[i])));
                values.put("v" + i, Networks.normal(30 + i, 1.0, rule.shapes[i]));
            }
            y = rule.y.apply(graph, inputs);
        }

        private static INDArray awayFromKinks(INDArray x) {
            for (long i = 0; i < x.length(); i++) {
                for (double kink : new double[] {-2.5, -1, 0, 0.3, 1, 2.5, 6}) {
                    if (Math.abs(x.getDouble(i) - kink) < 0.01) {
                        x.putScalar(i, kink + 0.02);
                    }
                }
            }
            return x;
        }

        public INDArray eval(SDVariable variable) {
            return eval(variable, values);
        }

        public INDArray eval(SDVariable variable, Map<String, INDArray> at) {
            return graph.output(at, variable.name()).get(variable.name());
        }

        /** Central differences of y along the tangents of the given inputs. */
        public INDArray derivative(List<Integer> along) {
            double step = 1e-5;
            Map<String, INDArray> ahead = new HashMap<>(values);
            Map<String, INDArray> behind = new HashMap<>(values);
            for (int i : along) {
                INDArray shift = values.get("v" + i).mul(step);
                ahead.put("x" + i, values.get("x" + i).add(shift));
                behind.put("x" + i, values.get("x" + i).sub(shift));
            }
            return eval(y, ahead).sub(eval(y, behind)).div(2 * step);
        }
    }

    public Graph graph() {
        return new Graph(this);
    }

    @Override
    public String toString() {
        return name;
    }
}
