package org.dl4jgn.loss;

/**
 * A box that a cell of a grid predicts, of the numbers t: center σ(t₀), σ(t₁) in the cell, size p∘exp(t₂, t₃) for the prior p, and
 * confidence σ(t₄); and the object of that cell.
 *
 * <p>Errors are given as rows of six numbers: derivatives by t, then the error, all times the root of the error's weight.
 */
final class YoloBox {

    private static final int NUMBERS = 5;
    private static final int SIZE = 2;
    private static final int CONFIDENCE = 4;

    private final double[] center = new double[2];
    private final double[] size = new double[2];
    private final double[] labelCenter = new double[2];
    private final double[] labelSize = new double[2];
    private final double confidence;
    private final double overlap;
    private final double[] overlapByNumber = new double[NUMBERS];

    /**
     * Reads a box.
     *
     * @param t numbers, those of this box from {@code from} on
     * @param prior width and height
     * @param labels corners of the object in units of cells, left, top, right, bottom, from {@code label} on
     */
    YoloBox(double[] t, int from, double[] prior, double[] labels, int label) {
        double[] reach = new double[2];
        double[] slope = new double[2];
        double[] both = new double[2];
        boolean apart = false;
        for (int d = 0; d < 2; d++) {
            double low = labels[label + d];
            double high = labels[label + 2 + d];
            double middle = (low + high) / 2;
            double cell = Math.floor(middle);
            center[d] = sigmoid(t[from + d]);
            size[d] = prior[d] * Math.exp(t[from + SIZE + d]);
            labelCenter[d] = middle - cell;
            labelSize[d] = high - low;
            double before = cell + center[d] - size[d] / 2;
            double behind = cell + center[d] + size[d] / 2;
            apart |= behind <= low || before >= high;
            reach[d] = Math.min(behind, high) - Math.max(before, low);
            double starts = before > low ? 1 : 0;
            double ends = behind < high ? 1 : 0;
            slope[d] = ends - starts;
            both[d] = (ends + starts) / 2;
        }
        confidence = sigmoid(t[from + CONFIDENCE]);
        double common = reach[0] * reach[1];
        double union = size[0] * size[1] + labelSize[0] * labelSize[1] - common;
        overlap = apart ? 0 : common / union;
        for (int d = 0; d < 2 && !apart; d++) {
            double other = reach[1 - d];
            double moved = slope[d] * other * (union + common) / (union * union);
            double grown = (both[d] * other * (union + common) - common * size[1 - d]) / (union * union);
            overlapByNumber[d] = moved * center[d] * (1 - center[d]);
            overlapByNumber[SIZE + d] = grown * size[d];
        }
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** Intersection over union of box and object; 0 where they do not meet. */
    double overlap() {
        return overlap;
    }

    /** The error of a confidence that should be none. */
    double[][] noObject(double lambda) {
        double root = Math.sqrt(lambda);
        double[] row = new double[NUMBERS + 1];
        row[CONFIDENCE] = root * confidence * (1 - confidence);
        row[NUMBERS] = root * confidence;
        return new double[][] {row};
    }

    /** The errors of a box that stands for the object: center, roots of the size, and a confidence that should be the overlap. */
    double[][] errors(double lambda) {
        double root = Math.sqrt(lambda);
        double[][] rows = new double[NUMBERS][NUMBERS + 1];
        for (int d = 0; d < 2; d++) {
            rows[d][d] = root * center[d] * (1 - center[d]);
            rows[d][NUMBERS] = root * (center[d] - labelCenter[d]);
            double side = Math.sqrt(size[d]);
            rows[SIZE + d][SIZE + d] = root * side / 2;
            rows[SIZE + d][NUMBERS] = root * (side - Math.sqrt(labelSize[d]));
        }
        System.arraycopy(overlapByNumber, 0, rows[CONFIDENCE], 0, NUMBERS);
        rows[CONFIDENCE][CONFIDENCE] = -confidence * (1 - confidence);
        rows[CONFIDENCE][NUMBERS] = overlap - confidence;
        return rows;
    }
}
