package org.dl4jgn.testing;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.dl4jgn.linalg.LinearOperator;
import org.dl4jgn.problem.DampedSystem;
import org.dl4jgn.problem.Penalty;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.Problem;
import org.dl4jgn.problem.RowSpace;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A small problem with explicit J and Q, by plain loops in float64: the reference that directions, searches and damping are
 * tested on, without a network.
 *
 * <p>z = Aθ + ½γ(Bθ)², element by element, so J = A + γ diag(Bθ)B; b examples of c outputs, and the mean over N of their
 * losses. Vectors can be of float, arithmetic never is.
 */
public final class DenseProblem implements Problem {

    /** A loss of one example's outputs z and its labels y. */
    public enum Loss {
        /** ‖z − y‖². */
        LEAST_SQUARES,
        /** −Σ y log softmax(z). */
        SOFTMAX
    }

    private final double[][] a;
    private final double[][] curved;
    private final double bend;
    private final double[][] labels;
    private final Loss loss;
    private final double normalizer;
    private final double offset;
    private final DataType type;
    private long linearized;

    private DenseProblem(
            double[][] a,
            double[][] curved,
            double bend,
            double[][] labels,
            Loss loss,
            double normalizer,
            double offset,
            DataType type) {
        this.a = a;
        this.curved = curved;
        this.bend = bend;
        this.labels = labels;
        this.loss = loss;
        this.normalizer = normalizer;
        this.offset = offset;
        this.type = type;
    }

    /** Random numbers for {@code examples} of {@code outputs} and d parameters; the mean over the examples. */
    public static DenseProblem random(Loss loss, int examples, int outputs, int d, long seed) {
        Random random = new Random(seed);
        double[][] a = gaussian(random, examples * outputs, d);
        double[][] curved = gaussian(random, examples * outputs, d);
        double[][] labels = new double[examples][outputs];
        for (double[] row : labels) {
            int hot = random.nextInt(outputs);
            for (int k = 0; k < outputs; k++) {
                row[k] = loss == Loss.SOFTMAX ? k == hot ? 1 : 0 : random.nextGaussian();
            }
        }
        return new DenseProblem(a, curved, 0.2, labels, loss, examples, 0, DataType.DOUBLE);
    }

    /** Least squares ‖Aθ − y‖²/N, linear in θ. */
    public static DenseProblem linear(double[][] a, double[] y, double normalizer) {
        double[][] labels = new double[y.length][];
        for (int i = 0; i < y.length; i++) {
            labels[i] = new double[] {y[i]};
        }
        return new DenseProblem(a, a, 0, labels, Loss.LEAST_SQUARES, normalizer, 0, DataType.DOUBLE);
    }

    private static double[][] gaussian(Random random, int rows, int columns) {
        double[][] matrix = new double[rows][columns];
        for (double[] row : matrix) {
            for (int j = 0; j < columns; j++) {
                row[j] = random.nextGaussian();
            }
        }
        return matrix;
    }

    /** The same with z = Aθ + ½γ(Bθ)² for another γ. */
    public DenseProblem withBend(double gamma) {
        return new DenseProblem(a, curved, gamma, labels, loss, normalizer, offset, type);
    }

    /** The same loss and a constant, which is its least possible value, too. */
    public DenseProblem withOffset(double constant) {
        return new DenseProblem(a, curved, bend, labels, loss, normalizer, constant, type);
    }

    /** The same with vectors of another type. */
    public DenseProblem ofType(DataType other) {
        return new DenseProblem(a, curved, bend, labels, loss, normalizer, offset, other);
    }

    /** Labels that θ fits exactly, to rounding. */
    public DenseProblem fittedAt(double... theta) {
        double[] z = z(theta);
        double[][] fitted = new double[labels.length][labels[0].length];
        for (int row = 0; row < z.length; row++) {
            fitted[row / c()][row % c()] = z[row];
        }
        return new DenseProblem(a, curved, bend, fitted, loss, normalizer, offset, type);
    }

    /** The examples from {@code from} to before {@code to}, with the normalizer of the whole. */
    public DenseProblem part(int from, int to) {
        int c = c();
        return new DenseProblem(
                java.util.Arrays.copyOfRange(a, from * c, to * c),
                java.util.Arrays.copyOfRange(curved, from * c, to * c),
                bend,
                java.util.Arrays.copyOfRange(labels, from, to),
                loss,
                normalizer,
                offset,
                type);
    }

    @Override
    public long examples() {
        return labels.length;
    }

    @Override
    public long outputs() {
        return c();
    }

    private int c() {
        return labels[0].length;
    }

    // ---- the mathematics -----------------------------------------------------------------------------------------

    private double[] z(double[] theta) {
        double[] z = new double[a.length];
        for (int row = 0; row < z.length; row++) {
            double s = Matrix.dot(curved[row], theta);
            z[row] = Matrix.dot(a[row], theta) + 0.5 * bend * s * s;
        }
        return z;
    }

    /** J, [b·c, d]. */
    public Matrix jacobian(double[] theta) {
        Matrix j = Matrix.zeros(a.length, a[0].length);
        for (int row = 0; row < a.length; row++) {
            double s = Matrix.dot(curved[row], theta);
            for (int k = 0; k < a[0].length; k++) {
                j.set(row, k, a[row][k] + bend * s * curved[row][k]);
            }
        }
        return j;
    }

    private double[] softmax(double[] z, int example) {
        double[] p = new double[c()];
        double largest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < p.length; k++) {
            largest = Math.max(largest, z[example * p.length + k]);
        }
        double sum = 0;
        for (int k = 0; k < p.length; k++) {
            p[k] = Math.exp(z[example * p.length + k] - largest);
            sum += p[k];
        }
        for (int k = 0; k < p.length; k++) {
            p[k] /= sum;
        }
        return p;
    }

    /** 1 − pₖ, without its cancellation. */
    private static double others(double[] p, int k) {
        double sum = 0;
        for (int l = 0; l < p.length; l++) {
            sum += l == k ? 0 : p[l];
        }
        return sum;
    }

    /** log Σₖ exp(zₖ − zₗ), which is exact where it is small. */
    private double logLoss(double[] z, int example, int label) {
        int c = c();
        double others = 0;
        double largest = 0;
        for (int k = 0; k < c; k++) {
            largest = Math.max(largest, z[example * c + k] - z[example * c + label]);
        }
        for (int k = 0; k < c; k++) {
            if (k != label) {
                others += Math.exp(z[example * c + k] - z[example * c + label] - largest);
            }
        }
        return largest == 0 ? Math.log1p(others) : largest + Math.log(Math.exp(-largest) + others);
    }

    /** L(θ). */
    public double loss(double[] theta) {
        double[] z = z(theta);
        int c = c();
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            for (int k = 0; k < c; k++) {
                double y = labels[i][k];
                sum += switch (loss) {
                    case LEAST_SQUARES -> (z[i * c + k] - y) * (z[i * c + k] - y);
                    case SOFTMAX -> y == 0 ? 0 : y * logLoss(z, i, k);
                };
            }
        }
        return sum / normalizer + offset;
    }

    /** r, [b·c]. */
    private double[] residual(double[] theta) {
        double[] z = z(theta);
        int c = c();
        double[] r = new double[z.length];
        for (int i = 0; i < labels.length; i++) {
            double[] p = softmax(z, i);
            for (int k = 0; k < c; k++) {
                double y = labels[i][k];
                r[i * c + k] = loss == Loss.LEAST_SQUARES ? 2 * (z[i * c + k] - y) : y == 1 ? -others(p, k) : p[k] - y;
            }
        }
        return r;
    }

    /** g, [d]. */
    public double[] gradient(double[] theta) {
        double[] g = jacobian(theta).transposed().times(residual(theta));
        return DenseModel.times(1 / normalizer, g);
    }

    /** Q, [b·c, b·c]. */
    private Matrix curvature(double[] theta) {
        double[] z = z(theta);
        int c = c();
        Matrix q = Matrix.zeros(z.length, z.length);
        for (int i = 0; i < labels.length; i++) {
            double[] p = softmax(z, i);
            for (int k = 0; k < c; k++) {
                for (int l = 0; l < c; l++) {
                    double softmax = k == l ? p[k] * others(p, k) : -p[k] * p[l];
                    q.set(i * c + k, i * c + l, loss == Loss.SOFTMAX ? softmax : k == l ? 2 : 0);
                }
            }
        }
        return q;
    }

    /** H = (1/N)JᵀQJ, [d, d]. */
    public Matrix hessian(double[] theta) {
        Matrix j = jacobian(theta);
        return j.transposed().times(curvature(theta)).times(j).times(1 / normalizer);
    }

    /** −(H + λI)⁻¹g. */
    public double[] exact(double[] theta, double lambda) {
        return DenseModel.times(-1, hessian(theta).plusIdentity(lambda).solve(gradient(theta)));
    }

    // ---- as a problem ----------------------------------------------------------------------------------------------

    @Override
    public long dimension() {
        return a[0].length;
    }

    @Override
    public DataType dataType() {
        return type;
    }

    @Override
    public double value(INDArray theta) {
        double value = loss(theta.toDoubleVector());
        return type == DataType.FLOAT ? (float) value : value;
    }

    @Override
    public double value(INDArray base, double step, INDArray direction) {
        return value(base.add(direction.mul(step)));
    }

    @Override
    public Point linearize(INDArray theta) {
        linearized++;
        return new DensePoint(theta.toDoubleVector(), linearized);
    }

    /** θ as an array of the problem's type. */
    public INDArray vector(double... theta) {
        return Nd4j.createFromArray(theta).castTo(type);
    }

    private final class DensePoint implements Point {

        private final double[] theta;
        private final double[] g;
        private final INDArray gradient;
        private final Matrix h;
        private final double curvature;
        private final long stamp;

        DensePoint(double[] theta, long stamp) {
            this.theta = theta;
            this.stamp = stamp;
            g = DenseProblem.this.gradient(theta);
            gradient = vector(g);
            h = hessian(theta);
            curvature = DenseProblem.this.curvature(theta).trace() / a.length;
        }

        private void requireValid() {
            if (stamp != linearized) {
                throw new IllegalStateException("The point has ended: its problem was linearized again");
            }
        }

        @Override
        public double value() {
            requireValid();
            double value = loss(theta);
            return type == DataType.FLOAT ? (float) value : value;
        }

        @Override
        public double leastValue() {
            return offset;
        }

        /** As a network has it: the change of L under an error of z of size u|z|. */
        @Override
        public double rounding() {
            requireValid();
            double unit = type == DataType.DOUBLE ? Math.ulp(1.0) : Math.ulp(1.0f);
            double[] z = z(theta);
            double[] r = residual(theta);
            double slope = Math.sqrt(Matrix.dot(r, r) * Matrix.dot(z, z)) / normalizer;
            double bent = Matrix.dot(z, curvature(theta).times(z)) / normalizer;
            return unit * (slope + unit * bent / 2);
        }

        @Override
        public double lossCurvature() {
            return curvature;
        }

        @Override
        public INDArray gradient() {
            requireValid();
            return gradient;
        }

        @Override
        public LinearOperator gaussNewton() {
            requireValid();
            return (v, product) -> {
                requireValid();
                product.assign(vector(h.times(v.toDoubleVector())));
            };
        }

        @Override
        public Optional<RowSpace> rowSpace() {
            requireValid();
            return Optional.of(new DenseRowSpace(h, g));
        }
    }

    /** H and g in full; one system, which factors H + λI. */
    private final class DenseRowSpace implements RowSpace {

        private final Matrix h;
        private final double[] g;

        DenseRowSpace(Matrix h, double[] g) {
            this.h = h;
            this.g = g;
        }

        @Override
        public List<SystemOffer> systems() {
            return List.of(new DenseOffer());
        }

        @Override
        public double productWork() {
            return 1;
        }

        @Override
        public Optional<RowSpace> with(Penalty penalty, INDArray theta) {
            Matrix sum = h.times(1);
            double[] gradient = g.clone();
            for (int i = 0; i < gradient.length; i++) {
                double d = penalty.coefficientAt(i);
                sum.set(i, i, sum.get(i, i) + d);
                gradient[i] += d * theta.getDouble(i);
            }
            return Optional.of(new DenseRowSpace(sum, gradient));
        }

        private final class DenseOffer implements SystemOffer {

            @Override
            public String name() {
                return "DENSE";
            }

            @Override
            public long size() {
                return g.length;
            }

            @Override
            public double work() {
                return 1e6;
            }

            @Override
            public long bytes(DataType in) {
                return (long) in.width() * g.length * g.length;
            }

            @Override
            public DampedSystem open(DataType in, long limit) {
                return new DenseSystem(h, g, in);
            }
        }
    }

    private final class DenseSystem implements DampedSystem {

        private final Matrix h;
        private final double[] g;
        private final DataType in;
        private double factored;

        DenseSystem(Matrix h, double[] g, DataType in) {
            this.h = h;
            this.g = g;
            this.in = in;
        }

        /** The solution, spoilt in its fourth digit where it is asked for in float, so that corrections are needed. */
        private @Nullable INDArray solve(double[] right) {
            try {
                double[] x = h.plusIdentity(factored).solve(right);
                return vector(in == DataType.FLOAT ? DenseModel.times(1 + 1e-3, x) : x);
            } catch (ArithmeticException e) {
                return null;
            }
        }

        @Override
        public boolean solve(double lambda, @Nullable INDArray addend, INDArray delta) {
            factored = lambda;
            double[] right = DenseModel.times(-1, g);
            if (addend != null) {
                right = DenseModel.plus(right, 1, addend.toDoubleVector());
            }
            INDArray solution = solve(right);
            if (solution != null) {
                delta.assign(solution);
            }
            return solution != null;
        }

        @Override
        public void correct(INDArray residual, INDArray delta) {
            INDArray solution = solve(residual.toDoubleVector());
            if (solution != null) {
                delta.addi(solution);
            }
        }
    }
}
