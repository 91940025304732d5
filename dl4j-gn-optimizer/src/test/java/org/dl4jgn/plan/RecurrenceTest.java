package org.dl4jgn.plan;

import static org.dl4jgn.testing.Tolerances.FINITE_DIFFERENCE;
import static org.dl4jgn.testing.Tolerances.FLOAT;
import static org.dl4jgn.testing.Tolerances.ROUNDING;
import static org.dl4jgn.testing.Tolerances.assertClose;
import static org.dl4jgn.testing.Tolerances.products;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dl4jgn.autodiff.ForwardMode;
import org.dl4jgn.autodiff.ReverseMode;
import org.dl4jgn.linalg.HostMemory;
import org.dl4jgn.ops.CellFunction;
import org.dl4jgn.ops.Recurrence;
import org.dl4jgn.ops.RecurrentCell;
import org.dl4jgn.testing.Networks;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The loop of recurrent layers, its tangent and its cotangent, against a loop over single numbers. */
class RecurrenceTest {

    private static final int B = 3;
    private static final int T = 4;
    private static final int N = 5;

    static Stream<RecurrentCell> cells() {
        List<RecurrentCell> cells = new ArrayList<>();
        for (CellFunction f : CellFunction.values()) {
            cells.add(RecurrentCell.simple(f));
            cells.add(RecurrentCell.lstm(f, CellFunction.SIGMOID, false));
            cells.add(RecurrentCell.lstm(CellFunction.TANH, f, true));
        }
        return cells.stream();
    }

    static Stream<Arguments> cases() {
        return cells().flatMap(
                        cell -> Stream.of("", "mask", "state", "mask and state").map(with -> Arguments.of(cell, with)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isTheLoopAndItsDerivatives(RecurrentCell cell, String with) {
        Case at = new Case(cell, with);
        INDArray expected = at.reference(0);
        INDArray derivative = at.reference(1e-5).sub(at.reference(-1e-5)).div(2e-5);
        for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT)) {
            Map<String, INDArray> result = at.run(type);
            assertClose(expected, result.get("h"), products(type), "h in " + type);
            double tolerance = type == DataType.DOUBLE ? FINITE_DIFFERENCE : FLOAT;
            assertClose(derivative, result.get("jvp"), tolerance, "tangent in " + type);
            double forward = Nd4j.create(
                            result.get("jvp").castTo(DataType.DOUBLE).data())
                    .mul(Nd4j.create(at.values.get("u").data()))
                    .sumNumber()
                    .doubleValue();
            double backward = 0;
            for (String in : at.differentiated()) {
                backward += result.get(in)
                        .castTo(DataType.DOUBLE)
                        .mul(at.values.get(in + "-tangent"))
                        .sumNumber()
                        .doubleValue();
            }
            assertClose(forward, backward, type == DataType.DOUBLE ? ROUNDING : FLOAT, "⟨u, Jv⟩ in " + type);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aBackendWithoutAddressesComputesTheSame(RecurrentCell cell, String with) {
        Case at = new Case(cell, with);
        Map<String, INDArray> host = at.run(DataType.FLOAT);
        try (HostMemory.Hidden hidden = HostMemory.hide()) {
            Map<String, INDArray> backend = at.run(DataType.FLOAT);
            backend.forEach((name, array) -> assertClose(array, host.get(name), FLOAT, name));
        }
    }

    /** A layer with its inputs. */
    private static final class Case {

        final Map<String, INDArray> values = new HashMap<>();
        private final RecurrentCell cell;
        private final boolean masked;
        private final boolean started;

        Case(RecurrentCell cell, String with) {
            this.cell = cell;
            masked = with.contains("mask");
            started = with.contains("state");
            put("q", 1, B * T, (long) N * cell.blocks());
            put("r", 0.5, N, (long) N * cell.blocks());
            put("p", 0.5, N, 3);
            put("h0", 1, B, N);
            put("c0", 1, B, N);
            put("u", 1, B * T, N);
            values.put(
                    "mask",
                    Nd4j.createFromArray(1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1)
                            .castTo(DataType.DOUBLE)
                            .reshape(B * T, 1));
            for (String in : differentiated()) {
                put(in + "-tangent", 1, values.get(in).shape());
            }
        }

        private void put(String name, double scale, long... shape) {
            values.put(name, Networks.normal(name.hashCode(), scale, shape));
        }

        List<String> differentiated() {
            return cell.peepholes() ? List.of("q", "r", "p") : List.of("q", "r");
        }

        /** h, J times the tangents, and Jᵀu. */
        Map<String, INDArray> run(DataType type) {
            SameDiff graph = SameDiff.create();
            Map<String, SDVariable> in = new HashMap<>();
            values.forEach((name, array) -> in.put(name, graph.placeHolder(name, type, array.shape())));
            Recurrence layer = Recurrence.of(
                    graph,
                    cell,
                    B,
                    T,
                    N,
                    new Recurrence.Inputs(
                            in.get("q"),
                            in.get("r"),
                            cell.peepholes() ? in.get("p") : null,
                            masked ? in.get("mask") : null,
                            started ? in.get("h0") : null,
                            started && cell.gated() ? in.get("c0") : null));
            ForwardMode mode = new ForwardMode(graph);
            List<SDVariable> tangents = new ArrayList<>();
            for (String name : differentiated()) {
                mode.seed(in.get(name), in.get(name + "-tangent"));
                tangents.add(in.get(name + "-tangent"));
            }
            SDVariable h = layer.output();
            SDVariable jvp = mode.tangent(h).orElseThrow();
            Map<String, SDVariable> cotangents = ReverseMode.cotangents(graph, jvp, in.get("u"), tangents);
            PlanCompiler compiler = new PlanCompiler(graph);
            values.forEach((name, array) -> compiler.input(
                    name,
                    array.castTo(type).dup('c'),
                    name.equals("u") ? Stage.VJP : name.endsWith("tangent") ? Stage.JVP : Stage.FORWARD));
            compiler.forwardOutput(h.name()).output(jvp.name());
            cotangents.values().forEach(c -> compiler.output(c.name()));
            Map<String, INDArray> result = new HashMap<>();
            try (ExecutionPlan plan = compiler.compile()) {
                for (int i = 0; i < 2; i++) {
                    plan.run(Stage.FORWARD);
                    plan.run(Stage.LINEARIZE);
                    plan.run(Stage.JVP);
                    plan.run(Stage.VJP);
                }
                result.put("h", plan.output(h.name()).dup());
                result.put("jvp", plan.output(jvp.name()).dup());
                for (String name : differentiated()) {
                    result.put(
                            name,
                            plan.output(cotangents.get(name + "-tangent").name())
                                    .dup());
                }
            }
            return result;
        }

        /** h at the inputs moved by so much of their tangents. */
        INDArray reference(double step) {
            Map<String, INDArray> at = new HashMap<>(values);
            for (String name : differentiated()) {
                at.put(name, values.get(name).add(values.get(name + "-tangent").mul(step)));
            }
            INDArray result = Nd4j.create(DataType.DOUBLE, B * T, N);
            for (int i = 0; i < B; i++) {
                double[] h = new double[N];
                double[] c = new double[N];
                for (int k = 0; k < N && started; k++) {
                    h[k] = at.get("h0").getDouble(i, k);
                    c[k] = at.get("c0").getDouble(i, k);
                }
                for (int t = 0; t < T; t++) {
                    step(at, i * T + t, h, c);
                    for (int k = 0; k < N; k++) {
                        result.putScalar(i * T + t, k, h[k]);
                    }
                }
            }
            return result;
        }

        private void step(Map<String, INDArray> at, int row, double[] h, double[] c) {
            double[] z = new double[N * cell.blocks()];
            for (int j = 0; j < z.length; j++) {
                z[j] = at.get("q").getDouble(row, j);
                for (int k = 0; k < N; k++) {
                    z[j] += h[k] * at.get("r").getDouble(k, j);
                }
            }
            double m = masked ? at.get("mask").getDouble(row) : 1;
            for (int k = 0; k < N; k++) {
                if (!cell.gated()) {
                    h[k] = m * f(cell.activation(), z[k]);
                    continue;
                }
                double forget = z[N + k];
                double output = z[2 * N + k];
                double modulation = z[3 * N + k];
                if (cell.peepholes()) {
                    forget += c[k] * at.get("p").getDouble(k, 0);
                    modulation += c[k] * at.get("p").getDouble(k, 2);
                }
                c[k] = f(cell.gate(), forget) * c[k] + f(cell.gate(), modulation) * f(cell.activation(), z[k]);
                if (cell.peepholes()) {
                    output += c[k] * at.get("p").getDouble(k, 1);
                }
                h[k] = m * f(cell.gate(), output) * f(cell.activation(), c[k]);
                c[k] *= m;
            }
        }

        private static double f(CellFunction f, double x) {
            return switch (f) {
                case IDENTITY -> x;
                case TANH -> Math.tanh(x);
                case SIGMOID -> 1 / (1 + Math.exp(-x));
                case HARD_SIGMOID -> Math.min(Math.max(0.2f * x + 0.5, 0), 1);
                case RELU -> Math.max(x, 0);
                case HARD_TANH -> Math.min(Math.max(x, -1), 1);
                case SOFTSIGN -> x / (1 + Math.abs(x));
            };
        }
    }
}
