package org.dl4jgn.testing;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.curvature.Linearization;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gradient and Gauss-Newton matrix of a small network as plain arrays, with textbook conjugate gradients on them: what the
 * optimizer's settings are checked against.
 *
 * @param loss L
 * @param g gradient, [d]
 * @param h H, [d][d], without damping
 */
public record DenseModel(double loss, double[] g, double[][] h) {

    /** At the network's parameters. */
    public static DenseModel of(MultiLayerNetwork net, DataSet data) {
        try (Linearization at = GaussNewton.linearize(net)) {
            at.at(data.getFeatures(), data.getLabels());
            int d = (int) net.numParams();
            double[][] h = new double[d][];
            for (int i = 0; i < d; i++) {
                INDArray unit = Nd4j.zeros(DataType.DOUBLE, d).putScalar(i, 1);
                h[i] = at.ggnVectorProduct(unit).toDoubleVector();
            }
            return new DenseModel(at.loss(), at.gradient().toDoubleVector(), h);
        }
    }

    /**
     * k iterations of preconditioned conjugate gradients on (H + ρI)Δ = −b from a start (Nocedal and Wright, algorithm
     * 5.3).
     *
     * @param m diagonal of the preconditioner M; all ones for none
     */
    public double[] conjugateGradients(double[] b, double rho, double[] start, double[] m, int k) {
        double[] delta = start.clone();
        double[] r = plus(dampedProduct(rho, delta), 1, b);
        double[] y = divided(r, m);
        double[] p = plus(new double[b.length], -1, y);
        for (int i = 0; i < k; i++) {
            double[] ap = dampedProduct(rho, p);
            double ry = dot(r, y);
            double alpha = ry / dot(p, ap);
            delta = plus(delta, alpha, p);
            r = plus(r, alpha, ap);
            y = divided(r, m);
            double beta = dot(r, y) / ry;
            double[] next = new double[b.length];
            for (int j = 0; j < next.length; j++) {
                next[j] = -y[j] + beta * p[j];
            }
            p = next;
        }
        return delta;
    }

    /** bᵀΔ + ½Δᵀ(H + ρI)Δ. */
    public double model(double[] b, double rho, double[] delta) {
        return dot(b, delta) + 0.5 * dot(delta, dampedProduct(rho, delta));
    }

    /** (H + ρI)v. */
    public double[] dampedProduct(double rho, double[] v) {
        double[] result = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            result[i] = dot(h[i], v) + rho * v[i];
        }
        return result;
    }

    public static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    /** x + a·y. */
    public static double[] plus(double[] x, double a, double[] y) {
        double[] result = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            result[i] = x[i] + a * y[i];
        }
        return result;
    }

    public static double[] times(double a, double[] x) {
        return plus(new double[x.length], a, x);
    }

    private static double[] divided(double[] x, double[] m) {
        double[] result = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            result[i] = x[i] / m[i];
        }
        return result;
    }

    public static double[] ones(int length) {
        double[] ones = new double[length];
        java.util.Arrays.fill(ones, 1);
        return ones;
    }
}
