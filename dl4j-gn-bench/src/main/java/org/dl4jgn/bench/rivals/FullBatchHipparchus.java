package org.dl4jgn.bench.rivals;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.curvature.NetworkResiduals;

/**
 * Hipparchus' Levenberg-Marquardt on all examples at once, with residuals and Jacobian of the same compiled network as this
 * library's; a step is an evaluation of the residuals, with all that comes between it and the one before.
 */
public final class FullBatchHipparchus extends FullBatchLeastSquares {

    /** Trains a network of any updater, which is not used. */
    public FullBatchHipparchus(MultiLayerNetwork net) {
        super(net, FullBatchHipparchus::begun);
    }

    private static Search begun(NetworkResiduals residuals) {
        HipparchusSearch search = new HipparchusSearch(residuals, residuals.start());
        search.next();
        return search;
    }
}
