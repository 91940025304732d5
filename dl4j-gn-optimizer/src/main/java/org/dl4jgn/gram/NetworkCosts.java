package org.dl4jgn.gram;

import org.dl4jgn.network.CompiledNetwork;
import org.dl4jgn.network.TangentKernelGraph;
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

    /** What comes once a point for products with the tangent kernel. */
    double kernelFormingWork() {
        return network.uses().stream()
                .mapToDouble(use -> TangentKernelGraph.formingWork(use, b))
                .sum();
    }

    /**
     * A product with the tangent kernel: as {@link #productWork}, in which half of a layer's work is that of its own share. So first layers
     * count here too as if there were something before them.
     */
    double kernelWork() {
        double saved = network.uses().stream()
                .mapToDouble(use -> 2.0 * b * use.work() - TangentKernelGraph.shareWork(use, b))
                .sum();
        return productWork() - saved;
    }

    /** Bytes of products with the tangent kernel, an upper bound: of a layer its cotangent, its tangent, what moves it and its kernel. */
    long kernelBytes(int width) {
        long total = RootedOutputs.bytes(b, network.outputs(), width) + width * 2 * network.parameterCount();
        for (ParameterUse use : network.uses()) {
            total += width * b * (6 * use.outputLength() + (TangentKernelGraph.isByKernel(use, b) ? b : 0));
        }
        return total;
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
