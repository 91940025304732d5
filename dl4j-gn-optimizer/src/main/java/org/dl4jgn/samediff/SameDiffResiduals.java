package org.dl4jgn.samediff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dl4jgn.leastsquares.LevenbergMarquardt;
import org.dl4jgn.leastsquares.Residuals;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Outputs of a SameDiff graph beside what was observed, as residuals √w (f(x; θ) − y) of its trainable variables θ.
 *
 * <pre>{@code
 * SameDiff sd = SameDiff.create();
 * SDVariable x = sd.placeHolder("x", DataType.DOUBLE, -1);
 * SDVariable a = sd.var("a", Nd4j.scalar(1.0)), k = sd.var("k", Nd4j.scalar(0.1));
 * SDVariable f = a.mul(sd.math().exp(x.mul(k).neg()));
 * try (SameDiffResiduals residuals = SameDiffResiduals.of(sd).given(x, xs).match(f, ys).build()) {
 *     SameDiffFit fit = residuals.fit(LevenbergMarquardt.defaults());     // a and k of the graph are the fitted ones now
 *     double error = fit.standardError("a").getDouble(0);
 * }
 * }</pre>
 *
 * <p>Any graph of operations with tangent rules will do ({@link org.dl4jgn.autodiff.TangentRules#names()}): curves, networks,
 * and residuals of differential equations, which {@link Builder#vanish} takes. Derivatives are exact, by forward mode: a column of J
 * for each parameter, which costs n tangents of the graph. Everything is of double.
 *
 * <p>The graph is copied when this is built; later changes of it, other than of the values of its variables, have no effect.
 * Not safe for use by several threads at once.
 */
public final class SameDiffResiduals implements Residuals, AutoCloseable {

    private final GraphParameters parameters;
    private final List<Observation> observations;
    private final Derivatives derivatives;
    private final double magnitude;

    private SameDiffResiduals(Builder b) {
        List<String> outputs =
                b.observations.stream().map(Observation::output).distinct().toList();
        if (outputs.isEmpty()) {
            throw new IllegalArgumentException(
                    "Nothing to fit: name an output with match(output, observed) or vanish(output)");
        }
        parameters = b.trained.isEmpty()
                ? GraphParameters.of(b.graph, outputs, DataType.DOUBLE)
                : GraphParameters.of(b.graph, b.trained, outputs, DataType.DOUBLE);
        observations = List.copyOf(b.observations);
        derivatives = new Derivatives(b.graph, parameters, b.inputs, outputs);
        try {
            observations.forEach(this::requireShape);
        } catch (RuntimeException e) {
            derivatives.close();
            throw e;
        }
        magnitude = Math.sqrt(
                observations.stream().mapToDouble(Observation::squaredMagnitude).sum());
    }

    private void requireShape(Observation observation) {
        long[] shape = derivatives.shape(observation.output());
        if (observation.shape() != null && !Arrays.equals(observation.shape(), shape)) {
            throw new IllegalArgumentException("Output '" + observation.output() + "' has shape "
                    + Arrays.toString(shape) + ", what was observed of it " + Arrays.toString(observation.shape())
                    + "; they must be the same");
        }
    }

    /** Residuals of outputs of {@code graph}. */
    public static Builder of(SameDiff graph) {
        return new Builder(graph);
    }

    /**
     * Minimizes the sum of squares from the values that the graph's variables have, and writes the ones that were found into
     * the graph, converged or not.
     */
    public SameDiffFit fit(LevenbergMarquardt method) {
        SameDiffFit fit = new SameDiffFit(parameters, method.minimize(this, parameters.read()));
        parameters.write(fit.result().parameters());
        return fit;
    }

    @Override
    public int count() {
        return observations.stream().mapToInt(this::length).sum();
    }

    private int length(Observation observation) {
        return derivatives.length(observation.output());
    }

    @Override
    public int parameters() {
        return parameters.length();
    }

    /** θ as the graph has it now. */
    public double[] start() {
        return parameters.read();
    }

    @Override
    public void values(double[] theta, double[] r) {
        derivatives.moveTo(theta);
        int at = 0;
        for (Observation observation : observations) {
            double[] f = derivatives.value(observation.output());
            observation.residuals(f, r, at);
            at += f.length;
        }
    }

    @Override
    public void jacobian(double[] theta, double[] j, int rows) {
        derivatives.moveTo(theta);
        double[] direction = new double[parameters.length()];
        for (int column = 0; column < direction.length; column++) {
            direction[column] = 1;
            derivatives.tangent(direction);
            direction[column] = 0;
            int at = column * rows;
            for (Observation observation : observations) {
                double[] slope = derivatives.slope(observation.output());
                observation.derivative(slope, j, at);
                at += slope.length;
            }
        }
    }

    /** Whether every rule that was used can be differentiated again; those of maxima over dimensions and segments cannot. */
    @Override
    public boolean hasCurvature() {
        return derivatives.isTwiceDifferentiable();
    }

    @Override
    public void curvature(double[] theta, double[] v, double[] second) {
        derivatives.moveTo(theta);
        Map<String, double[]> bends = derivatives.bends(v);
        int at = 0;
        for (Observation observation : observations) {
            double[] bend = bends.getOrDefault(observation.output(), new double[length(observation)]);
            observation.derivative(bend, second, at);
            at += bend.length;
        }
    }

    @Override
    public double magnitude() {
        return magnitude;
    }

    /** Frees the compiled graph. */
    @Override
    public void close() {
        derivatives.close();
    }

    /** Says what is given and what was observed. */
    public static final class Builder {

        private final SameDiff graph;
        private final Map<String, INDArray> inputs = new LinkedHashMap<>();
        private final List<Observation> observations = new ArrayList<>();
        private List<String> trained = List.of();

        private Builder(SameDiff graph) {
            this.graph = graph;
        }

        /** The value of a placeholder, which is read where it is. */
        public Builder given(SDVariable placeholder, INDArray value) {
            return given(placeholder.name(), value);
        }

        /** The value of the placeholder of that name. */
        public Builder given(String placeholder, INDArray value) {
            inputs.put(placeholder, value);
            return this;
        }

        /** What was observed of an output, of its shape. */
        public Builder match(SDVariable output, INDArray observed) {
            observations.add(Observation.of(output.name(), observed, null));
            return this;
        }

        /**
         * The same with weights w of the squares, such as 1/σ².
         *
         * @param weights of the shape of the observations, all ≥ 0
         */
        public Builder match(SDVariable output, INDArray observed, INDArray weights) {
            observations.add(Observation.of(output.name(), observed, weights));
            return this;
        }

        /** An output that should be zero, such as the residual of a differential equation. */
        public Builder vanish(SDVariable output) {
            return vanish(output, 1.0);
        }

        /** The same with a weight of its squares, ≥ 0. */
        public Builder vanish(SDVariable output, double weight) {
            observations.add(Observation.zero(output.name(), weight));
            return this;
        }

        /** The variables that are fitted; without this all that the outputs depend on. */
        public Builder train(SDVariable... variables) {
            trained = Arrays.stream(variables).map(SDVariable::name).toList();
            return this;
        }

        /**
         * Copies, differentiates and compiles the graph.
         *
         * @throws IllegalArgumentException if something is missing, or of the wrong shape or type
         * @throws UnsupportedOperationException if an operation has no tangent rule
         */
        public SameDiffResiduals build() {
            return new SameDiffResiduals(this);
        }
    }
}
