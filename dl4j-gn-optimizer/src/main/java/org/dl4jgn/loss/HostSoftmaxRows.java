package org.dl4jgn.loss;

import org.dl4jgn.plan.Program;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;

/** {@link SoftmaxRows} as loops over some rows at a time in Java's arrays: a pass for each, in place of up to nine operations. */
final class HostSoftmaxRows extends SoftmaxRows {

    HostSoftmaxRows(LossMemory memory, INDArray z) {
        super(memory, z);
    }

    private static INDArray[] arrays(INDArray... arrays) {
        return arrays;
    }

    @Override
    void append(Program program) {
        program.rows("softmax_distance", arrays(z), arrays(distance), HostSoftmaxRows::distance)
                .legacy(new Exp(distance, e))
                .rows("softmax_rest", arrays(distance, e), arrays(rest), HostSoftmaxRows::rest);
    }

    @Override
    void appendProbabilities(Program program, INDArray p) {
        program.rows("softmax", arrays(e, rest), arrays(p), HostSoftmaxRows::probabilities);
    }

    @Override
    void appendComplement(Program program, INDArray out, INDArray scratch) {
        program.rows("softmax_complement", arrays(distance, e, rest), arrays(out), HostSoftmaxRows::complement);
    }

    /** z − max z, of z. */
    private static void distance(int rows, double[][] in, double[][] out) {
        double[] z = in[0];
        double[] distance = out[0];
        int c = z.length / rows;
        for (int row = 0; row < z.length; row += c) {
            double largest = z[row];
            for (int k = row + 1; k < row + c; k++) {
                largest = Math.max(largest, z[k]);
            }
            for (int k = row; k < row + c; k++) {
                distance[k] = z[k] - largest;
            }
        }
    }

    /** R, of z − max z and e: what is not the largest, and of the largest all but one. */
    private static void rest(int rows, double[][] in, double[][] out) {
        double[] distance = in[0];
        double[] e = in[1];
        int c = e.length / rows;
        for (int i = 0; i < rows; i++) {
            double others = 0;
            int largest = 0;
            for (int k = i * c; k < (i + 1) * c; k++) {
                if (distance[k] == 0) {
                    largest++;
                } else {
                    others += e[k];
                }
            }
            out[0][i] = others + (largest - 1);
        }
    }

    /** p = e/(1 + R), of e and R. */
    private static void probabilities(int rows, double[][] in, double[][] out) {
        double[] e = in[0];
        double[] p = out[0];
        int c = e.length / rows;
        for (int i = 0; i < rows; i++) {
            double total = 1 + in[1][i];
            for (int k = i * c; k < (i + 1) * c; k++) {
                p[k] = e[k] / total;
            }
        }
    }

    /** 1 − p, of z − max z, e and R: R/(1 + R) for the largest, (1 + R − e)/(1 + R) for the others. */
    private static void complement(int rows, double[][] in, double[][] out) {
        double[] distance = in[0];
        double[] e = in[1];
        double[] complement = out[0];
        int c = e.length / rows;
        for (int i = 0; i < rows; i++) {
            double r = in[2][i];
            double total = 1 + r;
            for (int k = i * c; k < (i + 1) * c; k++) {
                complement[k] = (distance[k] == 0 ? r : r - e[k] + 1) / total;
            }
        }
    }
}
