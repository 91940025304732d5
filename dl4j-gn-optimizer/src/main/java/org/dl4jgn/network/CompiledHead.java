package org.dl4jgn.network;

import org.dl4jgn.linalg.Buffers;
import org.dl4jgn.linalg.Vectors;
import org.dl4jgn.loss.HeadNoise;
import org.dl4jgn.loss.LossInputs;
import org.dl4jgn.loss.OutputLoss;
import org.dl4jgn.loss.OutputLosses;
import org.dl4jgn.translate.Head;
import org.dl4jgn.translate.NetworkHead;
import org.dl4jgn.translate.OutputActivation;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.shape.OneHot;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A head of a compiled network: its arrays, and the loss on them. */
public final class CompiledHead implements AutoCloseable {

    private final Buffers buffers = new Buffers();
    private final boolean sparse;
    private final @Nullable INDArray weights;
    private final @Nullable INDArray omega;

    /** The mask of the batch, [rows, 1] or [rows, c]; null for none. */
    private @Nullable INDArray kept;

    /** What the head is in the graph. */
    public final NetworkHead head;

    /** z, [rows, c]. */
    public final INDArray preOutput;

    /** Jv, [rows, c]. */
    public final INDArray jvp;

    /** What the graph reads of the labels, [rows, labels]; null where it reads nothing. */
    private final @Nullable INDArray labelsInGraph;

    /** u, [rows, c]: what vector-Jacobian products read. */
    public final INDArray cotangent;

    /** The loss at the last evaluated point. */
    public final OutputLoss loss;

    /**
     * Makes a head on arrays of the plan.
     *
     * @param labelsInGraph what the graph reads of the labels, or null
     * @param masked whether batches have a mask of the loss
     */
    CompiledHead(
            NetworkHead head,
            INDArray preOutput,
            INDArray jvp,
            INDArray cotangent,
            @Nullable INDArray labelsInGraph,
            boolean masked,
            Draws draws) {
        this.head = head;
        this.preOutput = preOutput;
        this.jvp = jvp;
        this.cotangent = cotangent;
        this.labelsInGraph = labelsInGraph;
        Head end = head.head();
        sparse = OutputLosses.isSparse(end.loss());
        weights = OutputLosses.weightsOf(end.loss(), head.labels());
        DataType type = preOutput.dataType();
        omega = masked || weights != null ? buffers.allocate(type, head.rows(), head.labels()) : null;
        INDArray activated =
                head.labels() == head.outputs() ? preOutput : buffers.allocate(type, head.rows(), head.labels());
        OutputActivation activation = OutputActivation.of(end, activated);
        HeadNoise noise = new HeadNoise(draws.add(activation.noise()));
        loss = OutputLosses.create(new LossInputs(end, preOutput, activation, noise, omega, jvp, cotangent));
    }

    /**
     * Takes labels in.
     *
     * @param labels [rows, c], or [rows, 1] class indices
     * @param mask null, [rows, 1] or [rows, c]
     */
    void setLabels(INDArray labels, @Nullable INDArray mask) {
        long rows = preOutput.size(0);
        if (sparse) {
            INDArray classes = labels.castTo(DataType.INT).reshape(rows);
            Nd4j.exec(new OneHot(classes, loss.y, (int) head.outputs()));
        } else {
            INDArray y = loss.y;
            boolean isWhole = labels.size(1) == y.size(1);
            (isWhole ? y : y.get(NDArrayIndex.all(), NDArrayIndex.interval(0, labels.size(1)))).assign(labels);
        }
        if (labelsInGraph != null) {
            labelsInGraph.assign(labels);
        }
        boolean ofRows = mask != null && mask.length() == rows;
        kept = mask == null
                ? null
                : mask.castTo(preOutput.dataType()).dup('c').reshape('c', rows, ofRows ? 1 : head.labels());
        if (omega != null) {
            omega.assign(1.0);
            if (weights != null) {
                omega.muliRowVector(weights.castTo(omega.dataType()).reshape(weights.length()));
            }
            if (mask != null && ofRows) {
                omega.muliColumnVector(mask.castTo(omega.dataType()).reshape(rows, 1));
            } else if (mask != null) {
                omega.muli(mask.castTo(omega.dataType()));
            }
        }
        loss.labelsChanged();
    }

    /** Whether the loss of some row or output does not count, by the mask of the present batch. */
    public boolean hasMaskedElements() {
        return kept != null && kept.minNumber().doubleValue() == 0;
    }

    /** Whether the loss of an output in a row of z counts. */
    public boolean counts(long row, long output) {
        return kept == null || kept.getDouble(row, kept.size(1) == 1 ? 0 : output) != 0;
    }

    /** How many of the rows of SᵀJ count, if {@code rank} are formed of each row of z. */
    public long countedRows(long rank) {
        long rows = preOutput.size(0);
        if (kept == null) {
            return rows * rank;
        }
        long counted = kept.sumNumber().longValue();
        return kept.size(1) == 1 ? counted * rank : counted;
    }

    /** Elements of z of an example that are those of so many steps of a sequence; 0 where z is none. */
    long padding(long steps) {
        return head.output().shape().length == 2 ? steps * head.outputs() : 0;
    }

    /** u ← r/N. */
    void takeResidual(double normalizer) {
        Vectors.copy(loss.residual, cotangent);
        Vectors.scale(1.0 / normalizer, cotangent);
    }

    /** See {@link CompiledNetwork#rounding}. */
    double rounding(double unit, double normalizer) {
        Vectors.copy(preOutput, jvp);
        if (kept != null && kept.size(1) == 1) {
            // rows that do not count are not known to any precision
            jvp.muliColumnVector(kept);
        }
        double slope = Vectors.norm2(loss.residual) * Vectors.norm2(jvp) / normalizer;
        loss.multiplyCurvature();
        return unit * (slope + unit * Vectors.dot(preOutput, cotangent) / 2);
    }

    @Override
    public void close() {
        loss.close();
        buffers.close();
    }
}
