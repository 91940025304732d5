package org.dl4jgn.bench.rivals;

import java.util.Optional;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.GaussNewton;
import org.dl4jgn.curvature.NetworkResiduals;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.DataSet;

/**
 * Hipparchus' Levenberg-Marquardt on all examples at once, with residuals and Jacobian of the same compiled network as this
 * library's; a step is an evaluation of the residuals, with all that comes between it and the one before.
 */
public final class FullBatchHipparchus implements FullBatch {

    private final MultiLayerNetwork net;
    private final BatchGradient counters;
    private @Nullable NetworkResiduals residuals;
    private @Nullable HipparchusSearch search;

    /** Trains a network of any updater, which is not used. */
    public FullBatchHipparchus(MultiLayerNetwork net) {
        this.net = net;
        counters = new BatchGradient(net, "Levenberg-Marquardt");
    }

    @Override
    public MultiLayerNetwork network() {
        return net;
    }

    /** An evaluation on examples that have to be the same each time. */
    @Override
    public void fit(DataSet examples) {
        if (residuals == null || search == null) {
            residuals = GaussNewton.leastSquares(net, examples.getFeatures(), examples.getLabels());
            search = new HipparchusSearch(residuals, residuals.start());
            search.next();
        }
        double before = search.sumOfSquares();
        search.next();
        if (search.sumOfSquares() < before) {
            residuals.write(search.parameters());
        }
        counters.stepDone(before);
    }

    @Override
    public long passes() {
        return search == null ? 0 : search.evaluations();
    }

    @Override
    public Optional<String> ended() {
        return search == null ? Optional.empty() : search.ended();
    }

    @Override
    public void close() {
        if (search != null) {
            search.close();
        }
        if (residuals != null) {
            residuals.close();
        }
    }
}
