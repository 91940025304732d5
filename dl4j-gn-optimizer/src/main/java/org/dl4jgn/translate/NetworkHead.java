package org.dl4jgn.translate;

import java.util.Arrays;
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
 */
public record NetworkHead(Head head, LayerOutput output, long rows) {

    static NetworkHead of(Head head, Activations z) {
        return new NetworkHead(head, LayerOutput.of(z), z.matrixShape()[0]);
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
