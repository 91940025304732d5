package org.dl4jgn.curvature;

import java.util.List;
import java.util.stream.IntStream;
import org.dl4jgn.translate.LayerOutput;
import org.dl4jgn.translate.NetworkHead;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The order of the Jacobian's rows: here an example's positions come one after the other, each with its outputs, and those of
 * one head after those of another; DL4J's z has the outputs first where its channels are.
 */
final class RowOrder {

    private final int[] sources;
    private final boolean same;

    /** @param b number of examples */
    RowOrder(List<NetworkHead> heads, long b) {
        int c = (int) heads.stream().mapToLong(NetworkHead::length).sum();
        sources = new int[Math.toIntExact(b * c)];
        int offset = 0;
        for (NetworkHead head : heads) {
            int n = (int) head.length();
            for (int i = 0; i < n; i++) {
                int at = source(head, i);
                for (int example = 0; example < b; example++) {
                    sources[target(head, example, i, (int) b, c, offset)] = example * c + offset + at;
                }
            }
            offset += n;
        }
        same = IntStream.range(0, sources.length).allMatch(i -> sources[i] == i);
    }

    /** Where DL4J has element i of an example's z among those of all examples: all first steps come first where it stacks them. */
    private static int target(NetworkHead head, int example, int i, int b, int c, int offset) {
        int outputs = (int) head.outputs();
        return head.output().stacked() ? (i / outputs * b + example) * outputs + i % outputs : example * c + offset + i;
    }

    /** Where element i of an example's z in DL4J's order is here. */
    private static int source(NetworkHead head, int i) {
        LayerOutput output = head.output();
        int positions = (int) head.positions();
        int outputs = (int) head.outputs();
        return output.channelsFirst() && !output.stacked() ? i % positions * outputs + i / positions : i;
    }

    /** The rows of a matrix in DL4J's order. */
    INDArray rows(INDArray matrix) {
        return same ? matrix : Nd4j.pullRows(matrix, 1, sources);
    }

    /** Rows and columns of a symmetric matrix in DL4J's order. */
    INDArray rowsAndColumns(INDArray matrix) {
        return same ? matrix : rows(rows(matrix).transpose().dup('c'));
    }
}
