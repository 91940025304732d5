package org.dl4jgn.gram;

import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.translate.ParameterUse;
import org.dl4jgn.translate.TranslatedNetwork;

/** What products with H and rows of SᵀJ of a compiled network take, in multiplications and bytes. */
final class NetworkCosts {

    private final TranslatedNetwork network;
    private final long b;
    private final long rank;
    private final long counted;

    NetworkCosts(CompiledNetwork at) {
        network = at.jacobian().network();
        b = at.batchSize();
        rank = at.heads().stream()
                .mapToLong(head -> head.head.positions() * head.loss.rootRank())
                .sum();
        counted = at.heads().stream()
                .mapToLong(head -> head.countedRows(head.loss.rootRank()))
                .sum();
    }

    /** A product with H: a tangent and a cotangent, each through weights and activations. */
    double productWork() {
        return 4 * forwardWork();
    }

    /** A forward pass; layers other than dense ones and convolutions count once a parameter. */
    private double forwardWork() {
        double others = network.parameterCount();
        double work = 0;
        for (ParameterUse use : network.uses()) {
            work += use.work();
            others -= use.length();
        }
        return b * (work + others);
    }

    /** The rows; they are formed of unit cotangents, with the products of every layer. */
    RowCosts rows() {
        double element = network.uses().stream()
                .mapToDouble(use -> use.gramWork() + RowCosts.PASSES)
                .sum();
        long c = network.outputs();
        // unit cotangents of all, and the rows of those that count where weights are shared
        double forming = c * forwardWork() * (1 + (double) counted / (b * rank));
        return new RowCosts(
                b, c, rank, counted, network.parameterCount(), element, forming, JacobianRows.roomLength(b, rank));
    }

    /**
     * Bytes of the rows, an upper bound.
     *
     * @param cotangents bytes of the unit cotangents of an example
     */
    long rowBytes(long cotangents, int width) {
        return b * cotangents + NetworkRows.bytes(network, b, width);
    }
}
