package org.dl4jgn.loss;

/** The steps of {@link SoftmaxRows} on rows in Java's arrays. */
final class HostSoftmax {

    private HostSoftmax() {}

    /** z − max z, of z. */
    static void distance(int rows, double[][] in, double[][] out) {
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
    static void rest(int rows, double[][] in, double[][] out) {
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
    static void probabilities(int rows, double[][] in, double[][] out) {
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
    static void complement(int rows, double[][] in, double[][] out) {
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
