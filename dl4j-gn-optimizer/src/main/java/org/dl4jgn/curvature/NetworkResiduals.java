package org.dl4jgn.curvature;

import java.util.Arrays;
import org.dl4jgn.gram.JacobianRows;
import org.dl4jgn.leastsquares.LeastSquaresResult;
import org.dl4jgn.leastsquares.LevenbergMarquardt;
import org.dl4jgn.leastsquares.Residuals;
import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.network.CompiledHead;
import org.dl4jgn.network.MiniBatch;
import org.dl4jgn.plan.HostVector;
import org.dl4jgn.plan.Program;
import org.dl4jgn.translate.Head;
import org.dl4jgn.translate.Model;
import org.dl4jgn.translate.UnsupportedNetworkException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/**
 * A network with a squared loss on all of its data as residuals: r = √(s/b)(z − y), with s = 1/c for MSE and 1 for L2, so that
 * ‖r‖² is the score of DL4J. Parameters are in working order.
 *
 * <p>J is formed layer by layer, by one reverse pass of b·c examples; the second derivative along a direction is a difference.
 */
public final class NetworkResiduals implements Residuals, AutoCloseable {

    /** Length of the difference along a step, as Transtrum and Sethna have it. */
    private static final double DIFFERENCE = 0.1;

    /**
     * Weights have one unit. Energies of a trimer by 3-20-20-1: a mean square of 1e-7 after 86 trials, where with 0 the search ends
     * at 5e-2, and with 0.01 is at 2e-2 after 80; Franke's function by 2-20-20-1: 1e-6 after 108, with 0 after 139.
     */
    private static final double LEAST_SCALE = 0.3;

    /**
     * A start is drawn, far from any minimum. To a mean square of 1e-6, seeds 1 to 3, the energies of a trimer take 54, 67 and 52
     * trials and Franke's function 91, 74 and 91; from 1e-3 it is 65, 65 and 57, and 108, 74 and 87.
     */
    private static final double INITIAL_DAMPING = 0.1;

    private final NetworkProblems problems;
    private final WorkingParameters parameters;
    private final NetworkProblem problem;
    private final JacobianRows rows;
    private final Buffers buffers = new Buffers();
    private final Program formRows = buffers.own(new Program());
    private final INDArray theta;
    private final HostVector thetaNumbers;
    private final HostVector outputs;
    private final HostVector jacobian;
    private final double[] labels;
    private final double scale;
    private final int m;
    private final int n;
    private final double[] residualsAtBase;
    private double @Nullable [] base;

    /**
     * Prepares a network on examples, which are copied.
     *
     * @throws UnsupportedNetworkException if it is not of double, its loss is not a squared one on identity, without weights, or
     *     its rows cannot be formed
     */
    public NetworkResiduals(Model model, INDArray features, INDArray labels) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            if (model.type() != DataType.DOUBLE) {
                throw new UnsupportedNetworkException("Least squares of a network of type " + model.type()
                        + " are not supported. Supported: DOUBLE; give the configuration dataType(DataType.DOUBLE).");
            }
            problems = new NetworkProblems(model);
            parameters = new WorkingParameters(model, problems.order());
            n = Math.toIntExact(model.parameterCount());
            theta = buffers.filled(0, DataType.DOUBLE, n);
            thetaNumbers = new HostVector(theta);
            problem = problems.of(MiniBatch.of(features.dup('c'), labels, null), model.iteration(), model.epoch());
            CompiledHead head = problem.network().heads().get(0);
            long c = head.head.outputs();
            scale = Math.sqrt(weight(head.head.head(), c) / problem.examples());
            m = Math.toIntExact(head.preOutput.length());
            outputs = new HostVector(head.preOutput);
            residualsAtBase = new double[m];
            this.labels = labels.castTo(DataType.DOUBLE)
                    .dup('c')
                    .reshape(labels.length())
                    .toDoubleVector();
            rows = buffers.own(problem.linearize(parameters.read()).rows(DataType.DOUBLE));
            INDArray matrix = buffers.filled(0, DataType.DOUBLE, m, n);
            jacobian = new HostVector(matrix);
            rows.appendRows(formRows, 0, rows.b, matrix);
        }
    }

    private double weight(Head head, long outputsOfAnExample) {
        boolean isMean = head.loss() instanceof LossMSE;
        boolean isSquared = isMean || head.loss().getClass() == LossL2.class;
        boolean isPlain = isSquared && ((LossL2) head.loss()).getWeights() == null;
        if (problems.heads() != 1
                || head.hasOwnLoss()
                || !isPlain
                || head.activation().getClass() != ActivationIdentity.class) {
            throw new UnsupportedNetworkException(
                    "Least squares of loss " + head.loss() + " on activation " + head.activation()
                            + " are not supported. Supported: one output with MSE or L2 without weights on identity.");
        }
        return isMean ? 1.0 / outputsOfAnExample : 1.0;
    }

    /**
     * Minimizes the score of these examples from the network's parameters, and writes the ones that were found into the network,
     * converged or not.
     */
    public LeastSquaresResult fit(LevenbergMarquardt method) {
        LeastSquaresResult result = method.minimize(this, start());
        write(result.parameters());
        return result;
    }

    /** The network's parameters. */
    public double[] start() {
        double[] numbers = new double[n];
        theta.assign(parameters.read());
        thetaNumbers.read(numbers);
        return numbers;
    }

    /** Writes parameters into the network. */
    public void write(double[] point) {
        thetaNumbers.write(point);
        parameters.write(theta);
    }

    @Override
    public int count() {
        return m;
    }

    @Override
    public int parameters() {
        return n;
    }

    @Override
    public void values(double[] point, double[] r) {
        thetaNumbers.write(point);
        problem.value(theta);
        readResiduals(r);
    }

    private void readResiduals(double[] r) {
        outputs.read(r);
        for (int i = 0; i < m; i++) {
            r[i] = scale * (r[i] - labels[i]);
        }
    }

    @Override
    public void jacobian(double[] point, double[] j, int rowCount) {
        thetaNumbers.write(point);
        problem.linearize(theta);
        readResiduals(residualsAtBase);
        base = point.clone();
        rows.load();
        formRows.run();
        double[] all = new double[m * n];
        jacobian.read(all);
        // a block of rows at a time: both arrays stay in the cache
        int block = 16;
        for (int from = 0; from < m; from += block) {
            int to = Math.min(m, from + block);
            for (int column = 0; column < n; column++) {
                for (int i = from; i < to; i++) {
                    j[column * rowCount + i] = scale * all[i * n + column];
                }
            }
        }
    }

    @Override
    public boolean hasCurvature() {
        return true;
    }

    /** (r(θ + hv) − 2r(θ) + r(θ − hv))/h², two forward passes where J was asked for at θ. */
    @Override
    public void curvature(double[] point, double[] v, double[] second) {
        if (!Arrays.equals(point, base)) {
            values(point, residualsAtBase);
            base = point.clone();
        }
        double[] moved = new double[n];
        double[] other = new double[m];
        Arrays.setAll(moved, i -> point[i] + DIFFERENCE * v[i]);
        values(moved, second);
        Arrays.setAll(moved, i -> point[i] - DIFFERENCE * v[i]);
        values(moved, other);
        for (int i = 0; i < m; i++) {
            second[i] = (second[i] - 2 * residualsAtBase[i] + other[i]) / (DIFFERENCE * DIFFERENCE);
        }
    }

    @Override
    public double magnitude() {
        double sum = 0;
        for (double y : labels) {
            sum += y * y;
        }
        return scale * Math.sqrt(sum);
    }

    @Override
    public double leastScale() {
        return LEAST_SCALE;
    }

    @Override
    public double initialDamping() {
        return INITIAL_DAMPING;
    }

    /** Frees the compiled network. */
    @Override
    public void close() {
        buffers.close();
        parameters.close();
        problems.close();
    }
}
