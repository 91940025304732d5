package org.dl4jgn.examples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.StepReport;
import org.dl4jgn.conf.Sgn;
import org.dl4jgn.curvature.Linearization;
import org.dl4jgn.examples.sine.SineData;
import org.dl4jgn.examples.sine.SineNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The Jacobian and the Gauss-Newton matrix of a network, the spectrum of that matrix by two ways, and a damping rule of
 * one's own.
 *
 * <p>A {@link Linearization} is of the network's parameters and one batch, and works for networks trained by any optimizer.
 */
public final class ResearchersCorner {

    private static final int EXAMPLES = 64;
    private static final int SHOWN = 5;

    private ResearchersCorner() {}

    /** Looks at a network for the sine before it is trained, trains it, and looks again. */
    public static void main(String[] args) {
        Sgn sgn = Sgn.builder().damping(new PatientDamping(1e-2, 3)).build();
        MultiLayerNetwork net = SineNetwork.create(sgn, 42, DataType.DOUBLE);
        var batches = SineData.generate(1, DataType.DOUBLE).batches(500, 1);
        DataSet examples = batches.get(0).getRange(0, EXAMPLES);

        System.out.println("""
                Jacobian          derivatives of the outputs by the parameters, a row for each output of an example
                gram              J Jᵀ, how alike examples look to the network; it costs no Jacobian, and is equal to it
                gradient          its norm: how steep the loss is; 0 at a minimum
                mean deviation    of the examples' own gradients from it: the noise of a mini-batch
                eigenvalues of H  curvatures along the most curved directions; their spread is what makes SGD slow
                """);
        System.out.println("Before training");
        look(net, examples);
        for (DataSet batch : batches) {
            net.fit(batch);
        }
        StepReport last = GaussNewton.report(net).orElseThrow();
        System.out.printf("%nAfter %d steps, damping now %.3g%n", batches.size(), last.damping());
        look(net, examples);
    }

    private static void look(MultiLayerNetwork net, DataSet batch) {
        try (Linearization at = GaussNewton.linearize(net)) {
            at.at(batch.getFeatures(), batch.getLabels());

            INDArray jacobian = at.jacobian(); // [b·c, d]
            INDArray gram = at.gram(); // the same as J Jᵀ, but J is not needed for it
            System.out.printf(
                    "Jacobian %s, |J Jᵀ - gram| / |gram| = %.1e%n",
                    Arrays.toString(jacobian.shape()),
                    jacobian.mmul(jacobian.transpose()).sub(gram).norm2Number().doubleValue()
                            / gram.norm2Number().doubleValue());

            INDArray each = at.perExampleGradients(); // [b, d]
            System.out.printf(
                    "gradient %.3g, mean deviation of the examples' own gradients from it %.3g%n",
                    at.gradient().norm2Number().doubleValue(),
                    each.subRowVector(at.gradient()).norm2(1).meanNumber().doubleValue());

            // H = (1/b)JᵀQJ, and Q = 2I for DL4J's MSE of one output, which has no ½: H has the eigenvalues of (2/b)JJᵀ
            // that are not zero.
            double[] exact = new EigenDecomposition(
                            new Array2DRowRealMatrix(gram.mul(2.0 / EXAMPLES).toDoubleMatrix()))
                    .getRealEigenvalues();
            double[] ritz = lanczos(at, 20);
            System.out.println("largest eigenvalues of H, from gram:" + largest(exact));
            System.out.println("                   from 20 products:" + largest(ritz));
        }
    }

    /**
     * Eigenvalues of the Lanczos matrix: as many products Hv as steps, and no matrix of size d. Vectors are
     * orthogonalized against all before, without which rounding would show copies of the largest ones.
     */
    private static double[] lanczos(Linearization at, int steps) {
        List<INDArray> basis = new ArrayList<>();
        double[] diagonal = new double[steps];
        double[] beside = new double[steps - 1];
        INDArray next = Nd4j.createFromArray(
                new Random(1).doubles(at.gradient().length(), -1, 1).toArray());
        for (int i = 0; i < steps; i++) {
            INDArray v = next.div(next.norm2Number().doubleValue());
            basis.add(v);
            next = at.ggnVectorProduct(v);
            diagonal[i] = dot(v, next);
            for (int pass = 0; pass < 2; pass++) {
                for (INDArray u : basis) {
                    next.subi(u.mul(dot(u, next)));
                }
            }
            if (i < steps - 1) {
                beside[i] = next.norm2Number().doubleValue();
            }
        }
        return new EigenDecomposition(diagonal, beside).getRealEigenvalues();
    }

    private static double dot(INDArray a, INDArray b) {
        return a.mul(b).sumNumber().doubleValue();
    }

    private static String largest(double[] values) {
        StringBuilder line = new StringBuilder();
        Arrays.stream(values)
                .map(value -> -value)
                .sorted()
                .limit(SHOWN)
                .forEach(value -> line.append(String.format(Locale.ROOT, " %10.4g", -value)));
        return line.toString();
    }
}
