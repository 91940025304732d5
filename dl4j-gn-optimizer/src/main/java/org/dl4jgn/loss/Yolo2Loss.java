package org.dl4jgn.loss;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * The loss of a {@code Yolo2OutputLayer} (Redmon and Farhadi 2016): for each cell of an image's grid squared errors of the box that
 * overlaps the object most, of the confidences of all boxes, and of the classes, or their cross-entropy.
 *
 * <p>Which box it is, is fixed by each evaluation and not differentiated. The errors are sums of squares ‖e(z)‖², with the overlap
 * as a function of z as in DL4J's gradient, and their curvature is the Gauss-Newton matrix 2EᵀE of e; that of a cross-entropy is
 * its Hessian. Q couples what belongs to a box.
 */
final class Yolo2Loss extends OutputLoss {

    private static final int BOX = 5;
    private static final int CORNERS = 4;

    private final double coordinates;
    private final double noObject;
    private final boolean crossEntropy;
    private final double[][] priors;
    private final int boxes;
    private final int classes;
    private final int width;
    private final int columns;
    private final INDArray in;
    private final INDArray out;

    private double[] labels = new double[0];
    private double[] at = new double[0];
    private double[] gradient = new double[0];

    /** For each box the derivatives of its errors by its numbers without the classes, row by row, with weights. */
    private double[] derivatives = new double[0];

    private double[] shares = new double[0];
    private boolean[] responsible = new boolean[0];
    private double weight;

    Yolo2Loss(LossInputs inputs) {
        super(inputs.z());
        if (inputs.omega() != null) {
            throw new IllegalArgumentException(
                    "A mask of the labels of Yolo2OutputLayer is not supported, as DL4J ignores it;"
                            + " labels of zeros are cells without an object");
        }
        Yolo2OutputLayer layer = (Yolo2OutputLayer) inputs.head().conf();
        coordinates = layer.getLambdaCoord();
        noObject = layer.getLambdaNoObj();
        crossEntropy = layer.getLossClassPredictions() instanceof LossMCXENT;
        priors = layer.getBoundingBoxes().toDoubleMatrix();
        boxes = priors.length;
        columns = (int) z.size(1);
        width = columns / boxes;
        classes = width - BOX;
        in = inputs.in();
        out = inputs.out();
    }

    @Override
    protected void prepareLabels() {
        labels = numbers(y);
    }

    private static double[] numbers(INDArray array) {
        return array.reshape(array.length()).toDoubleVector();
    }

    private static void write(double[] numbers, INDArray array) {
        try (INDArray source = Nd4j.createFromArray(numbers)) {
            array.assign(source.reshape(array.shape()));
        }
    }

    @Override
    protected double evaluate() {
        at = numbers(z);
        return walk(false);
    }

    @Override
    public void linearize(double weight) {
        this.weight = weight;
        int count = at.length / width;
        gradient = new double[at.length];
        derivatives = new double[count * BOX * BOX];
        shares = new double[count * classes];
        responsible = new boolean[count];
        walk(true);
        write(gradient, residual);
    }

    private double walk(boolean differentiate) {
        double sum = 0;
        for (int row = 0; row < at.length / columns; row++) {
            YoloBox[] found = new YoloBox[boxes];
            int best = -1;
            boolean isObject = isObject(row);
            for (int j = 0; j < boxes; j++) {
                found[j] = new YoloBox(at, row * columns + j * width, priors[j], labels, row * columns);
                if (isObject && (best < 0 || found[j].overlap() > found[best].overlap())) {
                    best = j;
                }
            }
            for (int j = 0; j < boxes; j++) {
                sum += box(row, j, found[j], j == best, differentiate);
            }
        }
        return sum;
    }

    private boolean isObject(int row) {
        for (int k = 0; k < classes; k++) {
            if (labels[row * columns + CORNERS + k] != 0) {
                return true;
            }
        }
        return false;
    }

    private double box(int row, int j, YoloBox box, boolean isResponsible, boolean differentiate) {
        int first = row * columns + j * width;
        int index = row * boxes + j;
        double[][] rows = isResponsible ? box.errors(coordinates) : box.noObject(noObject);
        double sum = 0;
        for (int e = 0; e < rows.length; e++) {
            double error = rows[e][BOX];
            sum += error * error;
            if (differentiate) {
                System.arraycopy(rows[e], 0, derivatives, (index * BOX + e) * BOX, BOX);
                for (int i = 0; i < BOX; i++) {
                    gradient[first + i] += 2 * error * rows[e][i];
                }
            }
        }
        return isResponsible ? sum + classes(row, first, index, differentiate) : sum;
    }

    /** The loss of the classes, on softmax. */
    private double classes(int row, int first, int index, boolean differentiate) {
        double[] p = softmax(first + BOX);
        double[] slope = new double[classes];
        double sum = 0;
        for (int k = 0; k < classes; k++) {
            double label = labels[row * columns + CORNERS + k];
            if (crossEntropy) {
                sum -= label == 0 ? 0 : label * Math.log(p[k]);
            } else {
                sum += (p[k] - label) * (p[k] - label);
                slope[k] = 2 * (p[k] - label);
            }
        }
        if (differentiate) {
            responsible[index] = true;
            System.arraycopy(p, 0, shares, index * classes, classes);
            double[] back = crossEntropy ? new double[0] : throughSoftmax(p, slope);
            for (int k = 0; k < classes; k++) {
                gradient[first + BOX + k] =
                        crossEntropy ? p[k] * total(row) - labels[row * columns + CORNERS + k] : back[k];
            }
        }
        return sum;
    }

    private double total(int row) {
        int from = row * columns + CORNERS;
        return Arrays.stream(labels, from, from + classes).sum();
    }

    private double[] softmax(int from) {
        double[] p = Arrays.copyOfRange(at, from, from + classes);
        double largest = Arrays.stream(p).max().orElse(0);
        double sum = 0;
        for (int k = 0; k < classes; k++) {
            p[k] = Math.exp(p[k] - largest);
            sum += p[k];
        }
        for (int k = 0; k < classes; k++) {
            p[k] /= sum;
        }
        return p;
    }

    /** (diag(p) − ppᵀ)v. */
    private static double[] throughSoftmax(double[] p, double[] v) {
        double mean = 0;
        for (int k = 0; k < p.length; k++) {
            mean += p[k] * v[k];
        }
        double[] result = new double[p.length];
        for (int k = 0; k < p.length; k++) {
            result[k] = p[k] * (v[k] - mean);
        }
        return result;
    }

    @Override
    public void multiplyCurvature() {
        double[] v = numbers(in);
        double[] product = new double[v.length];
        for (int index = 0; index < v.length / width; index++) {
            int first = index * width;
            for (int e = 0; e < BOX; e++) {
                int row = (index * BOX + e) * BOX;
                double along = 0;
                for (int i = 0; i < BOX; i++) {
                    along += derivatives[row + i] * v[first + i];
                }
                for (int i = 0; i < BOX; i++) {
                    product[first + i] += 2 * weight * along * derivatives[row + i];
                }
            }
            if (responsible[index]) {
                multiplyClasses(index, v, product);
            }
        }
        write(product, out);
    }

    private void multiplyClasses(int index, double[] v, double[] product) {
        int from = index * width + BOX;
        double[] p = Arrays.copyOfRange(shares, index * classes, (index + 1) * classes);
        double[] once = throughSoftmax(p, Arrays.copyOfRange(v, from, from + classes));
        double[] result = crossEntropy ? once : throughSoftmax(p, once);
        double factor = weight * (crossEntropy ? total(index / boxes) : 2);
        for (int k = 0; k < classes; k++) {
            product[from + k] = factor * result[k];
        }
    }

    @Override
    public boolean hasRoot() {
        return false;
    }

    @Override
    public INDArray squaredRoot() {
        throw new UnsupportedOperationException("No root of the curvature is formed for Yolo2OutputLayer");
    }

    /** Of the boxes, and of what the classes can have at most. */
    @Override
    public double curvatureSum() {
        double sum = Arrays.stream(derivatives).map(d -> 2 * d * d).sum();
        for (double share : shares) {
            sum += share * (1 - share);
        }
        return weight * sum;
    }
}
