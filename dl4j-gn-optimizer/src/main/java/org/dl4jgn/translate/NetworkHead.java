package org.dl4jgn.translate;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A head of a translated network: pre-activations with what comes after them.
 *
 * <p>z is a matrix, [rows, c]: one row for each position of an example, the positions of an example in a row. Of plain vectors
 * there is one; of a sequence there are as many as steps.
 *
 * @param head activation and loss
 * @param output z, of an example and as DL4J arranges it
 * @param rows number of rows of z
 * @param givenLabels the labels as an input of the graph, [rows, {@link #labels}]; null where the loss alone reads them
 */
public record NetworkHead(
        Head head, LayerOutput output, long rows, @Nullable SDVariable givenLabels) {

    /** One whose graph does not read labels. */
    public NetworkHead(Head head, LayerOutput output, long rows) {
        this(head, output, rows, null);
    }

    static NetworkHead of(Head head, Activations z, GraphWriter writer) {
        boolean stacked = head.conf() instanceof OutputLayer && z.spatialRank() > 0;
        return new NetworkHead(
                head,
                new LayerOutput(z.variable(), z.shape(), z.channelsFirst(), stacked),
                z.matrixShape()[0],
                writer.labelsOf(head.layer()));
    }

    /** Columns of labels for each row. */
    public long labels() {
        return head.labels(outputs());
    }

    /** What DL4J's score is a mean over, in a mini-batch of so many examples: all rows where it has them for examples. */
    public long counted(long examples) {
        return output.stacked() ? rows : examples;
    }

    /** z, [rows, c]. */
    public SDVariable preOutput() {
        return output.variable();
    }

    /** c. */
    public long outputs() {
        return output.shape()[output.shape().length - 1];
    }

    /** Rows of an example. */
    public long positions() {
        return length() / outputs();
    }

    /** Elements of z of an example. */
    public long length() {
        return Arrays.stream(output.shape()).reduce(1, (a, b) -> a * b);
    }
}
